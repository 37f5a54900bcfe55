package scheduler

// Portfolio is the default. It rotates the other strategies, since each finds what another misses: on the published programs the best
// one on one row is often the worst on the next.
//
// The first schedule is a uniform walk: it meets what nearly every schedule shows, and is the profile for all. From then on each
// strategy has a share, and more of it the more of its schedules are new: the next schedule goes to the one whose turn it is
// by share times the part of its schedules that were the first of their class (see [Fingerprint]). No strategy falls below a quarter of what
// it would have otherwise, so a bug that one of them finds with probability p in a schedule takes a bounded multiple of 1/p.
//
// Feedback begins with the 65th schedule: it is for bugs that no single one of the first schedules comes near to.
//
// Like each of its parts it is fair. What it does next depends on which schedules have ended, so with several runs at once its schedules
// are not those of one after the other.
func Portfolio(seed uint64) Strategy {
	l := new(learned)
	first := Random(seed).(*walks)
	first.learned, first.profiles = l, true
	return &portfolio{parts: []*part{
		{of: first, share: 1},
		{of: newPostpone(seed, l), share: 16},
		{of: newSURW(seed, l), share: 4},
		{of: newPOS(seed, l), share: 1.5},
		{of: newURW(seed, l), share: 1.5},
		{of: newPCT(seed, 3, l), share: 1.5},
		{of: newFeedback(seed, l, nil), share: 4, from: 64},
	}, classes: make(map[uint64]struct{})}
}

var _ Maker = Portfolio

// classesMax bounds what a portfolio remembers: schedules beyond count as new where they were not seen among the first so many.
const classesMax = 1 << 20

type portfolio struct {
	numbering // its mutex is that of all
	parts     []*part
	classes   map[uint64]struct{} // looked up, never ranged over
	free      []*portfolioRun
}

// part is a strategy of a portfolio and how it does.
type part struct {
	of interface {
		String() string
		numbered(n uint64) Run
	}
	share float64
	from  uint64  // schedule at which it begins
	turns float64 // schedules given, those before the last ones counting less and less
	ended float64 // of these, how many have ended
	fresh float64 // and were the first of their class
}

func (s *portfolio) String() string { return "portfolio" }

// Next returns the next run. Schedules are numbered over all parts, so that no two share their random numbers.
func (s *portfolio) Next() (Run, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.next
	s.next++
	p := s.parts[0]
	if n > 0 {
		p = s.turn(n)
	}
	p.turns++
	return s.watch(p, p.of.numbered(n)), true
}

// turn returns the part that is furthest behind its share; the first of those that are as far.
func (s *portfolio) turn(n uint64) *part {
	best, least := s.parts[0], 0.
	for i, p := range s.parts {
		if n < p.from {
			continue
		}
		if p.turns == 0 && p.from > 0 {
			p.turns = least * p.share // as if it had been there all along
		}
		if behind := (p.turns + 1) / (p.share * p.novelty()); i == 0 || behind < least {
			best, least = p, behind
		}
	}
	return best
}

// novelty is how many of a part's schedules were new, counting one as new beforehand, and between a quarter and 1.
func (p *part) novelty() float64 { return max(0.25, (p.fresh+1)/(p.ended+1)) }

// memory is how many schedules of a part count: those before fade.
const memory = 64

// portfolioRun is a run of a part.
type portfolioRun struct {
	Run
	of   *portfolio
	part *part
}

var _ Drawer = (*portfolioRun)(nil)

func (r *portfolioRun) Draws() uint64 { return draws(r.Run) }

// watch returns a run that tells the portfolio how it ended. It needs the lock.
func (s *portfolio) watch(p *part, run Run) Run {
	var r *portfolioRun
	if last := len(s.free) - 1; last >= 0 {
		r, s.free = s.free[last], s.free[:last]
	} else {
		r = &portfolioRun{of: s}
	}
	r.Run, r.part = run, p
	return r
}

func (r *portfolioRun) End(o *Outcome) {
	r.Run.End(o)
	s, p := r.of, r.part
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.ended++; s.isNew(o.Class) {
		p.fresh++
	}
	if p.ended >= 2*memory {
		p.ended, p.fresh = p.ended/2, p.fresh/2
	}
	s.free = append(s.free, r)
}

// isNew reports whether the class is, and remembers it.
func (s *portfolio) isNew(class uint64) bool {
	if _, ok := s.classes[class]; ok {
		return false
	}
	if len(s.classes) < classesMax {
		s.classes[class] = struct{}{}
	}
	return true
}
