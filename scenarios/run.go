package scenarios

import (
	"fmt"

	"github.com/lastcall-go/lastcall/sim"
)

// A Result is what the exploration of a cell came to.
type Result struct {
	Cell    *Cell
	Verdict Verdict
	Report  *sim.Report
}

// Run explores a cell. Settings that more is said of, as in c.Config, override the cell's.
func (c *Cell) Run(override sim.Config) (*Result, error) {
	cfg := c.Config
	cfg.Name = c.Name()
	if override.Schedules != 0 {
		cfg.Schedules = override.Schedules
	}
	if override.Seed != 0 {
		cfg.Seed = override.Seed
	}
	cfg.Replay = override.Replay
	r, err := cfg.Explore(c.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name(), err)
	}
	v := Clean
	if !r.OK() {
		v = Broken
	}
	return &Result{Cell: c, Verdict: v, Report: r}, nil
}

// AsExpected reports whether the catalogue says so.
func (r *Result) AsExpected() bool {
	if r.Verdict != r.Cell.Expected {
		return false
	}
	if r.Verdict == Broken {
		return r.Report.Failures[0].Kind == r.Cell.Kind
	}
	// A clean verdict of a cell that is to be searched to its end is none while something is left.
	return r.Cell.Config.Strategy == nil || r.Report.Complete
}
