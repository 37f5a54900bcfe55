package scheduler

// A Numberer is a Strategy that can make its schedules in any order.
type Numberer interface {
	Strategy
	Alone() bool           // a schedule hangs on the seed and on its number alone, not on what came of others
	Numbered(n uint64) Run // the schedule of that number, from 0
	Skip(n uint64)         // Next goes on with that number
}

// Lane returns the lane i of n of a strategy: what one of n processes runs when they share the work. The lane's k-th schedule counts as number
// k*n+i of them all. Where schedules hang on their numbers alone it is just that schedule of the strategy, from number first
// on, and alone is true. Others learn, each lane from its own schedules, and have seeds of their own.
func Lane(m Maker, seed uint64, i, n int, first uint64) (s Strategy, alone bool) {
	s = m(seed)
	if by, ok := As[Numberer](s); ok && by.Alone() {
		return &lane{by, s, first + uint64(i), uint64(n)}, true
	}
	if i > 0 {
		s = m(seed*0x9e3779b97f4a7c15 + uint64(i))
	}
	return s, false
}

type lane struct {
	of   Numberer
	all  Strategy
	next uint64
	step uint64
}

// Next returns the lane's next run. It is for one goroutine.
func (s *lane) Next() (Run, bool) {
	n := s.next
	s.next += s.step
	return s.of.Numbered(n), true
}

// Unwrap returns the strategy that has all lanes.
func (s *lane) Unwrap() Strategy { return s.all }

// Alone reports whether nothing is learnt, but for this: the clock overtakes only where an earlier schedule of the same process has shown that the
// program has timers and does not call synctest.Wait, so in a program with timers that differs with the number of processes.
func (s *walks) Alone() bool { return !s.profiles && s.learned.places == nil }

// Numbered returns the run of schedule n.
func (s *walks) Numbered(n uint64) Run { return s.numbered(n) }

// Skip makes n the number of the next schedule.
func (s *walks) Skip(n uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = n
}

var _ Numberer = (*walks)(nil)
