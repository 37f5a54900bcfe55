package scheduler

// Limb runs a part of an exhaustive search that is shared, as a [Trunk] tells it. It is for one goroutine.
type Limb struct {
	part   *optimal // of a search that is divided
	search *parsimonious
	of     *exhaustive // the search that does not reduce, of which it runs
	twigs  *twigs
}

// Task is a part of a search.
type Task struct {
	Part   *Piece                // of one that is divided, the decisions down to Base being all run from
	Depth  int                   // and the depth of the division, 0 where there is none
	Search *parsimoniousPosition // of another one
	Left   *frontierPosition     // of one that does not reduce
	Base   int                   // the steps of the path before are the trunk's
	Known  bool                  // the trunk knows what the schedule did that the limb begins with
}

// Order says what a limb is to do next.
type Order struct {
	Lane  int   // which limb
	Task  *Task // begin with this
	Split bool  // give over what the first schedule on the path has replaced, if anything is left to run there
	Stand bool  // tell where it stands
	Runs  int   // run so many schedules, or fewer
}

// News is what came of an order.
type News struct {
	Piece                    // names only
	Ran     int              // schedules
	Known   bool             // what the schedule did that the limb began with
	Slept   []actPosition    // and what it did, the first time that it is known
	Plans   []toldPosition   // to be run in place of steps of the trunk
	Path    []momentPosition // steps that become the trunk's, from the task's base on
	Rest    []momentPosition // and what is given over below the last of them
	Over    bool             // nothing is left to run
	Again   bool             // all is to be run again, see groups
	Selects bool             // and by wakeup trees, see parsimonious
	Gaps    Gaps
	Blocked int
	Strayed int
	Left    *frontierPosition // of a search that does not reduce: what is left to run of the task
	Bounded bool              // a bound left something out
	Behind  float64           // an estimate of how much of the task, of a search that does not reduce of all
	Fork    int               // the first step of the path at which there is something to give over; -1
	Stand   *Task
}

type toldPosition struct {
	At     int32
	Detour detourPosition
}

// Follow prepares for an order. Then come its runs.
func (l *Limb) Follow(o *Order) error {
	switch {
	case o.Task == nil:
		return nil
	case o.Task.Left != nil:
		return l.followTwigs(o.Task)
	case o.Task.Part != nil:
		return l.followPart(o.Task)
	}
	s := newParsimonious()
	if was := l.search; was != nil {
		s.found, s.acts, s.uses = was.found, was.acts, was.uses
	}
	l.part, l.search = nil, s
	return s.begin(o.Task)
}

func (l *Limb) followPart(t *Task) error {
	s := newOptimal()
	if was := l.part; was != nil {
		s.free, s.run, s.draft, s.mine, s.with, s.uses, s.plans = was.free, was.run, was.draft, was.mine, was.with, was.uses, was.plans
	}
	l.part, l.search = s, nil
	if t.Depth > 0 {
		s.top = &division{mine: func(int) bool { return true }, depth: t.Depth}
	}
	s.begun, s.part, s.base = true, true, t.Base
	return s.standAt(t.Part)
}

// Next returns the next run.
func (l *Limb) Next() (Run, bool) {
	switch {
	case l.twigs != nil:
		return l.twigs.next()
	case l.part != nil:
		return l.part.Next()
	}
	return l.search.Next()
}

// News says what came of the order, of which so many schedules were run.
func (l *Limb) News(o *Order, ran int) *News {
	n := &News{Ran: ran, Known: true, Fork: -1}
	if t := l.twigs; t != nil {
		t.tell(n)
		return n
	}
	if s := l.part; s != nil {
		if s.tell(n, s.again); n.Again {
			s.names.packer(&n.Piece).coarse()
			return n
		}
		if n.Behind = s.behind(s.base); o.Stand && !n.Over {
			n.Stand = s.task(s.base)
		}
		return n
	}
	l.search.news(n, o)
	return n
}

// task is what is to be run below the first base decisions.
func (s *optimal) task(base int) *Task {
	task := &Task{Part: new(Piece), Base: base, Known: true}
	if s.top != nil {
		task.Depth = s.top.depth
	}
	s.stand(task.Part)
	return task
}

// cut leaves the first depth decisions.
func (s *optimal) cut(depth int) {
	for _, n := range s.nodes[depth:] {
		s.drop(n)
	}
	s.nodes, s.next = s.nodes[:depth], nil
}

func (s *optimal) share(t *trunk) {
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
