package scheduler

// draft is a plan in the making: steps of the run, and what is to come after them.
type draft struct {
	firm
	links []link
	last  act
}

// link is a step of a draft in short, as most that is looked for in a draft is ruled out by that.
type link struct {
	move
	at int32 // which step of the run it is, -1 for the last one
	marks
}

// marks are sets of the objects that a step reads, and that it uses otherwise: object o is in bit o%63. Bit 63 of the second is set where everything depends on the step.
type marks struct{ reads, rest uint64 }

func (a *act) marks() (m marks) {
	if a.all {
		m.rest = 1 << 63
	}
	for _, u := range a.uses {
		if bit := uint64(1) << (uint32(u.obj) % 63); u.mode == Reads {
			m.reads |= bit
		} else {
			m.rest |= bit
		}
	}
	return m
}

// has reports whether the object may be one of them.
func (m *marks) has(o int32) bool { return (m.reads|m.rest)>>(uint32(o)%63)&1 != 0 }

// meet reports whether two steps with such marks may conflict.
func (m *marks) meet(n *marks) bool {
	return (m.rest|n.rest)&(1<<63)|m.rest&(n.reads|n.rest)|m.reads&n.rest != 0
}

// alone is a plan to run nothing but a.
func (s *optimal) alone(a *act) *draft {
	d := &s.draft
	d.firm, d.last, d.links = firm{x: &s.run}, *a, append(d.links[:0], link{a.move, -1, a.marks()})
	return d
}

func (d *draft) act(i int) act {
	if at := d.links[i].at; at >= 0 {
		return d.x.act(at)
	}
	return d.last
}

// opens is [act.opens] for a draft. Where there is no such run, i is the step that keeps b from being what it begins with.
func (d *draft) opens(b *act, m *marks) (i int, ok bool) {
	for i := range d.links {
		l := &d.links[i]
		if l.proc == b.proc {
			return i, l.alt == b.alt || l.alt == anyAlt || b.alt == anyAlt
		}
		if !m.meet(&l.marks) {
			continue
		}
		if a := d.act(i); b.conflicts(&a) {
			return i, false
		}
	}
	return len(d.links), true
}

// without takes step i out of a plan.
func (d *draft) without(i int) {
	copy(d.links[1:i+1], d.links[:i]) // it is mostly one of the first
	d.links = d.links[1:]
	if i < d.steps {
		d.steps--
	}
}

// insert makes sure that a run which begins with d, or one that is equivalent, will be run from node n, unless one has been. It uses d up.
func (s *optimal) insert(n *node, d *draft) {
	if n.whole {
		return
	}
	room := d.links
	asleep, settled := n.covers(d)
	if !asleep {
		settled = s.plant(n, d)
	}
	d.links = room
	s.run.loose = s.run.loose || !settled
}

// covers reports whether a run that begins with d begins as well with something that sleeps, and whether that is settled.
func (n *node) covers(d *draft) (asleep, settled bool) {
	for i := range n.sleep {
		b := n.sleep[i]
		if k, ok := d.opens(&b.act, &b.marks); ok && (!b.far || k < len(d.links)) {
			if d.decides(&b.act, k) {
				return true, true
			}
			asleep = true
		}
	}
	return asleep, false
}

// plant plans d. It reports whether it is settled that it need not be planned.
func (s *optimal) plant(n *node, d *draft) (settled bool) {
	tree := &n.tree
	settled = true
	for len(*tree) > 0 {
		b, i, sure := d.first(*tree, settled)
		settled = settled && sure
		if b == nil {
			break
		}
		if i < len(d.links) {
			d.without(i)
		}
		if len(b.then) == 0 || len(d.links) == 0 {
			return settled
		}
		tree = &b.then
	}
	for i := range d.links {
		a := d.act(i)
		tree = s.branch(tree, &a, d.links[i].marks)
	}
	return len(d.links) == 0 && settled
}

// first returns the first branch of a tree with which d can be made to begin, which step of d that is, and whether it is settled that it is the first, if asked.
func (d *draft) first(tree []*wakeup, ask bool) (b *wakeup, i int, settled bool) {
	settled = ask
	for _, b := range tree {
		i, ok := d.opens(&b.act, &b.marks)
		settled = settled && d.decides(&b.act, i)
		if ok {
			return b, i, settled
		}
	}
	return nil, 0, false
}

// branch adds a branch to a tree. It returns the tree of what is to be run after it.
func (s *optimal) branch(tree *[]*wakeup, a *act, m marks) *[]*wakeup {
	b := s.wakeup()
	b.act, b.marks = s.clone(a), m
	if *tree == nil {
		*tree = s.then.take(1)[:0]
	}
	*tree = append(*tree, b)
	return &b.then
}

// wakeup returns a fresh one.
func (s *optimal) wakeup() *wakeup {
	if b := reused(&s.spare); b != nil {
		*b = wakeup{}
		return b
	}
	return &s.plans.take(1)[0]
}

// clone returns a copy of a that lasts.
func (s *optimal) clone(a *act) act {
	c := *a
	c.uses = s.uses.take(len(a.uses))
	copy(c.uses, a.uses)
	return c
}
