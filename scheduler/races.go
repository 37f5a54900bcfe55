package scheduler

import "github.com/lastcall-go/lastcall/internal/kernel"

// finder finds in a run what could have been otherwise. The searches that reduce share it; what they make of it is theirs.
type finder struct {
	names names
	nodes []*node // the decisions of the run
	run   execution
	again bool // the search has to begin anew: a WaitGroup's or a RWMutex's counter could fall below zero
	to    reverser
	at    int32 // the step that is looked at; the run's length for what waited at its end

	// join, where it is set, is told of each WaitGroup.Wait in place of the steps that it could be carried out before: its process knows before, u is its use
	// of the WaitGroup.
	join func(a *act, before vector, u use, local Obj)

	one  act     // room for the step that is looked at
	mine []use   // for a step's uses
	with []int32 // and for the steps that it races with
}

// reverser is told what could have been otherwise. Acts are valid until the next run.
type reverser interface {
	// instead: a could have been chosen in place of step i. The two exclude each other.
	instead(i int32, a act)

	// otherCase: likewise, another case of the select that step i is.
	otherCase(i int32, a *act)

	// reverse: a could have been carried out before step i, along with what comes after i and does not depend on it; where past is given only with as much of that as past
	// knows. It cannot come before what needs knows, which is all that it depends on.
	reverse(i int32, a *act, past, needs vector)
}

// look goes through the run from step from on, and through what waited at its end. Alternatives are looked for from step fresh on,
// and what is settled is passed over before it.
// It reports whether goroutines spin.
func (s *finder) look(o *Outcome, from, fresh int32) (spins bool) {
	x := &s.run
	x.cut()
	for j := from; j < x.shown; j++ {
		if j < fresh && x.steps[j].settled {
			continue
		}
		s.at, x.loose = j, false
		if n := x.steps[j].node; n >= 0 {
			switch k := x.steps[j].kind; {
			case k == kernel.Select || k == kernel.TrySelect:
				s.otherCases(s.nodes[n], j)
			case j >= fresh:
				s.alternatives(s.nodes[n], j)
				x.loose = false // they are looked for once
			}
			s.unfired(s.nodes[n], j)
		}
		if x.steps[j].idle >= spinMax {
			spins = true // no end to how often it could
			continue
		}
		s.races(j)
		x.steps[j].settled = !x.loose
	}
	s.at = int32(len(x.steps))
	for i := range o.Pending {
		s.waiting(&o.Pending[i], o.Homes)
	}
	s.groups()
	return spins
}
