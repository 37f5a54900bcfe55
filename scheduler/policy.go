package scheduler

import "github.com/lastcall-go/lastcall/internal/kernel"

// nobody is the goroutine of the last step where there is none.
const nobody G = -2

const (
	spinMax = 32   // steps of one goroutine on end that change nothing: it spins
	idleMax = 1024 // steps of anybody on end that change nothing: they all spin
)

// policy is the default: go on with the same goroutine while it can, else take the first choice.
// Whatever is recorded is recorded as departures from it, so a schedule with few preemptions has a short token.
// It belongs to the token's format: another policy needs another version.
//
// A goroutine that yields (Gosched) or spins makes way for the next one, so that the default is fair.
type policy struct {
	cur     G     // whose step was the last one; nobody at the start and after the clock has moved
	yielded bool  // that step was a Gosched
	spin    int32 // steps of cur on end that changed nothing
	idle    int32 // steps of anybody on end that changed nothing
}

func (p *policy) reset() { *p = policy{cur: nobody} }

// see follows what was carried out.
func (p *policy) see(since []Event) {
	for i := range since {
		e := &since[i]
		switch {
		case e.Flags&Also != 0:
		case e.Kind == kernel.TimerFire:
			p.idle = 0 // no time has passed: the turn is still the same goroutine's
		case e.G == Clock:
			// Time has passed: whoever goes next, it is no preemption.
			p.reset()
		case changes(e):
			p.cur, p.yielded, p.spin, p.idle = e.G, false, 0, 0
		default:
			if p.cur != e.G {
				p.spin = 0
			}
			p.cur, p.yielded = e.G, e.Kind == kernel.Gosched
			p.spin++
			p.idle++
		}
	}
}

// yields reports whether the goroutine of the last step makes way.
func (p *policy) yields() bool { return p.yielded || p.spin >= spinMax }

// choose returns the default's choice.
func (p *policy) choose(choices []Choice) int {
	if p.idle >= idleMax {
		return p.turn(choices)
	}
	i := find(choices, p.cur)
	if i < 0 {
		return 0
	}
	if p.yields() {
		return p.after(choices)
	}
	return i
}

// after returns the first choice of the goroutine that comes next in turn; the clock has none.
func (p *policy) after(choices []Choice) int {
	for i := range choices {
		if choices[i].G > p.cur {
			return i
		}
	}
	return 0
}

// turn lets the clock have its turn as well: where all spin, they may be waiting for time to pass.
func (p *policy) turn(choices []Choice) int {
	if i := find(choices, Clock); i >= 0 {
		return i
	}
	return p.after(choices)
}

// preempts reports whether choice i takes the turn from a goroutine that could go on.
func (p *policy) preempts(choices []Choice, i int) bool {
	g := choices[i].G
	return g != p.cur && g != Clock && !p.yields() && find(choices, p.cur) >= 0
}

// find returns g's first choice, or -1.
func find(choices []Choice, g G) int {
	for i := range choices {
		if choices[i].G == g {
			return i
		}
	}
	return -1
}

// alternatives returns how many choices from i on are the same goroutine's.
func alternatives(choices []Choice, i int) int {
	n := 1
	for i+n < len(choices) && choices[i+n].G == choices[i].G {
		n++
	}
	return n
}

// goroutines returns how many of the choices are not the clock's, which come last.
func goroutines(choices []Choice) int {
	n := len(choices)
	for n > 0 && choices[n-1].G == Clock {
		n--
	}
	return n
}

// rank numbers choice i with the default first, then the others in order.
func rank(i, def int) int {
	switch {
	case i == def:
		return 0
	case i < def:
		return i + 1
	}
	return i
}

// unrank is the inverse of rank.
func unrank(rank, def int) int {
	switch {
	case rank == 0:
		return def
	case rank <= def:
		return rank - 1
	}
	return rank
}
