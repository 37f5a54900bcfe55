package scheduler

import (
	"cmp"
	"slices"
)

// Lanes is how many parts of a shared search are run at a time, by however many processes there are: so it makes no difference how many.
const Lanes = 4

// A lane runs windowMin schedules at a time, then twice as many each time up to windowMax.
const (
	windowMin = 1
	windowMax = 64
)

// Of so many schedules, and some, one may be in vain.
const (
	vainMin  = 16
	vainPart = 32
)

// A Sharer is a Strategy that several processes can share.
type Sharer interface {
	Strategy
	Share() *Trunk // the search from where it stands is the trunk's from then on; the same one if it is already
	Shared() bool  // it is
	Limb() *Limb   // one that can run a part of such a search, this one or another process's
}

// Trunk is the top of the tree of an exhaustive search that is shared: the decisions below which there is more than one limb.
//
// A limb searches what is below one branch of such a decision, with what sleeps there, as it would if it were alone. What it finds is to be run from a decision
// above, it tells. To the trunk a branch sleeps from when a limb has been given it, since all that begins with it is run then, now or later. What a limb
// tells is planned unless it begins with something that sleeps or is planned, as always. The next branch of a decision waits for the first schedule of the
// one before, since what sleeps is what a step did and not what it was planned to.
//
// That is not enough where an earlier branch e that is not over yet still sleeps below a later one f. In a search that is not shared, plans that begin with f and come of e are there
// before f is run, and within f a plan which e could come before, or after, is left out for that: a longer plan of e's has what of it is needed. Here that one may come
// later. There are two ways to go on, both complete:
//   - far: f's limb does not leave out such plans, as in a division (there it is said why that finds all). Some of its runs then turn out to be in vain.
//   - open: the decisions of f's limb at which e sleeps become the trunk's after its first run (see rise), so that what comes of e later can be planned there as
//     well. No run is in vain, but limbs begin where nothing open sleeps, and so can be as small as a schedule.
//
// The first is the way as long as no more than one in some schedules is in vain (vainPart), then the second.
//
// When there are lanes without a limb and no branch waits, a limb gives its first decisions over to the trunk, down to one from which more is planned. A decision
// below which no limb is any more, and nothing can be told of, is given back as a whole.
//
// All goes in rounds in which each lane runs some schedules. What a round comes to hangs on the one before alone.
type Trunk struct {
	of      *optimal // the search
	s       *optimal // has the names, and room
	parts   []*Task  // that wait: all at first, or the parts of a division
	roots   []bough  // of those that do not
	lanes   [Lanes]lanes
	window  int
	partial bool
	ran     int
	blocked int // of these, in vain
	strayed int
}

// knot is a decision of the trunk.
type knot struct {
	node
	up     *knot
	from   int // the branch of up that leads here
	depth  int
	older  int     // of what sleeps, how much is no branch of these:
	boughs []bough // given to limbs, in this order
}

// bough is a branch that has been given to a limb.
type bough struct {
	fork  *knot // where it has become a part of the trunk
	lane  int   // or the lane of its limb, -1 where there is none any more
	known bool  // what its first step does is
	over  bool
	above []node // of a part of a division: the decisions on the way there, from which all is run
}

// lanes is a lane with its limb.
type lanes struct {
	busy   bool
	up     *knot // its limb's bough
	from   int
	learnt [][2]int // decisions and branches of theirs of which the limb is told that they sleep: it has found plans that begin with them
	told   int      // how many of those it has been
	task   *Task    // where it is to begin, if it has not
	stand  *Task    // where it stood when it was last asked
	news   []*News  // of this round
	ended  bool     // the last of them is the last of this limb
	left   int      // schedules of this round
	ran    int      // schedules since it has the limb
	split  bool
	fork   int
	part   float64 // behind
}

// Share returns the search's trunk. Next makes runs from then on that only find the parts of one that is divided.
func (s *optimal) Share() *Trunk {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trunk == nil {
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

func (s *optimal) share(t *Trunk) {
	s.trunk, s.begun = t, true
	if s.top != nil {
		mine := s.top.mine
		s.top.mine = func(part int) bool {
			if mine(part) {
				t.parts = append(t.parts, s.task(len(s.nodes)))
			}
			return false
		}
	}
}

// task is what is to be run below the first base decisions.
func (s *optimal) task(base int) *Task {
	task := &Task{Base: base, Known: true}
	if s.top != nil {
		task.Depth = s.top.depth
	}
	s.stand(&task.Piece)
	return task
}

// cut leaves the first depth decisions.
func (s *optimal) cut(depth int) {
	for _, n := range s.nodes[depth:] {
		s.drop(n)
	}
	s.nodes, s.next = s.nodes[:depth], nil
}

// Shared reports whether there is a trunk.
func (s *optimal) Shared() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trunk != nil
}

// Limb returns a limb without a task.
func (s *optimal) Limb() *Limb { return &Limb{newOptimal()} }

var _ Sharer = (*optimal)(nil)

func newTrunk(of *optimal) *Trunk { return &Trunk{of: of, s: newOptimal()} }

func (t *Trunk) complete() bool {
	return len(t.parts) == 0 && !t.partial && t.strayed == 0 && !slices.ContainsFunc(t.roots, func(b bough) bool { return !b.over })
}

// bough returns a branch of a fork, or the root.
func (t *Trunk) bough(f *knot, i int) *bough {
	if f == nil {
		return &t.roots[i]
	}
	return &f.boughs[i]
}

// Round says what each lane does next, at most so many schedules in all. It says nothing when the search is over. News of every order are to be
// taken before the next one.
func (t *Trunk) Round(most int) (orders []Order) {
	if !t.underWay() {
		t.begin()
	}
	for i := range t.lanes {
		l := &t.lanes[i]
		if n := min(l.left, most); n > 0 {
			most -= n
			orders = append(orders, Order{Lane: i, Task: l.task, Learn: t.learn(l), Split: l.split && n == l.left, Runs: n})
			l.task = nil
		}
	}
	return orders
}

func (t *Trunk) underWay() bool {
	for i := range t.lanes {
		if t.lanes[i].left > 0 {
			return true
		}
	}
	return false
}

// begin begins a round: lanes that have nothing to do are given a branch that waits, or there are others asked to give some over.
func (t *Trunk) begin() {
	t.window = min(max(2*t.window, windowMin), windowMax)
	idle, busy := 0, 0
	var may []*lanes
	for i := range t.lanes {
		if t.lanes[i].busy {
			busy++
		}
	}
	for i := range t.lanes {
		l := &t.lanes[i]
		if !l.busy {
			t.issue(i, busy == 0)
		}
		switch {
		case !l.busy:
			idle++
		case l.ran >= windowMax/2 || l.ran > 0 && t.window < windowMax:
			may = append(may, l)
		}
		if l.busy {
			l.left = t.window
		}
	}
	slices.SortStableFunc(may, func(a, b *lanes) int { return cmp.Compare(a.fork, b.fork) })
	for _, l := range may {
		if l.fork >= 0 && idle > 0 {
			l.split = true
			idle--
		}
	}
}
