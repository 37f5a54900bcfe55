package counts

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/prop"
)

var (
	programCount = flag.Int("programs", 1000, "how many random programs to hold the search to brute force with")
	programSeed  = flag.Int64("programseed", 1, "what they are drawn with")
)

const oracleMax = 10_000 // schedules: a program that has more is left out

// end is how a schedule ended, as far as others of its class must agree with it.
type end struct {
	verdict string
	saw     string
}

// tally is what a search ran: the classes that were run to their end, and the verdicts that cut others short.
type tally struct {
	classes map[uint64]end
	cut     map[string]bool
	runs    int
	odd     string // what should not be
}

// search runs all schedules of a strategy, or gives up at most.
func search(m *scheduler.Machine, make scheduler.Maker, p program, most int) (*tally, bool) {
	s := make(1)
	t := &tally{classes: map[uint64]end{}, cut: map[string]bool{}}
	for {
		run, ok := s.Next()
		if !ok {
			break
		}
		if t.runs++; t.runs > most {
			return t, false
		}
		var all []local
		r := m.Run(run, p.body(&all), scheduler.Options{Steps: 1000})
		switch r.Kind {
		case "", scheduler.KindDeadlock, scheduler.KindLeak:
			var saw strings.Builder
			for i := range all {
				fmt.Fprint(&saw, all[i].saw)
			}
			e := end{r.Kind, saw.String()}
			if was, ok := t.classes[r.Class]; ok && was != e {
				t.odd = fmt.Sprintf("class %x ends with %v and with %v", r.Class, was, e)
			}
			t.classes[r.Class] = e
		case scheduler.KindDivergence:
			t.odd = r.Divergence.Error()
		default:
			t.cut[r.Kind+": "+r.Message] = true
		}
	}
	if c := s.(scheduler.Completer); !c.Complete() {
		t.odd += " not complete"
	}
	return t, true
}

// TestRandomPrograms: of every class of every program that is small enough for brute force a schedule is run, with the same verdict, and
// whatever the order of independent steps, the goroutines see the same. In fewer than one program in a hundred a class is begun a second time
// (docs/reduction.md tells when).
func TestRandomPrograms(t *testing.T) {
	m := scheduler.NewMachine()
	skipped, classes, runs, again := 0, 0, 0, 0
	check := func(p program) (bool, error) {
		want, ok := search(m, scheduler.DepthFirst(), p, oracleMax)
		if !ok {
			skipped++
			return true, nil
		}
		if want.odd != "" {
			return false, fmt.Errorf("brute force: %s", want.odd)
		}
		got, _ := search(m, scheduler.Exhaustive(), p, 1<<30)
		if got.odd != "" {
			return false, fmt.Errorf("%s", got.odd)
		}
		for c, e := range want.classes {
			if got.classes[c] != e {
				return false, fmt.Errorf("class %x, %v, of %d is not run", c, e, len(want.classes))
			}
		}
		if len(got.classes) != len(want.classes) || !maps.Equal(want.cut, got.cut) {
			return false, fmt.Errorf("%d classes of %d; verdicts %v, not %v", len(got.classes), len(want.classes),
				slices.Sorted(maps.Keys(got.cut)), slices.Sorted(maps.Keys(want.cut)))
		}
		if len(want.cut) == 0 && got.runs != len(got.classes) {
			again++
			if again > 1+*programCount/100 {
				return false, fmt.Errorf("%d runs for %d classes", got.runs, len(got.classes))
			}
		}
		classes, runs = classes+len(got.classes), runs+got.runs
		return true, nil
	}
	parameters := gopter.DefaultTestParametersWithSeed(*programSeed)
	parameters.MinSuccessfulTests, parameters.Workers = *programCount, 1
	result := prop.ForAll(func(p program) (bool, error) {
		ok, err := check(p)
		if ok {
			err = nil
		}
		return ok, err
	}, programs(7)).Check(parameters)
	t.Logf("%d programs, %d of them left out; %d classes in %d runs; %d programs with runs to spare", *programCount, skipped, classes, runs, again)
	if !result.Passed() {
		t.Errorf("%v", result)
		for _, a := range result.Args {
			p := a.Arg.(program)
			_, err := check(p)
			t.Errorf("%v: %v", p, err)
		}
	}
}
