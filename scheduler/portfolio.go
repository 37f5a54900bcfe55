package scheduler

import "sync/atomic"

// Portfolio is the default: it takes turns with Random, POS, SURW, PCT(3) and URW, since each finds what another misses
// (on the published programs the best one on one row is often the worst on the next). A bug that one of them finds with
// probability p in a schedule takes at most some five times as many schedules as with that one alone.
//
// The first schedule is a uniform walk and the profile for all. Like each of its parts it is fair.
func Portfolio(seed uint64) Strategy {
	l := new(learned)
	first := Random(seed).(*walks)
	first.learned, first.profiles = l, true
	return &portfolio{parts: []*walks{first, newPOS(seed, l), newSURW(seed, l), newPCT(seed, 3, l), newURW(seed, l)}}
}

var _ Maker = Portfolio

type portfolio struct {
	parts []*walks
	next  atomic.Uint64
}

func (s *portfolio) String() string { return "portfolio" }

// Next returns the next run. Schedules are numbered over all parts, so that no two share their random numbers.
func (s *portfolio) Next() (Run, bool) {
	n := s.next.Add(1) - 1
	part := s.parts[n%uint64(len(s.parts))]
	part.mu.Lock()
	defer part.mu.Unlock()
	return part.numbered(n), true
}
