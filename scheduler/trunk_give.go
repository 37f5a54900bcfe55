package scheduler

import "slices"

// What limbs are given.

// issue gives lane i a part that waits, or a decision as a whole, or a branch; one at which something open sleeps only if it is the last that could be run.
func (t *Trunk) issue(i int, last bool) {
	if len(t.parts) > 0 {
		task := t.parts[0]
		t.lanes[i] = lanes{busy: true, from: len(t.roots), task: task, fork: -1}
		t.roots = append(t.roots, bough{lane: i, known: true, above: make([]node, task.Base)})
		u := t.s.names.unpacker(&task.Piece)
		for d := range task.Base {
			u.node(&task.Nodes[d], &t.roots[len(t.roots)-1].above[d])
		}
		t.parts = t.parts[1:]
		return
	}
	if f := t.waiting(t.roots, (*knot).quiet); f != nil {
		t.giveBack(i, f)
	} else if f := t.waiting(t.roots, (*knot).clear); f != nil {
		t.give(i, f)
	} else if last {
		if f := t.waiting(t.roots, func(*knot) bool { return true }); f != nil {
			t.give(i, f)
		}
	}
}

// give has lane i run the next branch of a decision.
func (t *Trunk) give(i int, f *knot) {
	a, then := f.next()
	f.sleep = append(f.sleep, a)
	f.boughs = append(f.boughs, bough{lane: i})
	l := &t.lanes[i]
	*l = lanes{busy: true, up: f, from: len(f.boughs) - 1, fork: -1}
	var k *packer
	l.task, k = t.task(l)
	l.task.Next = k.wakes(then)
}

// giveBack has lane i run all that waits at a decision, which is then no longer one of the trunk.
func (t *Trunk) giveBack(i int, f *knot) {
	l := &t.lanes[i]
	*l = lanes{busy: true, up: f.up, from: f.from, fork: -1}
	b := t.bough(f.up, f.from)
	b.fork, b.lane = nil, i
	var k *packer
	l.task, k = t.task(l)
	l.task.Known = true
	n := f.node
	var then []*wakeup
	n.tried += len(f.boughs)
	n.taken, then = f.next()
	n.tree = f.tree
	l.task.Nodes, l.task.Next = append(l.task.Nodes, k.node(&n)), k.wakes(then)
}

// next takes the next branch of a decision.
func (f *knot) next() (act, []*wakeup) {
	b := f.tree[0]
	f.tree = f.tree[1:]
	a := b.act
	a.move = f.can[f.find(b.move)]
	return a, b.then
}

// clear reports whether nothing sleeps there of which all has not been run.
func (f *knot) clear() bool {
	return !slices.ContainsFunc(f.sleep[:f.older], func(a act) bool { return a.open })
}

// quiet reports whether no limb is below it either.
func (f *knot) quiet() bool {
	return f.clear() && !slices.ContainsFunc(f.boughs, func(b bough) bool { return !b.over })
}

// waiting returns the first decision below branches from which one can be given away, among those that are ok.
func (t *Trunk) waiting(below []bough, ok func(*knot) bool) *knot {
	for i := range below {
		f := below[i].fork
		if f == nil {
			continue
		}
		for len(f.tree) > 0 && f.find(f.tree[0].move) < 0 {
			f.tree = f.tree[1:]
			t.strayed++
		}
		if len(f.tree) > 0 && f.boughs[len(f.boughs)-1].known && ok(f) {
			return f
		}
		if f = t.waiting(f.boughs, ok); f != nil {
			return f
		}
	}
	return nil
}

// way returns the forks above a limb, and the decisions above those.
func (t *Trunk) way(l *lanes) (above []node, forks []*knot) {
	root := l.from
	if f := l.up; f != nil {
		forks = make([]*knot, f.depth+1)
		for ; f != nil; f = f.up {
			forks[f.depth], root = f, f.from
		}
	}
	return t.roots[root].above, forks
}

// from returns which branch of a fork on its way a limb is below.
func (l *lanes) below(forks []*knot, d int) int {
	if d+1 < len(forks) {
		return forks[d+1].from
	}
	return l.from
}

// task makes a limb's task: the way to its branch.
func (t *Trunk) task(l *lanes) (*Task, *packer) {
	task := new(Task)
	if t.of.top != nil {
		task.Depth = t.of.top.depth
	}
	k := t.s.names.packer(&task.Piece)
	k.coarse()
	above, forks := t.way(l)
	for d := range above {
		task.Nodes = append(task.Nodes, k.node(&above[d]))
	}
	for d, f := range forks {
		task.Nodes = append(task.Nodes, f.position(k, l.below(forks, d), t.far()))
	}
	task.Base = len(task.Nodes)
	return task, k
}

// far reports whether limbs are to find themselves what earlier branches that are not over may lead to below theirs: see Trunk.
func (t *Trunk) far() bool { return t.blocked <= vainMin+t.ran/vainPart }

// position packs a decision as it is for what is below branch i: earlier branches sleep there.
func (f *knot) position(k *packer, i int, far bool) nodePosition {
	n := f.node
	n.taken, n.tree = f.sleep[f.older+i], nil
	n.sleep = slices.Clone(f.sleep[:f.older+i])
	for j := range n.sleep[f.older:] {
		a := &n.sleep[f.older+j]
		a.open, a.far = !f.boughs[j].over && !far, !f.boughs[j].over && far
	}
	return k.node(&n)
}

// waits reports whether more may have to be run below a branch that others find.
func (b *bough) waits() bool { return b.fork != nil && b.fork.sleepsOpen() }

// learn tells a limb what sleeps, too.
func (t *Trunk) learn(l *lanes) *Piece {
	if l.told == len(l.learnt) {
		return nil
	}
	p := new(Piece)
	k := t.s.names.packer(p)
	above, forks := t.way(l)
	for _, x := range l.learnt[l.told:] {
		f := forks[x[0]]
		p.Nodes = append(p.Nodes, nodePosition{At: int32(len(above) + x[0]), Sleep: k.acts(f.sleep[f.older+x[1]:][:1])})
	}
	l.told = len(l.learnt)
	return p
}
