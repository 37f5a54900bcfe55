package scheduler

import "slices"

// Lanes is how many parts of a shared search are run at a time, by however many processes there are: so it makes no difference how many.
const Lanes = 8

// shifts is how many groups the lanes are in, by turns.
const shifts = 2

// windowMax is how many schedules a lane runs at a time at most. It begins with one and runs a quarter more each time, so that a process that comes to the search
// late soon has something to do.
const windowMax = 64

// hurry is what part of that a lane runs that may have something to give over, where others have nothing to do.
const hurry = 8

// spare is how many parts are to wait at least, so that a lane whose part is over need not be without.
const spare = 2

// trunk is what an exhaustive search that reduces has in common: the tree of the steps below which there is more than one limb. The limbs search as
// [parsimonious] does, since there nothing that is found below one schedule says what is to be run below another one that replaces the same step: they must only
// know of each other, the later one of the earlier, so that it sleeps.
//
// A limb gives over what the first schedule on its path has replaced, with all that is still to be run there, when there are lanes without a limb: another
// limb goes on with it, and the path down to that step becomes the trunk's. Schedules that a limb finds which replace a step of the trunk's it tells. They wait there, those
// that replace the same step each until what the one before did is known, and each is then a limb.
//
// It has one weakness. What replaces an alternative of a step sleeps also where another limb runs what replaces the step itself, and is not known there. So where
// alternatives are many a class may be begun twice.
//
// Of a search that is divided, and of one that was begun by wakeup trees, the parts are run as they are, each by one limb. One that comes to a select of several
// cases begins again, divided, by wakeup trees.
//
// The lanes are in two shifts, and each shift goes in rounds in which each of its lanes runs some schedules. What comes of a round is taken up when the
// shift's next one begins, which is after a round of the other has begun: so a process that is done with what it has to do in the one goes on
// with the other, and what is run does not hang on who was done first.
type trunk struct {
	of      *optimal // whose parts they are; nil where there are none
	whole   *optimal // the search that it is, which is not divided as long as of is nil; nil for one that is parsimonious itself
	names   names
	parts   []*Task // that wait, of a division
	rests   []rest  // that wait
	plans   []intent
	lanes   [Lanes]lanes
	turn    int // the shift whose next round begins before the other's does
	window  int
	behind  float64 // an estimate of what is, but for the lanes
	gaps    Gaps
	blocked int
	strayed int
}

// knot is a step of the trunk. Its done are the schedules that limbs were given to run in its place, as far as they matter.
type knot struct {
	moment
	up    *knot
	depth int
	waits bool // for what the last of them did
}

// rest is the rest of a path, from which more is to be run.
type rest struct {
	up     *knot
	path   []moment
	weight float64 // which part of all it is taken to be
}

// intent is a schedule that is to be run in place of a step.
type intent struct {
	detour
	at     *knot
	weight float64
}

// lanes is a lane with its limb.
type lanes struct {
	busy   bool
	up     *knot // the last of the trunk's steps on its limb's path, nil for none
	at     *knot // what its limb's schedule has replaced, as long as it is not known what the schedule did
	choice bool  // the schedule's
	task   *Task // where it is to begin, if it has not
	stand  *Task // where it stood when it was last asked
	news   []*News
	ended  bool // the last of them is the last of this limb
	left   int  // schedules of this round
	asked  int  // of these, in an order whose news are to come
	void   bool // those news are of no use
	ran    int  // schedules since it has the limb
	split  bool
	fork   int // the first step at which it has something to give over; -1
	weight float64
	part   float64 // of that, behind
}

// Share returns the search's trunk. Next makes runs from then on that only find the parts of one that is divided.
func (s *optimal) Share() Trunk {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.trunk != nil:
	case s.top == nil && !s.begun:
		s.share(newTrunk(nil))
		s.trunk.whole = s
		s.trunk.rests = []rest{{weight: 1}}
		s.over = true
	default:
		s.share(newTrunk(s))
		depth := 0
		if s.top != nil {
			depth = s.top.depth
		}
		if !s.over && (s.top == nil || !s.top.trial && len(s.nodes) > depth) {
			s.trunk.parts = append(s.trunk.parts, s.task(depth))
			s.cut(depth)
			s.backtrack()
		}
	}
	return s.trunk
}

// Share returns the search's trunk.
func (s *parsimonious) Share() Trunk {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trunk == nil {
		s.trunk = newTrunk(nil)
		if !s.over {
			if s.begun {
				s.putBack()
			}
			s.trunk.names = s.names
			s.trunk.rests = []rest{{path: s.path, weight: 1}}
		}
		s.trunk.gaps, s.trunk.blocked, s.trunk.strayed = s.gaps, s.blocked, s.strayed
		s.begun, s.over, s.path = true, true, nil
	}
	return s.trunk
}

func newTrunk(of *optimal) *trunk { return &trunk{of: of, names: newNames()} }

func (t *trunk) over() bool {
	return len(t.parts)+len(t.rests)+len(t.plans) == 0 && !slices.ContainsFunc(t.lanes[:], func(l lanes) bool { return l.busy })
}

// estimate is how much is behind.
func (t *trunk) estimate() float64 {
	if t.over() {
		return 1
	}
	done := t.behind
	for i := range t.lanes {
		done += t.lanes[i].weight * t.lanes[i].part
	}
	if t.of == nil {
		return min(done, 1)
	}
	all := t.behind + float64(len(t.parts)) // as if there were no more
	for i := range t.lanes {
		all += t.lanes[i].weight
	}
	return done / max(all, 1)
}

// Round says what lanes of a shift do next.
func (t *trunk) Round(most int) ([]Order, error) {
	return round(t, &t.turn, most)
}

// orders are for all that is left to do and has not been ordered, so that with what has been it comes to so many schedules at most.
func (t *trunk) orders(most int) (all []Order) {
	for i := range t.lanes {
		most -= t.lanes[i].asked
	}
	for i := range t.lanes {
		l := &t.lanes[i]
		if n := min(l.left, most); n > 0 && l.asked == 0 {
			most -= n
			l.asked = n
			all = append(all, Order{Lane: i, Task: l.task, Split: l.split && n == l.left, Runs: n})
			l.task = nil
		}
	}
	return all
}

// shift returns the numbers of a shift's lanes.
func shift(s int) (lanes []int) {
	for i := s; i < Lanes; i += shifts {
		lanes = append(lanes, i)
	}
	return lanes
}

func (t *trunk) underWay(s int) bool {
	return slices.ContainsFunc(shift(s), func(i int) bool { return t.lanes[i].left > 0 || t.lanes[i].void })
}
