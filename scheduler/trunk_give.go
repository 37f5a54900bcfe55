package scheduler

import (
	"cmp"
	"slices"
)

// What limbs are given.

// begin begins a round of a shift: lanes that have nothing to do are given a part that waits, and others are asked to give some over. Where some are left with
// nothing these do so soon.
func (t *trunk) begin(s int) {
	if s == 0 {
		t.window = wider(t.window)
	}
	starve, soon := t.issueAll(s), max(t.window/hurry, 1)
	var may []*lanes
	for _, i := range shift(s) {
		l := &t.lanes[i]
		switch {
		case !l.busy:
			continue
		case starve && l.ran < windowMax: // what it has to give over is known then
			l.left = soon
		default:
			l.left = t.window
		}
		if l.fork >= 0 && (l.ran >= windowMax/2 || l.ran > 0 && (starve || t.window < windowMax)) {
			may = append(may, l)
		}
	}
	slices.SortStableFunc(may, func(a, b *lanes) int { return cmp.Compare(a.fork, b.fork) })
	for _, l := range may[:min(len(may), t.wanted())] {
		if l.split = true; starve {
			l.left = soon
		}
	}
}

// issueAll gives a shift's lanes what waits. It reports whether some are left with nothing; the parts of a search that is divided are not divided further.
func (t *trunk) issueAll(s int) (starve bool) {
	for _, i := range shift(s) {
		if !t.lanes[i].busy {
			t.issue(i)
		}
		starve = starve || !t.lanes[i].busy && t.of == nil
	}
	return starve
}

// wanted is how many parts are too few: there are to be some for all lanes that have nothing to do, and a few more.
func (t *trunk) wanted() int {
	n := spare - len(t.parts) - len(t.rests) - len(t.plans)
	for i := range t.lanes {
		if !t.lanes[i].busy {
			n++
		}
	}
	return max(n, 0)
}

// issue gives lane i what waits, if anything does: what is nearest to the root, since that leads to most.
func (t *trunk) issue(i int) {
	l := &t.lanes[i]
	if len(t.parts) > 0 {
		*l = lanes{busy: true, task: t.parts[0], fork: -1, weight: 1}
		t.parts = t.parts[1:]
		return
	}
	for !l.busy {
		r, p := t.first()
		switch {
		case p >= 0 && (r < 0 || t.plans[p].at.depth <= t.rests[r].depth()):
			t.givePlan(l, p)
		case r >= 0:
			t.giveRest(l, r)
		default:
			return
		}
	}
}

// first returns which of the rests and of the plans are the nearest to the root, -1 for none.
func (t *trunk) first() (r, p int) {
	r, p = -1, -1
	for i := range t.rests {
		if r < 0 || t.rests[i].depth() < t.rests[r].depth() {
			r = i
		}
	}
	for i := range t.plans {
		if f := t.plans[i].at; !f.waits && (p < 0 || f.depth < t.plans[p].at.depth) {
			p = i
		}
	}
	return r, p
}

// depth is how many steps of the trunk are above.
func (r *rest) depth() int {
	if r.up == nil {
		return 0
	}
	return r.up.depth + 1
}

func (t *trunk) giveRest(l *lanes, i int) {
	r := t.rests[i]
	t.rests = append(t.rests[:i], t.rests[i+1:]...)
	*l = lanes{busy: true, up: r.up, fork: -1, weight: r.weight}
	var k *packer
	l.task, k = t.task(r.up)
	l.task.Known = true
	l.task.Search.Path = append(l.task.Search.Path, each(r.path, k.moment)...)
}

// givePlan has lane l run a plan, unless it turns out to need no run.
func (t *trunk) givePlan(l *lanes, i int) {
	p := t.plans[i]
	t.plans = append(t.plans[:i], t.plans[i+1:]...)
	f := p.at
	here := f.asleep(carried(way(f.up)))
	if covered(append([]sequence(nil), here...), p.acts) {
		t.behind += p.weight
		return
	}
	f.waits = true
	*l = lanes{busy: true, up: f.up, at: f, choice: p.choice, fork: -1, weight: p.weight}
	var k *packer
	l.task, k = t.task(f.up)
	done := append([]sequence(nil), f.done...)
	if f.alt && !p.alt {
		done = append(done, sequence{f.older[0].act})
	}
	older := []moment{f.bare()}
	q := l.task.Search
	q.Plan, q.Done, q.Older, q.Carry = k.detour(&p.detour), each(done, k.sequence), each(older, k.moment), each(here, k.sequence)
}

// task makes a task below a step of the trunk.
func (t *trunk) task(up *knot) (*Task, *packer) {
	q := &parsimoniousPosition{Begun: true}
	k := t.names.packer(&q.Piece)
	k.coarse()
	for _, f := range way(up) {
		q.Path = append(q.Path, k.moment(&f.moment))
	}
	return &Task{Search: q, Base: len(q.Path)}, k
}

// way returns the steps of the trunk down to one.
func way(last *knot) []*knot {
	if last == nil {
		return nil
	}
	all := make([]*knot, last.depth+1)
	for f := last; f != nil; f = f.up {
		all[f.depth] = f
	}
	return all
}

// carried is what sleeps after those steps.
func carried(path []*knot) (carry []sequence) {
	for _, f := range path {
		if f.sched {
			carry = f.asleep(carry)
		}
		carry, _ = advance(carry, &f.act)
	}
	return carry
}
