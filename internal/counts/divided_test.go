package counts

import (
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/prop"
)

const dividedMax = 20_000 // schedules: a program that has more is left out

// found are the classes that an exhaustive search finds which is divided into so many shards, by their verdicts' kinds; nil where they are too many, or a
// search does not say that it is complete.
func found(m *scheduler.Machine, p program, shards int) map[string]map[uint64]bool {
	all, runs := map[string]map[uint64]bool{}, 0
	for i := range shards {
		s := scheduler.Exhaustive()(1)
		if shards > 1 {
			s = sharded(i, shards)(1)
		}
		for run, ok := s.Next(); ok; run, ok = s.Next() {
			if runs++; runs > dividedMax {
				return nil
			}
			var locals []local
			var things *shared
			r := m.Run(run, p.body(&locals, &things), scheduler.Options{Steps: 1000})
			if r.Passed {
				continue
			}
			if all[r.Kind] == nil {
				all[r.Kind] = map[uint64]bool{}
			}
			all[r.Kind][r.Class] = true
		}
		if !s.(scheduler.Completer).Complete() {
			return nil
		}
	}
	return all
}

// TestDivided: divided, a search makes no plans across the border between its parts, and runs what can be chosen there instead. It comes to the same classes as the one that is
// not divided, in random programs of which many are too large for brute force.
func TestDivided(t *testing.T) {
	m := scheduler.NewMachine()
	left, classes := 0, 0
	parameters := gopter.DefaultTestParametersWithSeed(*programSeed)
	parameters.MinSuccessfulTests, parameters.Workers = *programCount, 1
	result := prop.ForAll(func(p program) bool {
		one, two := found(m, p, 1), found(m, p, 2)
		if one == nil || two == nil {
			left++
			return true
		}
		for _, kind := range []string{"", scheduler.KindDeadlock, scheduler.KindLeak} { // those that a verdict cuts short are not all run
			classes += len(one[kind])
			if len(one[kind]) != len(two[kind]) {
				return false
			}
			for c := range one[kind] {
				if !two[kind][c] {
					return false
				}
			}
		}
		return true
	}, programs(11, firstOperations(len(operations)))).Check(parameters)
	t.Logf("%d programs, %d of them left out; %d classes", *programCount, left, classes)
	if !result.Passed() {
		t.Errorf("%v", result)
	}
}
