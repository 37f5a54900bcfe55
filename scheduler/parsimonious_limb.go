package scheduler

// limb is what a parsimonious search has that is a part of a shared one.
type limb struct {
	base  int      // the steps of the path before are the trunk's: schedules that are to be run in place of one are told
	known bool     // the trunk knows what the schedule did that the limb began with
	slept sequence // what it did, until it has been told
	plans []wish   // to be told
}

// wish is a schedule that is to be run in place of a step of the trunk's.
type wish struct {
	at int32
	detour
}

// begin begins with a task.
func (s *parsimonious) begin(t *Task) error {
	u := s.take(t.Search)
	s.begun, s.limb = true, &limb{base: t.Base, known: t.Known}
	if t.Base > len(s.path) {
		u.fail(errTrunk)
	}
	if u.err == nil && len(s.path) > 0 && len(s.plan.acts) == 0 {
		s.over = !s.next()
	}
	return u.err
}

// outermost returns the first step of the path that has replaced some from which more is to be run; -1 for none.
func (s *parsimonious) outermost() int {
	for k := s.limb.base; k < len(s.path); k++ {
		if leftOf(s.path[k].older) {
			return k
		}
	}
	return -1
}

func leftOf(path []moment) bool {
	for i := range path {
		if len(path[i].todo) > 0 || leftOf(path[i].older) {
			return true
		}
	}
	return false
}

// news says what came of an order.
func (s *parsimonious) news(n *News, o *Order) {
	m := s.limb
	s.tell(n, s.again || s.selects)
	n.Selects = s.selects
	k := s.names.packer(&n.Piece)
	if n.Again {
		k.coarse()
		return
	}
	n.Known, n.Slept = m.known, k.acts(m.slept)
	m.slept = nil
	for i := range m.plans {
		n.Plans = append(n.Plans, toldPosition{m.plans[i].at, k.detour(&m.plans[i].detour)})
	}
	m.plans = m.plans[:0]
	n.Fork = s.outermost()
	if n.Fork >= 0 && o.Split && n.Ran == o.Runs && m.known {
		s.giveOver(n, k)
		n.Fork = s.outermost()
	}
	n.Behind = s.behind(m.base)
	if o.Stand && !n.Over {
		n.Stand = &Task{Search: s.position(), Base: m.base, Known: m.known}
	}
}

// giveOver gives the path down to the step n.Fork over to the trunk, and what that step has replaced.
func (s *parsimonious) giveOver(n *News, k *packer) {
	m, at := s.limb, n.Fork
	n.Rest = each(s.replaced(at), k.moment)
	for i := m.base; i < at; i++ {
		s.path[i] = s.path[i].bare()
		n.Path = append(n.Path, k.moment(&s.path[i]))
	}
	s.path[at] = s.path[at].bare()
	s.path[at].last = true
	m.base = at
}

// bare returns a step of a path without what is to be run in its place.
func (m *moment) bare() moment {
	b := *m
	b.todo, b.older, b.last = nil, nil, false
	if m.alt {
		b.older = []moment{{act: m.older[0].act}}
	}
	return b
}

// putBack makes the schedule that is to be run next one that waits.
func (s *parsimonious) putBack() {
	if k := len(s.path); s.older != nil {
		s.path = append(s.path, s.older...)
		s.path[k].done, s.path[k].todo = s.done, append([]detour{s.plan}, s.path[k].todo...)
	}
	s.plan, s.done, s.older, s.carry = detour{}, nil, nil, nil
}
