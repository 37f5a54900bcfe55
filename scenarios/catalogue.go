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

// A Cell is one scenario, what the program does, on one implementation, how the loop and its workers hand results over.
type Cell struct {
	Scenario       string
	Implementation string
	What           string // what is run, in a few words
	Expected       Verdict
	Kind           sim.Kind // of the failure expected
	Complete       bool     // a clean verdict counts only if nothing within the strategy's bounds is left to run
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
			Scenario: "question", Implementation: "asyncio 2015", What: "5 calls, 1 fails; cancel, stop, close",
			Expected: Broken, Kind: sim.Assertion,
			Source: "python/asyncio#258, bpo-33469: a worker that was running posts its result to the closed loop",
			Body:   question,
		},
		{
			Scenario: "wait, then close", Implementation: "asyncio 2015", What: "2 calls, 1 fails; set a flag, wait, close",
			Expected: Clean, Complete: true,
			Source: "the first answer: nothing is cancelled, so every result has arrived before the loop is closed",
			Config: sim.Config{Strategy: scheduler.Exhaustive(scheduler.Preemptions(2)), Schedules: 10_000_000},
			Body:   waitThenClose,
		},
		{
			Scenario: "no close", Implementation: "asyncio 2015", What: "5 calls, 1 fails; cancel, stop",
			Expected: Broken, Kind: sim.Leak,
			Source: "nothing is posted to a closed loop, and the pool's threads are left behind",
			Body:   noClose,
		},
	}
}

// Find returns the cell of that name, or nil.
func Find(name string) *Cell {
	for _, c := range Cells() {
		if c.Name() == name {
			return c
		}
	}
	return nil
}
