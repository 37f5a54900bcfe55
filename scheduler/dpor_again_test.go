package scheduler

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// straying goes along the picks of the last run for a while, and then its own way.
type straying struct {
	r     *rand.Rand
	picks []int
	leave int
	at    int
	take  func(since []Event, decisions int)
}

func (s *straying) Pick(d *Decision) int {
	s.take(d.Since, s.at)
	if s.at >= s.leave || s.at >= len(s.picks) || s.picks[s.at] >= len(d.Choices) {
		s.picks = append(s.picks[:s.at], s.r.IntN(len(d.Choices)))
	}
	s.at++
	return s.picks[s.at-1]
}

func (s *straying) End(o *Outcome) { s.take(o.Since, s.at) }

// TestAgainRandom: an execution that keeps what it can of the last run is what one is that is made of this run's events alone.
func TestAgainRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	kept, taken := 0, 0
	for range *modelCount / 30 {
		models := []*model{failingModel(r), mixedModel(r), withMain(mixedModel(r))}
		names := newNames()
		var x execution
		run := &straying{r: r}
		for range 30 {
			m := models[0]
			if r.IntN(10) == 0 {
				m = models[r.IntN(3)] // another program: nothing may be taken for granted
			}
			if r.IntN(8) == 0 {
				names.coarse[int32(2+r.IntN(3))] = true
				x.forget()
			}
			x.reset(&names)
			var alone execution
			alone.reset(&names)
			run.at, run.leave = 0, r.IntN(8)
			run.take = func(since []Event, decisions int) {
				for i := range since {
					since[i].Quiet = mix(since[i].ID+uint64(since[i].N))%6 == 0 // everything depends on it
				}
				n := len(x.steps)
				x.take(since, nil, decisions)
				if x.ahead > 0 {
					kept += len(x.steps) - n
				}
				taken += len(x.steps) - n
				alone.take(since, nil, decisions)
			}
			newMachine(m).run(run)
			if r.IntN(4) == 0 {
				continue // nobody looked at it
			}
			x.cut()
			if got, want := essence(&x), essence(&alone); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s:\n%+v\nand alone\n%+v", m.name, got, want)
			}
		}
	}
	if kept < taken/10 {
		t.Errorf("%d of %d steps are kept", kept, taken)
	}
	t.Logf("%d of %d steps are kept", kept, taken)
}

// essence is what there is to see of an execution.
func essence(x *execution) (all []any) {
	known := func(v vector) vector {
		for len(v) > 0 && v[len(v)-1] == 0 {
			v = v[:len(v)-1]
		}
		return append(vector(nil), v...)
	}
	for _, s := range x.steps {
		s.before, s.clock = known(s.before), known(s.clock)
		all = append(all, s)
	}
	for p, q := range x.procs {
		if q.last >= 0 {
			all = append(all, []any{p, q})
		}
	}
	for o, h := range x.objs {
		if len(h.used) > 0 {
			all = append(all, []any{o, append([]access(nil), h.used...), h.mode, known(h.older), known(h.block)})
		}
	}
	for o, s := range x.states {
		if s != (objState{}) {
			all = append(all, []any{o, s})
		}
	}
	for g := range x.byG {
		all = append(all, x.lastOf(G(g)))
	}
	for len(all) > 0 && all[len(all)-1] == any(int32(-1)) {
		all = all[:len(all)-1]
	}
	return append(all, x.wall, len(x.wakes), append([]use(nil), x.uses...), append([]selectCase(nil), x.cases...), append([]Event(nil), x.events...))
}
