package scheduler

import "slices"

// Limb runs a part of an exhaustive search that is shared, as a [Trunk] tells it. It is for one goroutine.
type Limb struct{ s *optimal }

// limb is what an optimal search has that is a part of another one. The decisions above base are the trunk's: what is planned for them is told, and they are
// kept as they were when the trunk last told of them, to know what need not be.
type limb struct {
	base  int
	given int                 // of those decisions, how many the trunk has been told of
	plans []wish              // to be told
	told  map[uint64]struct{} // hashes of all
	known bool                // the trunk knows what the last step above does
}

// wish is what is to be run from a decision of the trunk.
type wish struct {
	node int
	acts []act
}

// Task is a part of a search.
type Task struct {
	Piece
	Base  int  // the decisions above are the trunk's
	Known bool // see limb
	Depth int  // that of the division, 0 where there is none
}

// Order says what a limb is to do next.
type Order struct {
	Lane  int    // which limb
	Task  *Task  // begin with this
	Learn *Piece // what sleeps since the last time at decisions of the trunk: the Nodes, of each its At and what sleeps anew
	Split bool   // give over the first of its decisions from which more is planned
	Stand bool   // tell where it stands
	Runs  int    // run so many schedules, or fewer
}

// News is what came of an order.
type News struct {
	Piece                // Nodes are the decisions given over, from the task's base on
	Ran     int          // schedules
	Taken   *actPosition // what the last step above the task's base does, the first time that it is known
	Known   bool         // of the last step above, with what is given over
	Plans   []planPosition
	Over    bool // nothing is left to run
	Again   bool // all is to be run again, see groups
	Partial bool
	Blocked int
	Strayed int
	Behind  float64 // an estimate of how much of the task
	Fork    int     // the first decision from which more is planned; -1
	Stand   *Task
}

type planPosition struct {
	Node int32
	Acts []actPosition
}

// Follow prepares for an order. Then come its runs.
func (l *Limb) Follow(o *Order) error {
	if o.Task != nil {
		s := newOptimal()
		s.free, s.run, s.v, s.mine, s.with = l.s.free, l.s.run, l.s.v, l.s.mine, l.s.with
		s.uses, s.plans = l.s.uses, l.s.plans
		if err := s.standAt(&o.Task.Piece); err != nil {
			return err
		}
		s.begun, s.limb = true, &limb{base: o.Task.Base, told: make(map[uint64]struct{}), given: o.Task.Base, known: o.Task.Known}
		for _, n := range s.nodes[:o.Task.Base] {
			n.trunk = true
		}
		s.top = &division{mine: func(int) bool { return true }, depth: o.Task.Depth} // what sleeps may be far
		l.s = s
	}
	if o.Learn != nil {
		u := l.s.names.unpacker(o.Learn)
		for i := range o.Learn.Nodes {
			n := l.s.nodes[o.Learn.Nodes[i].At]
			n.sleep = append(n.sleep, u.acts(o.Learn.Nodes[i].Sleep)...)
		}
		return u.err
	}
	return nil
}

// Next returns the next run.
func (l *Limb) Next() (Run, bool) { return l.s.Next() }

// News says what came of the order, of which so many schedules were run.
func (l *Limb) News(o *Order, ran int) *News {
	s := l.s
	m := s.limb
	n := &News{Ran: ran, Over: s.over && !s.again, Again: s.again, Partial: s.partial, Blocked: s.blocked, Strayed: s.strayed, Fork: -1}
	s.partial, s.blocked, s.strayed = false, 0, 0
	k := s.names.packer(&n.Piece)
	if n.Again {
		k.coarse()
		return n
	}
	l.known(n, k)
	for _, p := range m.plans {
		n.Plans = append(n.Plans, planPosition{int32(p.node), k.acts(p.acts)})
	}
	m.plans = m.plans[:0]
	if d := s.fork(); d >= 0 && o.Split && ran == o.Runs && m.known {
		m.base, m.known = d+1, d+1 < len(s.nodes)
	}
	for ; m.given < m.base; m.given++ {
		s.nodes[m.given].trunk = true
		n.Nodes = append(n.Nodes, k.node(s.nodes[m.given]))
	}
	n.Fork, n.Known, n.Behind = s.fork(), m.known, s.behind(m.base)
	if o.Stand && !n.Over {
		n.Stand = s.task(m.base)
		n.Stand.Known = m.known
	}
	return n
}

// rise gives over to the trunk the decisions at which something sleeps that has not been run to the end: what that leads to may have to be run from there as well. A plan always
// has a step that wakes what it must not begin with, so these are few.
func (s *optimal) rise() {
	m := s.limb
	for m.base < len(s.nodes) && s.nodes[m.base].sleepsOpen() {
		s.nodes[m.base].trunk = true
		m.base++
	}
}

func (n *node) sleepsOpen() bool {
	return slices.ContainsFunc(n.sleep, func(a act) bool { return a.open })
}

// known tells what the last step above does. It may have been planned to do more.
func (l *Limb) known(n *News, k *packer) {
	if s := l.s; !s.limb.known && n.Ran > 0 {
		s.limb.known = true
		a := k.act(&s.nodes[s.limb.given-1].taken)
		n.Taken = &a
	}
}

// fork returns the first decision of a limb from which more is planned, or -1.
func (s *optimal) fork() int {
	for d := s.limb.base; d < len(s.nodes); d++ {
		if len(s.nodes[d].tree) > 0 {
			return d
		}
	}
	return -1
}

// tell plans v for a decision of the trunk, unless that is known to need no plan.
func (s *optimal) tell(n *node, v []act) {
	if n.whole || n.sleeps(v) {
		return
	}
	h := uint64(slices.Index(s.nodes, n))
	for i := range v {
		h = fold(fold(h, uint64(v[i].proc)), uint64(v[i].alt))
		for _, u := range v[i].uses {
			h = fold(fold(h, uint64(u.obj)), uint64(u.mode))
		}
	}
	if _, ok := s.limb.told[h]; ok {
		return
	}
	s.limb.told[h] = struct{}{}
	p := wish{node: slices.Index(s.nodes, n)}
	for i := range v {
		p.acts = append(p.acts, s.clone(&v[i]))
	}
	s.limb.plans = append(s.limb.plans, p)
}
