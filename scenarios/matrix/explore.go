package matrix

import (
	"errors"
	"fmt"
	"slices"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// How a cell is explored. Budgets are in schedules, never in time, so that a verdict does not hang on the machine.
const (
	preemptionsMax = 2         // of a search that would be too much without a bound
	schedulesMax   = 60_000    // of a search with a bound
	classSteps     = 2_000_000 // steps of a search without one, which runs each class of schedules once
	randomSeeds    = 20        // of the default portfolio
	randomMax      = 200       // schedules for each seed
)

// ErrInterrupted says that the process was asked to stop before there was a verdict.
var ErrInterrupted = errors.New("interrupted")

// Options override how cells are explored. The zero value is the catalogue's way.
type Options struct {
	Schedules int    // of one search at most
	Seed      uint64 // of the random schedules
	Watch     func(schedule int)
}

// A Result is what the exploration of a cell came to.
type Result struct {
	Cell        *Cell
	Verdict     Verdict
	Oracles     []Oracle // of a broken cell: all that fail at the least number of preemptions that shows a failure
	Preemptions int      // that number, of a broken cell; of a lossy one the least at which something is lost
	Failures    []*sim.Failure
	Lost        int // the most that was lost in one schedule, callbacks and results of jobs
	LostIn      int // schedules in which something was lost, of a lossy cell
	Schedules   int
	Steps       int64
	Complete    bool // the search was complete within Bound, for each program of the row
	Bound       int  // preemptions; -1 where the search was complete without a bound
	Random      Random
}

// Random is how the default portfolio fares, over several seeds.
type Random struct {
	Seeds, Found int     // of so many seeds, so many found a failure or a loss
	Mean         float64 // schedules to it, over those that found one
}

// search is one part's exploration, or several parts' put together.
type search struct {
	opts Options
	n    int // schedules begun
	Result
}

// Run explores a cell.
func (c *Cell) Run(opts Options) (*Result, error) {
	if c.Expected.Verdict == NA {
		return &Result{Cell: c, Verdict: NA}, nil
	}
	all := &Result{Cell: c, Verdict: Clean, Complete: true, Bound: -1}
	s := &search{opts: opts}
	for i := range c.parts {
		s.Result = Result{Cell: c, Verdict: Clean, Bound: -1}
		if err := s.part(&c.parts[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", c.parts[i].name, err)
		}
		all.add(&s.Result)
	}
	return all, nil
}

// part explores one program of the cell's row: with no preemption and with one, without a bound, and where that is too much with two. So what
// fails is shown with the fewest preemptions that there are. If nothing does and something was lost, losses are failures then.
func (s *search) part(p *part) error {
	lost, err := s.all(p)
	if err != nil {
		return err
	}
	s.Lost = lost.most
	if s.Verdict == Clean && lost.schedules > 0 {
		if err := s.lossy(p); err != nil {
			return err
		}
		s.LostIn = lost.schedules
	}
	return s.random(p)
}

func (s *search) all(p *part) (*losses, error) {
	lost := new(losses)
	for n := 0; n < preemptionsMax; n++ {
		if done, err := s.bounded(p, n, false, lost); done || err != nil {
			return lost, err
		}
	}
	classes := classSteps * s.Schedules / int(s.Steps)
	r, err := s.explore(p, sim.Config{Strategy: scheduler.Exhaustive(), Schedules: classes}, false, lost)
	if err != nil {
		return nil, err
	}
	if r.OK() && r.Complete {
		s.Complete, s.Bound = true, -1
		return lost, nil
	}
	if limit := s.Cell.Expected.Bound; limit == 0 || limit >= preemptionsMax || !r.OK() {
		if done, err := s.bounded(p, preemptionsMax, false, lost); done || err != nil || r.OK() {
			return lost, err
		}
	} else {
		return lost, nil // more is not affordable, and not claimed
	}
	s.broken(r.Failures[0].Preemptions, r) // it takes more than that
	return lost, nil
}

// bounded searches among the schedules with at most n preemptions, and reports whether the search for failures is over.
func (s *search) bounded(p *part, n int, strict bool, lost *losses) (done bool, err error) {
	*lost = losses{most: lost.most}
	r, err := s.explore(p, sim.Config{
		Strategy: scheduler.Exhaustive(scheduler.Preemptions(n)), Schedules: schedulesMax, KeepGoing: !s.Cell.first && !strict,
	}, strict, lost)
	switch {
	case err != nil:
		return false, err
	case !r.OK():
		s.broken(n, r)
		return true, nil
	case !r.Complete:
		return false, nil
	}
	s.Complete, s.Bound = true, n
	if !r.Bounded {
		s.Bound = -1
	}
	return !r.Bounded, nil
}

// lossy looks for the loss that takes the fewest preemptions.
func (s *search) lossy(p *part) error {
	bound, complete := s.Bound, s.Complete
	for n := 0; n <= preemptionsMax && s.Verdict == Clean; n++ {
		if _, err := s.bounded(p, n, true, new(losses)); err != nil {
			return err
		}
	}
	s.Verdict, s.Oracles, s.Bound, s.Complete = Lossy, nil, bound, complete
	return nil
}

// broken takes up the failures of a search that allowed n preemptions.
func (s *search) broken(n int, r *sim.Report) {
	s.Verdict, s.Preemptions, s.Complete, s.Bound = Broken, n, r.Complete, n
	for _, f := range r.Failures {
		if o := oracleOf(f); !slices.Contains(s.Oracles, o) {
			s.Oracles = append(s.Oracles, o)
			s.Failures = append(s.Failures, f)
		}
	}
	slices.Sort(s.Oracles)
}

// random runs the default portfolio with several seeds, each until it has found something.
func (s *search) random(p *part) error {
	seed := s.opts.Seed
	if seed == 0 {
		seed = 1
	}
	each := &perSeed{maker: scheduler.Portfolio, seed: seed, seeds: randomSeeds, max: randomMax}
	if s.opts.Schedules > 0 {
		each.max = min(each.max, s.opts.Schedules)
	}
	r, err := s.explore(p, sim.Config{
		Strategy: each.strategy, Schedules: each.seeds * each.max, KeepGoing: true,
	}, s.Verdict == Lossy, new(losses))
	if err != nil {
		return err
	}
	s.Random = each.figures()
	if !r.OK() && s.Verdict == Clean { // beyond the bound
		s.broken(r.Failures[0].Preemptions, r)
		s.Complete = false
	}
	return nil
}

// explore runs one exploration of a part.
func (s *search) explore(p *part, cfg sim.Config, strict bool, lost *losses) (*sim.Report, error) {
	cfg.Name = p.name
	cfg.Seed = s.opts.Seed
	if s.opts.Schedules > 0 {
		cfg.Schedules = min(cfg.Schedules, s.opts.Schedules)
	}
	w := &watched{n: &s.n, call: s.opts.Watch, lost: lost}
	cfg.Strategy = w.wrap(cfg.Strategy)
	r, err := cfg.Explore(p.body(strict, lost))
	if err != nil {
		return nil, err
	}
	if r.Stopped == sim.Interrupt {
		return nil, ErrInterrupted
	}
	if r.Schedules == 0 {
		return nil, fmt.Errorf("no schedule was run, so there is no verdict (is SIM_REPLAY set?)")
	}
	s.Schedules += r.Schedules
	s.Steps += r.Steps
	return r, nil
}

// Replay runs the one schedule of a token of the cell's, with losses as failures.
func (c *Cell) Replay(name, token string) (*sim.Report, error) {
	p := c.part(name)
	if p == nil {
		return nil, fmt.Errorf("%s has no exploration %q", c.Name(), name)
	}
	return sim.Config{Name: name, Replay: token}.Explore(p.body(true, new(losses)))
}
