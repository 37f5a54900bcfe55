package scenarios

import (
	"fmt"

	"github.com/lastcall-go/lastcall/sim"
)

// A Result is what the exploration of a cell came to.
type Result struct {
	Cell     *Cell
	Verdict  Verdict
	Strategy string // with its bounds
	Report   *sim.Report
}

// Run explores a cell. What override sets takes the place of the cell's own. Where watch is not nil it is called as each schedule
// begins, with its 1-based number.
func (c *Cell) Run(override sim.Config, watch func(schedule int)) (*Result, error) {
	cfg := c.Config
	cfg.Name = c.Name()
	if override.Schedules != 0 {
		cfg.Schedules = override.Schedules
	}
	if override.Seed != 0 {
		cfg.Seed = override.Seed
	}
	cfg.Replay = override.Replay
	w := &watched{call: watch}
	cfg.Strategy = w.wrap(cfg.Strategy)
	r, err := cfg.Explore(c.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name(), err)
	}
	if r.Schedules == 0 && r.Stopped != sim.Interrupt {
		return nil, fmt.Errorf("%s: no schedule was run, so there is no verdict (is SIM_REPLAY set?)", c.Name())
	}
	v := Clean
	if !r.OK() {
		v = Broken
	}
	return &Result{Cell: c, Verdict: v, Strategy: w.name(r.Strategy), Report: r}, nil
}

// AsExpected reports whether the catalogue says so.
func (r *Result) AsExpected() bool { return r.Difference() == "" }

// Difference says how the result is not what the catalogue states, or "".
func (r *Result) Difference() string {
	c := r.Cell
	switch {
	case r.Verdict != c.Expected:
		return fmt.Sprintf("%s where %s was expected", r.Verdict, c.Expected)
	case r.Verdict == Broken && r.Report.Failures[0].Kind != c.Kind:
		return fmt.Sprintf("%s where %s was expected", r.Report.Failures[0].Kind, c.Kind)
	case r.Verdict == Clean && c.Complete && !r.Report.Complete:
		return "not explored to the end"
	}
	return ""
}
