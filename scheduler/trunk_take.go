package scheduler

import "slices"

// What comes of limbs.

// Take takes up what came of an order.
func (t *Trunk) Take(lane int, n *News) error {
	l := &t.lanes[lane]
	l.news, l.stand, l.left = append(l.news, n), n.Stand, l.left-n.Ran
	if n.Over || n.Again {
		l.left, l.ended = 0, true
	}
	if t.underWay() {
		return nil
	}
	// It is taken up in the order of lanes, so that it makes no difference where the round was stopped, and in this order, so that plans find what others have given over.
	var all []came
	for i := range t.lanes {
		for _, n := range t.lanes[i].news {
			all = append(all, came{i, n, t.s.names.unpacker(&n.Piece)})
			t.partial = t.partial || n.Partial
			t.blocked, t.strayed = t.blocked+n.Blocked, t.strayed+n.Strayed
		}
		t.lanes[i].news = nil
	}
	for _, take := range []func(*came){t.takeDecisions, t.takePlans, t.takeEnd} {
		for i := range all {
			c := &all[i]
			if t.lanes[c.lane].busy { // not begun anew
				take(c)
			}
			if c.u.err != nil {
				return c.u.err
			}
		}
	}
	return nil
}

// came is what came of an order.
type came struct {
	lane int
	*News
	u *unpacker
}

func (t *Trunk) takeDecisions(n *came) {
	l := &t.lanes[n.lane]
	l.ran, l.split = l.ran+n.Ran, false
	t.ran += n.Ran
	l.fork, l.part = n.Fork, n.Behind
	if n.Taken != nil {
		l.up.sleep[l.up.older+l.from] = n.u.act(n.Taken)
		t.bough(l.up, l.from).known = true
	}
	for i := range n.Nodes {
		t.grow(n.lane, n.u, &n.Nodes[i])
		t.bough(l.up, l.from).known = i+1 < len(n.Nodes) || n.Known
	}
}

func (t *Trunk) takePlans(n *came) {
	l := &t.lanes[n.lane]
	above, forks := t.way(l)
	for i := range n.Plans {
		d := int(n.Plans[i].Node) - len(above)
		if j := t.insert(forks[d], l.below(forks, d), n.u.acts(n.Plans[i].Acts)); j >= 0 && !slices.Contains(l.learnt, [2]int{d, j}) {
			l.learnt = append(l.learnt, [2]int{d, j})
		}
	}
}

func (t *Trunk) takeEnd(n *came) {
	switch l := &t.lanes[n.lane]; {
	case n.Again:
		t.restart()
	case n.Over:
		up, from := l.up, l.from
		*l = lanes{}
		t.over(up, from)
	}
}

// insert plans v, which was found below branch i of a decision, unless a branch that was given away begins like it. A later one may have been given away too soon to know.
// Where not, and it was a later one of that decision, insert says which.
func (t *Trunk) insert(f *knot, i int, v []act) (later int) {
	at := f
	for {
		j, k := f.begins(v)
		if j < 0 {
			break
		}
		if j -= f.older; j <= i || !f.boughs[j].waits() {
			if f == at && j > i {
				return j
			}
			return -1
		}
		if k < len(v) {
			v = slices.Delete(v, k, k+1)
		}
		f, i = f.boughs[j].fork, -1
	}
	if len(v) > 0 {
		t.s.graft(&f.node, v)
	}
	return -1
}

// begins returns what sleeps with which v can be made to begin, and which step of v that is; -1 where there is nothing.
func (f *knot) begins(v []act) (i, k int) {
	for i := range f.sleep {
		if k, ok := f.sleep[i].opens(v); ok && (!f.sleep[i].far || k < len(v)) {
			return i, k
		}
	}
	return -1, 0
}

// grow makes a limb's decision one of the trunk. The limb keeps the branch that it was at.
func (t *Trunk) grow(lane int, u *unpacker, p *nodePosition) {
	l := &t.lanes[lane]
	f := &knot{up: l.up, from: l.from, boughs: []bough{{lane: lane}}}
	if f.up != nil {
		f.depth = f.up.depth + 1
	}
	u.node(p, &f.node)
	f.older = len(f.sleep)
	f.sleep = append(f.sleep, f.taken)
	b := t.bough(l.up, l.from)
	b.fork, b.lane = f, -1
	l.up, l.from = f, 0
}

// over notes that all that begins with a branch has been run, and what is done with it.
func (t *Trunk) over(f *knot, i int) {
	b := t.bough(f, i)
	b.fork, b.lane, b.over, b.above = nil, -1, true, nil
	if f == nil {
		return
	}
	for j := i + 1; j < len(f.boughs); j++ {
		t.closed(f.boughs[j].fork, f.sleep[f.older+i].move)
	}
	t.end(f)
}

// closed notes it where the branch sleeps.
func (t *Trunk) closed(f *knot, m move) {
	if f == nil {
		return
	}
	for i := range f.sleep[:f.older] {
		if a := &f.sleep[i]; a.move == m && a.open {
			a.open = false
			for j := range f.boughs {
				t.closed(f.boughs[j].fork, m)
			}
			t.end(f)
			return
		}
	}
}

// end ends a decision if nothing is left to run from it, nor can be.
func (t *Trunk) end(f *knot) {
	if len(f.tree) == 0 && f.quiet() && t.bough(f.up, f.from).fork == f {
		t.over(f.up, f.from)
	}
}

func (t *Trunk) clear() { t.parts, t.roots, t.lanes = nil, nil, [Lanes]lanes{} }

// restart has all be run again.
func (t *Trunk) restart() {
	t.clear()
	for o := range t.s.names.coarse {
		t.of.names.coarse[t.of.names.obj(t.s.names.objIDs[o])] = true
	}
	if t.of.top == nil {
		t.parts = append(t.parts, t.of.task(0))
	} else {
		t.of.again, t.of.over = true, false
		t.of.backtrack()
	}
}

// estimate is how much is behind.
func (t *Trunk) estimate() float64 { return t.behind(t.roots, len(t.parts)) }

// behind is the estimate for branches, so many of which wait.
func (t *Trunk) behind(all []bough, wait int) (done float64) {
	for i := range all {
		switch b := &all[i]; {
		case b.over:
			done++
		case b.fork == nil:
			done += t.lanes[b.lane].part
		default:
			tried := float64(b.fork.tried)
			of := float64(len(b.fork.boughs) + len(b.fork.tree))
			done += (tried + of*t.behind(b.fork.boughs, len(b.fork.tree))) / (tried + of)
		}
	}
	return done / float64(max(1, len(all)+wait))
}
