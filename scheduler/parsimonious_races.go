package scheduler

// show has the run tell what could have been otherwise. Only what is new in it is looked at: the head, and what comes after. One that repeats others from some step on
// tells what it shows before that: where it took one of several alternatives, what it repeats need not have shown all of it.
func (s *parsimonious) show(r *parsimoniousRun, o *Outcome) {
	x := &s.run
	if last := int32(len(x.steps) - 1); last >= 0 && endedEarly(o) && !r.blocked {
		s.unfinished(last)
	}
	head := max(s.head(), 0)
	r.gaps |= gapIf(s.look(o, head, head), Spins)
}

// head is the step at which the run's schedule ends, -1 where it has none.
func (s *parsimonious) head() int32 {
	if len(s.plan.acts) == 0 {
		return -1
	}
	return int32(len(s.path) + len(s.plan.acts) - 1)
}

// unfinished lets others go first where the run's last step led to a verdict.
func (s *parsimonious) unfinished(last int32) {
	k := s.run.steps[last].node
	if k < 0 || s.scheduled(last) {
		return
	}
	n := s.nodes[k]
	n.taken.all = true
	for _, m := range n.can {
		if m.proc != n.taken.proc {
			s.find(last, []act{{move: m, all: true}}, false)
		}
	}
}

// instead plans an alternative of step i. Those of an alternative have been planned along with it.
func (s *parsimonious) instead(i int32, a act) {
	if i != s.head() || !s.plan.alt {
		s.find(i, []act{a}, true)
	}
}

func (s *parsimonious) otherCase(i int32, a *act) { s.instead(i, *a) }

// reverse plans what a depends on of the steps after i, and then a. An operation that waits depends on what its process knew, and on what it conflicts with and
// does not depend on i, such as other readers. Another one may turn out to conflict with more where it comes before i, so it is planned both after that and before.
func (s *parsimonious) reverse(i int32, a *act, _, needs vector) {
	x := &s.run
	if a.all {
		s.replace(i, a, needs)
		return
	}
	if int(s.at) < len(x.steps) && !waits[x.steps[s.at].kind] {
		s.replace(i, a, needs)
		if more := s.meets(i, a, needs); len(more) > 0 {
			s.replace(i, a, more)
		}
		return
	}
	if more := s.meets(i, a, needs); len(more) > 0 {
		needs = more
	}
	s.replace(i, a, needs)
}

// meets adds to what a needs the steps after i that it conflicts with and that do not depend on i; of a select those that it conflicts with where it is, too, as for the others
// there is earlier. It is empty where there are none.
func (s *parsimonious) meets(i int32, a *act, needs vector) (more vector) {
	x, j := &s.run, s.at
	for _, u := range a.uses {
		if int(u.obj) >= len(x.objs) {
			continue
		}
		h := x.objs[u.obj].used
		for k := len(h) - 1; k >= 0 && h[k].step > i; k-- {
			n := h[k].step
			if n >= j || !h[k].conflicts(&u) || x.steps[n].proc == a.proc || needs.knows(x.steps[n].proc, n) || x.after(i, n) {
				continue
			}
			if int(j) < len(x.steps) && x.selects(j) {
				if is, met := x.act(j), x.act(n); !is.conflicts(&met) {
					continue
				}
			}
			if more == nil {
				more = append(more, needs...)
			}
			more.join(x.steps[n].clock)
		}
	}
	return more
}

// replace plans what needs knows of the steps after i, and then a.
func (s *parsimonious) replace(i int32, a *act, needs vector) {
	x := &s.run
	if x.steps[i].node < 0 {
		return // nothing else could be carried out
	}
	alt := s.alternative(i)
	if s.scheduled(i) && alt == nil {
		s.earlier(i, a, needs)
		return
	}
	from := len(s.acts)
	for k := i + 1; k < min(s.at, x.shown); k++ {
		switch {
		case needs.knows(x.steps[k].proc, k) && !x.after(i, k):
			s.acts = append(s.acts, x.act(k))
		case s.isHead(k):
			s.acts = s.acts[:from]
			return // the race is to be seen elsewhere
		}
	}
	s.acts = append(s.acts, *a)
	v := s.acts[from:]
	if alt != nil {
		for k := range v {
			if v[k].conflicts(alt) {
				s.acts = s.acts[:from]
				return // likewise
			}
		}
	}
	choice, seen := a.alt >= 0, []use(nil)
	if int(s.at) < len(x.steps) {
		if choice = choice || x.steps[s.at].alt >= 0; x.selects(s.at) {
			seen = x.act(s.at).uses
		}
	}
	s.add(i, reversal{first: from, choice: choice, seen: seen})
}

// selects reports whether step i is a select of several cases.
func (x *execution) selects(i int32) bool { return x.steps[i].to-x.steps[i].from > 1 }

// earlier plans a, and what it needs, before step i, the head of a schedule, and within it, if the race of the two is not to be seen in the run that showed the schedule,
// where the head did not depend on it.
func (s *parsimonious) earlier(i int32, a *act, needs vector) {
	x := &s.run
	seen := s.seen(i)
	if len(seen) == 0 {
		return // others are planned after what they come to depend on and before it, see reverse
	}
	was := act{move: x.steps[i].move, uses: seen}
	if was.conflicts(a) {
		return
	}
	start := i
	for start > 0 && s.scheduled(start-1) && !s.isHead(start-1) {
		start--
	}
	from := len(s.acts)
	for k := start; k < min(s.at, x.shown); k++ {
		switch {
		case k < i || k > i && needs.knows(x.steps[k].proc, k) && !x.after(i, k):
			s.acts = append(s.acts, x.act(k))
		case k > i && s.isHead(k):
			s.acts = s.acts[:from]
			return
		}
	}
	head := x.act(i)
	head.alt = anyAlt
	s.acts = append(s.acts, *a, head)
	s.uses = append(s.uses, a.uses...) // its own are in room that is used again
	s.acts[len(s.acts)-2].uses = s.uses[len(s.uses)-len(a.uses) : len(s.uses) : len(s.uses)]
	s.add(start, reversal{first: from, choice: true, seen: seen})
}

// seen is what step i, the head of a schedule, did in the run that showed the schedule; nil where it is none or that is not known.
func (s *parsimonious) seen(i int32) []use {
	switch {
	case !s.isHead(i):
		return nil
	case int(i) < len(s.path):
		return s.path[i].seen
	}
	return s.plan.seen
}

// find plans v in place of step i.
func (s *parsimonious) find(i int32, v []act, alt bool) {
	from := len(s.acts)
	s.acts = append(s.acts, v...)
	s.add(i, reversal{first: from, alt: alt, choice: alt})
}

// add plans what acts ends with in place of step i.
func (s *parsimonious) add(i int32, f reversal) {
	begin := s.acts[f.first].move
	if s.nodes[s.run.steps[i].node].find(begin) < 0 {
		s.strayed++
		s.acts = s.acts[:f.first]
		return
	}
	last := &s.acts[len(s.acts)-1]
	k := len(s.uses)
	s.uses = append(s.uses, last.uses...) // its own are in room that is used again
	last.uses = s.uses[k:len(s.uses):len(s.uses)]
	f.at, f.end = i, len(s.acts)
	s.found = append(s.found, f)
}

// scheduled reports whether step i is in a schedule.
func (s *parsimonious) scheduled(i int32) bool {
	if int(i) < len(s.path) {
		return s.path[i].sched
	}
	return i <= s.head()
}

func (s *parsimonious) isHead(i int32) bool {
	if int(i) < len(s.path) {
		return s.path[i].head
	}
	return i == s.head()
}

// alternative returns the step that step i is an alternative of, or nil.
func (s *parsimonious) alternative(i int32) *act {
	if int(i) < len(s.path) {
		if m := &s.path[i]; m.alt {
			return &m.older[0].act
		}
	} else if i == s.head() && s.plan.alt {
		return &s.older[0].act
	}
	return nil
}
