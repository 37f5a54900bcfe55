package scheduler

import (
	"math"
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
	switch {
	case o.Early:
		return math.MaxInt64
	case d&Overtake == 0:
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

func (t *timing) see(since []Event) {
	for i := range since {
		if since[i].Kind == kernel.SynctestWait {
			t.waits.Store(true)
		}
	}
}

func (t *timing) end(o *Outcome) {
	t.see(o.Since)
	if o.Timers > 0 {
		t.timers.Store(true)
	}
}

// rate draws how often a schedule of some k decisions lets the clock overtake: once in so many decisions, 0 for never.
//
// One schedule in four does not, since that is how most programs run; in the others it happens some once to 32 times, as far as the lag goes. A rate
// without regard to the length would be too high for long ones, where each timeout would fire early, or too low for short ones.
// A program without timers has nothing to overtake with, and one that calls synctest.Wait relies on time standing still.
func (t *timing) rate(r *rng, k int) int {
	if v := r.below(8); v < 6 && t.timers.Load() && !t.waits.Load() {
		return max(2, k>>v)
	}
	return 0
}
