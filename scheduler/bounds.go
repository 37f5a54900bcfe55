package scheduler

import (
	"fmt"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// A Bound limits an exhaustive search to schedules that cost at most so much.
type Bound struct {
	name string
	max  int
	cost func(p *policy, choices []Choice, i int) int // of choice i
}

func (b Bound) String() string { return fmt.Sprintf("%s(%d)", b.name, b.max) }

// Preemptions bounds how often a goroutine that could go on is made to wait for another
// (Musuvathi, Qadeer: Iterative Context Bounding, PLDI 2007). Going on elsewhere costs nothing where the goroutine of the last
// step cannot go on, has yielded, or spins; nor do the alternatives of that goroutine and moves of the clock.
func Preemptions(n int) Bound { return newBound("Preemptions", n, preemptionCost) }

// Delays bounds how many goroutines that could go on are passed over, in the order in which they were started,
// from the goroutine of the last step round (Emmi, Qadeer, Rakamarić: Delay-Bounded Scheduling, POPL 2011).
func Delays(n int) Bound { return newBound("Delays", n, delayCost) }

// ClockMoves bounds how often the clock overtakes goroutines that could go on. A search that is not given it has ClockMoves(0):
// time passes when nothing else can happen. A timer that is due may fire at any moment, for that no time has to pass.
func ClockMoves(n int) Bound { return newBound("ClockMoves", n, clockCost) }

func newBound(name string, n int, cost func(*policy, []Choice, int) int) Bound {
	if n < 0 {
		panic(fmt.Sprintf("scheduler: %s(%d): a bound is 0 or more", name, n))
	}
	return Bound{name: name, max: n, cost: cost}
}

func preemptionCost(p *policy, choices []Choice, i int) int {
	if p.preempts(choices, i) {
		return 1
	}
	return 0
}

func clockCost(p *policy, choices []Choice, i int) int {
	if choices[i].Kind == kernel.ClockMove && choices[0].G != Clock && p.idle < idleMax {
		return 1
	}
	return 0
}

func delayCost(p *policy, choices []Choice, i int) int {
	if choices[i].G == Clock {
		return 0
	}
	from := p.cur // the turn is its own
	if p.yields() {
		from++ // or the next one's
	}
	cost := 0
	for j := range goroutines(choices) {
		if (j == 0 || choices[j].G != choices[j-1].G) && choices[j].G != choices[i].G && between(from, choices[j].G, choices[i].G) {
			cost++
		}
	}
	return cost
}

// between reports whether g's turn is before h's, where the turns begin with from.
func between(from, g, h G) bool {
	if (g >= from) != (h >= from) {
		return g >= from
	}
	return g < h
}
