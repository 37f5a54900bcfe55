package scenarios

import (
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// A Verdict is what the exploration of a cell comes to.
type Verdict string

const (
	Clean  Verdict = "clean"  // no schedule failed
	Broken Verdict = "broken" // a schedule failed
)

// A Cell is one scenario on one implementation.
type Cell struct {
	Scenario       string
	Implementation string
	What           string // what is run, in a few words
	Expected       Verdict
	Kind           sim.Kind // of the failure expected
	Source         string   // why that is expected
	Config         sim.Config
	Body           func(t *sim.T)
}

// Name names the cell's exploration in tokens.
func (c *Cell) Name() string { return c.Scenario + "/" + c.Implementation }

// Cells returns the catalogue.
func Cells() []*Cell {
	return []*Cell{
		{
			Scenario: "question", Implementation: "asyncio 2015", What: "5 calls, one fails, cancel the rest, stop, close",
			Expected: Broken, Kind: sim.Assertion,
			Source: "python/asyncio#258, bpo-33469: a worker that was running posts its result to the closed loop",
			Body:   question,
		},
		{
			Scenario: "wait, then close", Implementation: "asyncio 2015", What: "2 calls told to stop by a flag, wait for all, close",
			Expected: Clean,
			Source:   "the first answer: nothing is cancelled, so every result has been delivered before the loop is closed",
			Config:   sim.Config{Strategy: scheduler.Exhaustive(scheduler.Preemptions(2)), Schedules: 10_000_000},
			Body:     waitThenClose,
		},
		{
			Scenario: "no close", Implementation: "asyncio 2015", What: "5 calls, one fails, cancel the rest, leave it all",
			Expected: Broken, Kind: sim.Leak,
			Source: "nothing is posted to a closed loop, and the loop's workers are left behind",
			Body:   noClose,
		},
	}
}
