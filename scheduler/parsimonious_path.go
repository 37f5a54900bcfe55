package scheduler

import (
	"cmp"
	"slices"
)

// keep makes the run the path, as far as anything is to be run in place of its steps.
func (s *parsimonious) keep(r *parsimoniousRun) {
	at := len(s.path)
	if len(s.run.steps) <= at || r.fresh < 0 {
		if s.older != nil { // it has not come to where it was to leave the path
			s.path = append(s.path, s.older...)
			s.path[at].done = s.done
		}
		return
	}
	slices.SortStableFunc(s.found, func(f, g reversal) int { return cmp.Compare(f.at, g.at) })
	last := min(at+len(s.plan.acts), len(s.run.steps))
	for i := range s.found {
		last = max(last, int(s.found[i].at)+1)
	}
	s.extend(max(last, at+1))
	for k := len(s.nodes) - 1; k >= r.known && int(s.nodes[k].at) >= len(s.path); k-- {
		s.free = append(s.free, s.nodes[k])
	}
	first := &s.path[at]
	first.older, first.done, first.alt, first.choice = s.older, s.done, s.plan.alt, s.plan.choice
	s.older, s.done = nil, nil
	for _, f := range s.found {
		d := detour{s.cloned(s.acts[f.first:f.end]), f.alt, f.choice, s.clone(act{uses: f.seen}).uses}
		if s.limb != nil && int(f.at) < s.limb.base {
			s.limb.plans = append(s.limb.plans, wish{f.at, d})
			continue
		}
		m := &s.path[f.at]
		if m.todo == nil {
			m.todo = s.waiting.take(1)[:0]
		}
		m.todo = append(m.todo, d)
	}
	if s.limb != nil && !s.limb.known {
		s.limb.known, s.limb.slept, first.last = true, s.slept(at), true
	}
}

// extend appends the steps of the run to the path, up to there.
func (s *parsimonious) extend(end int) {
	x := &s.run
	at := len(s.path)
	for i := at; i < end; i++ {
		a := s.clone(x.act(int32(i)))
		m := moment{act: a, sched: i < at+len(s.plan.acts), head: i == at+len(s.plan.acts)-1}
		if m.head {
			m.seen = s.plan.seen
		}
		if k := x.steps[i].node; k >= 0 {
			m.node = s.nodes[k]
			m.all = m.all || m.node.taken.all
			m.node.taken = sleeper{act: act{move: a.move}}
		}
		s.path = append(s.path, m)
	}
}

// next chooses what is to be run: the schedule that leaves the path first.
func (s *parsimonious) next() bool {
	for {
		carry := s.carry[:0]
		for k := range s.path {
			m := &s.path[k]
			for len(m.todo) > 0 {
				p := m.todo[0]
				m.todo = m.todo[1:]
				here := m.asleep(append(s.here[:0], carry...))
				s.copy = append(s.copy[:0], here...)
				if s.here = here; !covered(s.copy, p.acts) {
					s.here = carry
					s.leave(k, p, here)
					return true
				}
			}
			if m.sched {
				carry = m.asleep(carry)
			}
			carry, _ = advance(carry, &m.act)
		}
		s.carry = carry
		if !s.restore() {
			return false
		}
	}
}

// asleep appends what must not be run in the step's place. What an alternative of another step can be replaced by excludes that one, and not the other, so the other
// sleeps there as well: all that begins with it is run where it stands.
func (m *moment) asleep(to []sequence) []sequence {
	to = append(to, m.done...)
	if m.alt {
		to = append(to, sequence{m.older[0].act})
	}
	return to
}

// leave has the next run take p in place of step k of the path. What is put by is no longer than need be: up to the last step in whose place something is to be
// run, or whose schedule has replaced something.
func (s *parsimonious) leave(k int, p detour, carry []sequence) {
	last := k
	for i := k + 1; i < len(s.path); i++ {
		if m := &s.path[i]; m.sched || len(m.todo) > 0 {
			last = i
		}
	}
	s.older = append([]moment(nil), s.path[k:last+1]...)
	s.discard(s.path[last+1:])
	s.done, s.older[0].done = s.older[0].done, nil
	if s.older[0].alt && !p.alt {
		s.done = append(s.done, sequence{s.older[0].older[0].act})
	}
	clear(s.path[k:])
	s.path, s.plan, s.carry = s.path[:k], p, carry
}

// restore takes up again what the last schedule on the path has replaced: all that begins with the schedule has been run.
func (s *parsimonious) restore() bool {
	k, base := len(s.path)-1, 0
	if s.limb != nil {
		base = s.limb.base
	}
	for k >= base && s.path[k].older == nil && !s.path[k].last {
		k--
	}
	if k < base || s.path[k].last {
		return false
	}
	older := s.replaced(k)
	s.discard(s.path[k:])
	s.path = append(s.path[:k], older...)
	return true
}

// discard lets go of steps that are on no path any more.
func (s *parsimonious) discard(path []moment) {
	for i := range path {
		if n := path[i].node; n != nil {
			s.free = append(s.free, n)
		}
	}
	clear(path)
}

// slept returns the schedule at step k of the path, as it has been run.
func (s *parsimonious) slept(k int) (v sequence) {
	alt := s.path[k].alt
	for i := k; i < len(s.path); i++ {
		a := s.path[i].act
		if s.path[i].head && !alt {
			a.alt = anyAlt // its alternatives have been run as well
		}
		v = append(v, a)
		if s.path[i].head {
			break
		}
	}
	return v
}

// replaced returns what the schedule at step k of the path has replaced, as it is once all has been run that begins with the schedule.
func (s *parsimonious) replaced(k int) []moment {
	m, slept := &s.path[k], s.slept(k)
	was := &m.older[0]
	was.tried++
	for _, q := range m.done {
		if len(q) == 1 && (q[0].move == was.move || was.alt && q[0].move == was.older[0].move) {
			continue // it sleeps in what replaces an alternative only
		}
		was.done = append(was.done, q)
	}
	if m.choice || matters(&was.act, &slept[len(slept)-1]) {
		was.done = append(was.done, slept)
	}
	return m.older
}

// matters reports whether what begins with a schedule could also be run otherwise in place of the step: by a schedule whose head is independent of this one's.
func matters(was, head *act) bool {
	if was.all || len(was.uses) != 1 {
		return true
	}
	for _, u := range head.uses {
		if u.obj == was.uses[0].obj {
			return u.mode != Writes
		}
	}
	return true
}
