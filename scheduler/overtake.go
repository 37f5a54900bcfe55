package scheduler

import (
	"sync/atomic"
	"time"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// Overtake is set in what a [Drawer] says where the clock may overtake goroutines in that schedule: it may move to the next timer although
// something else can be carried out, by [Options.Lag] in all. A slow goroutine is one that others overtake in time.
//
// It is part of what a schedule draws, and so of its token, since a decision then lists choices that it does not list otherwise. In a schedule
// that does without, a step without an alternative stays one although timers are pending.
const Overtake = 1 << 63

// lag is how far the clock may overtake in a schedule that draws d.
func lag(d uint64, o Options) time.Duration {
	if d&Overtake == 0 {
		return 0
	}
	return o.Lag
}

// Draws lets the clock overtake where a bound on its moves allows any.
func (r *search) Draws() uint64 {
	for _, b := range r.of.bounds {
		if b.name == "ClockMoves" && b.max > 0 {
			return Overtake
		}
	}
	return 0
}

var _ Drawer = (*search)(nil)

// timing is what earlier schedules have shown of how a program uses the clock.
type timing struct {
	timers atomic.Bool // it has timers
	waits  atomic.Bool // it calls synctest.Wait, and so says itself when time is to pass
}

func (t *timing) see(d *Decision) {
	if d.Choices[len(d.Choices)-1].G == Clock {
		t.timers.Store(true)
	}
	t.seeEvents(d.Since)
}

func (t *timing) seeEvents(since []Event) {
	for i := range since {
		switch k := since[i].Kind; {
		case k == kernel.SynctestWait:
			t.waits.Store(true)
		case uses[k].Time != Unused:
			t.timers.Store(true)
		}
	}
}

// rate draws how often schedule number n of some k decisions lets the clock overtake: once in so many decisions, 0 for never.
//
// Half of the schedules do not, since that is how most programs run; in the others it happens some once to eight times. A rate
// without regard to the length would be too high for long ones, where each timeout would fire early, or too low for short ones.
// A program that calls synctest.Wait relies on time standing still, so there it never does.
//
// That a program has timers shows only where one fires or could: those of contexts are the standard library's own business.
// So where none was seen the second schedule tries, and then one in sixteen.
func (t *timing) rate(r *rng, n uint64, k int) int {
	v := r.below(16)
	switch {
	case t.waits.Load() || n == 0:
		return 0
	case t.timers.Load() && v < 8:
		return max(2, k>>(v/2))
	case !t.timers.Load() && (v == 0 || n == 1):
		return max(2, k)
	}
	return 0
}
