package scheduler

// parsimoniousRun is one run: along the path, then along the plan, then by the default.
type parsimoniousRun struct {
	of       *parsimonious
	policy   policy
	at       int        // decisions made
	known    int        // decisions on the path
	fresh    int32      // the first step that is not on the path, -1 as long as the run has not come to it
	then     []act      // what is left of the plan
	carry    []sequence // what sleeps
	gaps     Gaps
	blocked  bool  // all that could be chosen sleeps
	end      int32 // the step from which on it repeats others, then
	diverged *Divergence
}

var (
	_ Diverger = (*parsimoniousRun)(nil)
	_ Locator  = (*parsimoniousRun)(nil)
)

func newParsimoniousRun(s *parsimonious) *parsimoniousRun {
	r := &parsimoniousRun{of: s, fresh: -1, then: s.plan.acts, carry: append(s.sleeping[:0], s.carry...)}
	s.sleeping = r.carry[:0]
	r.policy.reset()
	s.nodes = s.nodes[:0]
	for i := range s.path {
		if n := s.path[i].node; n != nil {
			s.nodes = append(s.nodes, n)
		}
	}
	if r.known = len(s.nodes); len(s.path) == 0 {
		r.fresh = 0
	}
	return r
}

func (r *parsimoniousRun) Locates() bool         { return true }
func (r *parsimoniousRun) Diverged() *Divergence { return r.diverged }

func (r *parsimoniousRun) Pick(d *Decision) int {
	if r.diverged != nil {
		return Stop
	}
	r.take(d.Since, d.Homes)
	s, set := r.of, uint32(d.choicesHash()>>32)
	if r.at < r.known {
		n := s.nodes[r.at]
		i := -1
		if set == n.set {
			i = n.find(n.taken.move)
		}
		if i < 0 {
			return r.departs(d)
		}
		r.at++
		return i
	}
	if r.at == r.known && s.older != nil && s.older[0].node != nil && s.older[0].node.set != set {
		return r.departs(d)
	}
	n := s.node(d, set)
	i := r.planned(n)
	if i < 0 {
		i = r.awake(n, r.policy.choose(d.Choices))
	}
	n.taken = sleeper{act: act{move: n.can[i]}}
	s.nodes = append(s.nodes, n)
	r.at++
	return i
}

// departs ends a run that is not what it was.
func (r *parsimoniousRun) departs(d *Decision) int {
	r.diverged = &Divergence{Decision: r.at + 1, Step: d.Step, How: OtherChoices, Op: d.Choices[0]}
	return Stop
}

// node returns a node for a decision.
func (s *parsimonious) node(d *Decision, set uint32) *node {
	n := reused(&s.free)
	if n == nil {
		n = &node{can: make([]move, 0, len(d.Choices)), objs: make([]int32, 0, len(d.Choices))}
	}
	*n = node{set: set, at: int32(len(s.run.steps)), can: n.can[:0], objs: n.objs[:0]}
	for i := range d.Choices {
		n.add(&s.run, &d.Choices[i], d.Homes)
	}
	return n
}

// planned returns which choice the next step of the plan is, or -1 where there is none.
func (r *parsimoniousRun) planned(n *node) int {
	if len(r.then) == 0 {
		return -1
	}
	m := r.then[0].move
	if i := n.find(m); i < 0 {
		r.of.strayed++
		r.then = nil
		return -1
	} else if m.alt != anyAlt {
		return i
	}
	for i, c := range n.can {
		if c.proc == m.proc && !asleep(r.carry, c) {
			return i
		}
	}
	return n.find(m)
}

// awake returns the default's choice, or the next one where that sleeps.
func (r *parsimoniousRun) awake(n *node, i int) int {
	for k := range n.can {
		if j := (i + k) % len(n.can); !asleep(r.carry, n.can[j]) {
			return j
		}
	}
	r.repeats(int32(len(r.of.run.steps)))
	return i
}

// repeats notes that from step i on the run repeats others.
func (r *parsimoniousRun) repeats(i int32) {
	if !r.blocked {
		r.blocked, r.end = true, i
	}
}

// take takes up what was carried out since the last decision.
func (r *parsimoniousRun) take(events []Event, homes []uint64) {
	r.policy.see(events)
	from, hidden := r.of.run.take(events, homes, r.at)
	r.gaps |= gapIf(hidden, HiddenWait)
	for i := max(from, len(r.of.path)); i < len(r.of.run.steps); i++ {
		r.took(int32(i))
	}
}

// took is called after each step that is not on the path.
func (r *parsimoniousRun) took(i int32) {
	if r.fresh < 0 {
		r.fresh = i
	}
	x := &r.of.run
	a := x.act(i)
	r.of.selects = r.of.selects || x.selects(i)
	if n := x.steps[i].node; n >= 0 {
		r.of.nodes[n].taken.act = a
	}
	if len(r.then) > 0 {
		if r.then[0].proc == a.proc {
			r.then = r.then[1:]
		} else {
			r.of.strayed++
			r.then = nil
		}
	}
	blocked := false
	if r.carry, blocked = advance(r.carry, &a); blocked {
		r.repeats(i)
	}
}

func (r *parsimoniousRun) End(o *Outcome) {
	if r.diverged == nil {
		r.take(o.Since, o.Homes)
		if r.at < r.known && !o.Cut {
			r.diverged = &Divergence{Decision: r.at + 1, Step: o.Steps, How: TooShort, Want: r.known}
		}
	}
	r.of.ended(r, o)
}
