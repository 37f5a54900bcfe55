package scheduler

import (
	"github.com/lastcall-go/lastcall/internal/kernel"
)

// plan inserts into the wakeup trees what the run shows to be possible otherwise.
func (s *optimal) plan(r *optimalRun, o *Outcome) {
	if r.fresh < 0 {
		return
	}
	if len(s.run.steps) > 0 && endedEarly(o) {
		s.unfinished(int32(len(s.run.steps) - 1))
	}
	r.gaps |= gapIf(s.look(o, 0, r.fresh), Spins)
}

// unfinished lets others go first where the run's last step led to a verdict.
func (s *optimal) unfinished(last int32) {
	x := &s.run
	k := x.steps[last].node
	if k < 0 {
		return
	}
	n := s.nodes[k]
	n.taken.all = true
	n.taken.marks = n.taken.act.marks()
	for _, m := range n.can {
		if m.proc != n.taken.proc {
			s.insert(n, s.alone(&act{move: m, all: true}))
		}
	}
}

// alternatives has the other alternatives of step j's operation run as well.
func (s *finder) alternatives(n *node, j int32) {
	x := &s.run
	moves := x.steps[j].kind == kernel.ClockMove
	for k, m := range n.can {
		if m == n.taken.move || m.proc != n.taken.proc && !moves {
			continue
		}
		a := act{move: m, all: n.taken.all, uses: append([]use(nil), n.taken.uses...)}
		for i := range a.uses {
			if a.uses[i].mode = Reads; a.uses[i].obj == n.objs[k] {
				a.uses[i].mode = Writes
			}
		}
		s.to.instead(j, a)
	}
}

// otherCases has the other cases run that the select could have taken which step j is. They depend on what the one that was taken need not depend on,
// a look at a channel, say: so each is run after all that could have come before, as if it raced with step j.
func (s *finder) otherCases(n *node, j int32) {
	x := &s.run
	st := &x.steps[j]
	for _, m := range n.can {
		if m.proc != st.proc || m == st.move {
			continue
		}
		for k := st.from; k < st.to; k++ {
			if c := x.cases[k]; c.alt == m.alt {
				was := x.found(j, j, &c)
				s.mine = x.takes(s.mine[:0], j, j, &c, &was)
				s.to.otherCase(j, &act{move: m, uses: s.mine})
			}
		}
	}
}

// unfired lets a timer that was due when step j was chosen fire before it, if it was set anew or cannot fire any more: it was
// stopped, or nobody waits at its channel now.
func (s *finder) unfired(n *node, j int32) {
	x := &s.run
	if k := x.steps[j].kind; k == kernel.ClockMove || len(s.names.timers) == 0 {
		return
	}
	for _, m := range n.can {
		t, ok := s.names.timers[m.proc]
		if !ok || m.proc == n.taken.proc {
			continue
		}
		x.loose = true
		if !x.writes(j, t) && s.mayFire(m, j) {
			continue
		}
		a := act{move: m, uses: append([]use{{obj: t, mode: Writes}, {obj: theTime, mode: Reads}}, n.taken.uses...)}
		for i := range n.taken.uses {
			a.uses[2+i].mode = Writes // that is how the one keeps the other from being carried out
		}
		s.to.reverse(j, &a, nil, nil)
	}
}

// mayFire reports whether m fires right after step j, or could at the next decision.
func (s *finder) mayFire(m move, j int32) bool {
	x := &s.run
	for i := j + 1; int(i) < len(x.steps); i++ {
		if x.steps[i].proc == m.proc {
			return true
		}
		if k := x.steps[i].node; k >= 0 {
			return s.nodes[k].find(m) >= 0
		}
	}
	return false
}

func (x *execution) writes(j, o int32) bool {
	for _, u := range x.uses[x.steps[j].first:x.steps[j].end] {
		if u.obj == o {
			return u.mode == Writes
		}
	}
	return false
}

// races finds the steps that step j races with, and has it run before each.
func (s *finder) races(j int32) {
	x := &s.run
	st := &x.steps[j]
	s.one = x.act(j)
	a := &s.one
	a.alt = anyAlt
	if st.all {
		if st.kind != kernel.ClockMove {
			s.lookBack(a, st.before, j)
		}
		return
	}
	if w := st.wall; w >= 0 && x.steps[w].kind != kernel.ClockMove && !st.before.knows(x.steps[w].proc, w) {
		if k := x.steps[w].node; k >= 0 && s.nodes[k].find(a.move) >= 0 {
			s.before(w, j, a) // it could have been carried out then
			return
		}
	}
	if waits[st.kind] && !(ofContexts[st.kind] && x.mayPrecede(a.uses, st.kind)) {
		if len(a.uses) > 0 {
			s.waited(a, st.before, a.uses[0], x.mine(j).local, st.kind)
			s.besides(j)
		}
		return
	}
	with := s.with[:0]
	for _, u := range a.uses {
		with = x.lastBlock(with, u)
	}
	s.with = with
	for _, i := range with {
		if x.direct(i, j, with) {
			s.before(i, j, a)
		}
	}
}

// mayPrecede reports whether an operation of that kind could have been carried out before the last step that conflicts with its use of its object.
func (x *execution) mayPrecede(uses []use, kind Kind) bool {
	if len(uses) == 0 {
		return true
	}
	h := x.objs[uses[0].obj].used
	k := int(uses[0].at) - 1
	for k >= 0 && !h[k].conflicts(&uses[0]) {
		k--
	}
	return k < 0 || h[k].state.allows(kind)
}

// lastBlock appends the steps of the last block of uses that conflict with u. Of a block of sends and receives these are the last of each that do.
func (x *execution) lastBlock(to []int32, u use) []int32 {
	h := x.objs[u.obj].used
	k := int(u.at) - 1
	for k >= 0 && !h[k].conflicts(&u) {
		k--
	}
	if k >= 0 && h[k].mode == Flows {
		to = append(to, h[k].step)
		for n := k - 1; n >= 0 && h[n].mode == Flows; n-- {
			if (h[n].part > 0) != (h[k].part > 0) && h[n].conflicts(&u) {
				return append(to, h[n].step)
			}
		}
		return to
	}
	for first := k; k >= 0 && (k == first || h[k].mode == h[first].mode && h[k].mode != Writes); k-- {
		to = append(to, h[k].step)
	}
	return to
}

// direct reports whether step j depends on step i through none of the steps in between.
func (x *execution) direct(i, j int32, with []int32) bool {
	p := x.steps[i].proc
	if p == x.steps[j].proc || x.steps[j].before.knows(p, i) {
		return false
	}
	for _, k := range with {
		if k != i && x.after(i, k) {
			return false
		}
	}
	w := x.steps[j].wall
	return w < 0 || i > w
}

// instead has a run in place of step i.
func (s *optimal) instead(i int32, a act) { s.insert(s.nodes[s.run.steps[i].node], s.alone(&a)) }

// otherCase has a run in place of step i.
func (s *optimal) otherCase(i int32, a *act) { s.reverse(i, a, nil, nil) }

// reverse has a run before step i, along with all that does not depend on i, or as much of that as past knows where that is given.
func (s *optimal) reverse(i int32, a *act, past, _ vector) {
	x := &s.run
	k := x.steps[i].node
	if k < 0 {
		return // nothing else could be carried out
	}
	n, j := s.nodes[k], i+1
	for j < x.shown && !x.runsWithout(i, j, past) {
		j++
	}
	begin := a.move
	if j < x.shown {
		begin = x.steps[j].move
	}
	switch {
	case n.whole:
		return
	case n.asleep(begin): // as most are, most of the time: it has been run
		x.loose = x.loose || j >= s.at
		return
	case n.find(begin) < 0:
		s.strayed++
		x.loose = true
		return
	}
	d := s.alone(a)
	d.firm, d.links = s.firm(i), d.links[:0]
	for ; j < x.shown; j++ {
		if x.runsWithout(i, j, past) {
			if d.links = append(d.links, link{x.steps[j].move, j, x.steps[j].marks}); j < s.at {
				d.steps++
			}
		}
	}
	d.links = append(d.links, link{a.move, -1, a.marks()})
	s.insert(n, d)
}
