package scheduler

import (
	"fmt"
	"slices"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// A Recorder passes the decisions of a run through and keeps them. Its zero value is ready for [Recorder.Record].
type Recorder struct {
	run    Run
	policy policy
	last   G
	picks  []Pick
	cost   Cost
	alike  uint64
}

// Cost is what makes one failing schedule better than another: it is easier to understand.
type Cost struct {
	Preemptions int // turns taken from a goroutine that could go on, by another or by the clock
	Switches    int // steps that are another goroutine's than the one before
	Steps       int
}

// Less compares preemptions first, then switches, then steps.
func (c Cost) Less(d Cost) bool {
	if c.Preemptions != d.Preemptions {
		return c.Preemptions < d.Preemptions
	}
	if c.Switches != d.Switches {
		return c.Switches < d.Switches
	}
	return c.Steps < d.Steps
}

var (
	_ Diverger = (*Recorder)(nil)
	_ Drawer   = (*Recorder)(nil)
)

// Record forgets what r holds and returns r, which makes the decisions that run makes.
func (r *Recorder) Record(run Run) Run {
	r.run, r.last, r.picks, r.cost, r.alike = run, nobody, r.picks[:0], Cost{}, 0
	r.policy.reset()
	return r
}

// RecordSearch is Record for a run of a search that knows when it has tried everything. All of its runs draw alike, what the seed says: seed 1 what they draw where nothing
// is said.
func (r *Recorder) RecordSearch(run Run, seed uint64) Run {
	r.Record(run)
	if seed != 1 {
		r.alike = mix(seed) &^ Overtake
	}
	return r
}

// Schedule returns a copy of the decisions recorded.
func (r *Recorder) Schedule(name string) *Schedule {
	return &Schedule{Name: name, Draws: r.Draws(), Picks: slices.Clone(r.picks)}
}

// Draws tells what the run recorded says, or what all runs of its search draw.
func (r *Recorder) Draws() uint64 { return draws(r.run) | r.alike }

// Locates tells what the run recorded says.
func (r *Recorder) Locates() bool { return locates(r.run) }

func locates(r Run) bool {
	l, ok := r.(Locator)
	return ok && l.Locates()
}

// draws is what a run seeds the goroutines' random streams with.
func draws(r Run) uint64 {
	if d, ok := r.(Drawer); ok {
		return d.Draws()
	}
	return 0
}

// Cost returns the run's, once it has ended.
func (r *Recorder) Cost() Cost { return r.cost }

// Pick passes the decision on and notes what came of it.
func (r *Recorder) Pick(d *Decision) int {
	r.see(d.Since)
	i := r.run.Pick(d)
	if i == Stop {
		return Stop
	}
	if i < 0 || i >= len(d.Choices) {
		panic(fmt.Sprintf("scheduler: %T picked choice %d of %d", r.run, i, len(d.Choices)))
	}
	def := r.policy.choose(d.Choices)
	r.picks = append(r.picks, Pick{Rank: uint32(rank(i, def)), Sum: d.byteHash(i)})
	if r.policy.preempts(d.Choices, i) || d.Choices[i].Kind == kernel.ClockMove && d.Choices[0].G != Clock {
		r.cost.Preemptions++
	}
	return i
}

// see counts switches.
func (r *Recorder) see(since []Event) {
	r.policy.see(since)
	for i := range since {
		if g := since[i].G; g != r.last {
			if r.last != nobody {
				r.cost.Switches++
			}
			r.last = g
		}
	}
}

// End passes the outcome on.
func (r *Recorder) End(o *Outcome) {
	r.see(o.Since)
	r.cost.Steps = o.Steps
	r.run.End(o)
}

// Passed tells what the run recorded says.
func (r *Recorder) Passed() bool { return passed(r.run) }

func (r *Recorder) diverged() bool { return r.Diverged() != nil }

// Diverged tells what the run recorded says.
func (r *Recorder) Diverged() *Divergence {
	if d, ok := r.run.(Diverger); ok {
		return d.Diverged()
	}
	return nil
}
