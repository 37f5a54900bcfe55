package scheduler

import "strings"

// Gaps are why a search that has come to its end is not complete.
type Gaps uint16

const (
	StepsCut    Gaps = 1 << iota // the step limit cut a schedule
	Spins                        // goroutines poll, and there is no end to how often they could
	HiddenWait                   // an operation inside the standard library had to wait, for what is hidden in steps of others
	Guessed                      // how a step would turn out in another order was guessed, it turned out otherwise, and that mattered
	Diverges                     // a schedule did not do what it had done before
	Astray                       // what was planned could not be carried out: a fault of the search
	Selects                      // the parsimonious search met a select of several cases
	ManyJoins                    // it met a WaitGroup.Wait that could come before too many sets of additions
	OtherShards                  // a counter could fall below zero, so that steps depend on each other here that do not in the other shards
)

var gapWords = [...]string{
	"the step limit cut a schedule",
	"goroutines poll, and there is no end to how often they could",
	"an operation inside the standard library had to wait",
	"how a step turns out in another order was guessed wrongly",
	"a schedule did not do what it had done before",
	"what was planned could not be carried out, which is a fault of the search",
	"this search may lose classes where a select has several cases",
	"a WaitGroup.Wait could come before more sets of additions than are tried",
	"the counter of a WaitGroup or RWMutex could fall below zero, which the other shards have not taken into account",
}

// String says it in words, in the order of the constants.
func (g Gaps) String() string {
	var all []string
	for i, w := range gapWords {
		if g&(1<<i) != 0 {
			all = append(all, w)
		}
	}
	return strings.Join(all, "; ")
}

// A Gapped is a Completer that says why it is not complete, where it has come to its end.
type Gapped interface {
	Completer
	Gaps() Gaps // zero if it is complete, or has not come to its end
}

// gapsOf are those that a run's end shows.
func gapsOf(o *Outcome, diverged *Divergence) (g Gaps) {
	if o.Cut {
		g |= StepsCut
	}
	if diverged != nil {
		g |= Diverges
	}
	return g
}

func gapIf(yes bool, g Gaps) Gaps {
	if yes {
		return g
	}
	return 0
}
