package matrix

import (
	"github.com/lastcall-go/lastcall/scheduler"
)

// watched is a strategy that tells of each schedule as it begins, counting on from those before it.
type watched struct {
	scheduler.Strategy
	n    *int
	call func(schedule int)
	lost *losses
}

var _ scheduler.Unwrapper = (*watched)(nil)

// wrap makes w the strategy around m's.
func (w *watched) wrap(m scheduler.Maker) scheduler.Maker {
	return func(seed uint64) scheduler.Strategy {
		w.Strategy = m(seed)
		return w
	}
}

// Next returns the next run of the strategy within.
func (w *watched) Next() (scheduler.Run, bool) {
	run, ok := w.Strategy.Next()
	if ok {
		w.lost.arm()
		if *w.n++; w.call != nil {
			w.call(*w.n)
		}
	}
	return run, ok
}

// Unwrap returns the strategy within.
func (w *watched) Unwrap() scheduler.Strategy { return w.Strategy }

// perSeed is a strategy made anew with one seed after the other, each time it has failed or run its share.
type perSeed struct {
	maker scheduler.Maker
	seed  uint64 // the first
	seeds int
	max   int // schedules for each

	cur    scheduler.Strategy
	done   int // seeds
	run    int // schedules of the seed
	failed bool
	found  []int // the schedule that failed, for each seed that found one
}

func (s *perSeed) strategy(uint64) scheduler.Strategy { return s }

// Next is called by one goroutine: an exploration runs one schedule after the other.
func (s *perSeed) Next() (scheduler.Run, bool) {
	if s.cur != nil && (s.failed || s.run == s.max) {
		if s.failed {
			s.found = append(s.found, s.run)
		}
		s.cur = nil
		s.done++
	}
	if s.done == s.seeds {
		return nil, false
	}
	if s.cur == nil {
		s.cur, s.run, s.failed = s.maker(s.seed+uint64(s.done)), 0, false
	}
	run, ok := s.cur.Next()
	if !ok {
		return nil, false
	}
	s.run++
	return seededRun{run, s}, true
}

// figures says how the seeds fared.
func (s *perSeed) figures() Random {
	r := Random{Seeds: s.seeds, Found: len(s.found)}
	if s.cur != nil && s.failed { // the last schedule of all
		s.found = append(s.found, s.run)
		r.Found++
	}
	for _, n := range s.found {
		r.Mean += float64(n) / float64(len(s.found))
	}
	return r
}

type seededRun struct {
	scheduler.Run
	of *perSeed
}

func (r seededRun) End(o *scheduler.Outcome) {
	r.of.failed = o.Failed
	r.Run.End(o)
}
