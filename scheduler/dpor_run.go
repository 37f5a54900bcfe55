package scheduler

// optimalRun is one run: along the decisions that are kept, then along the wakeup that is to be run, then by the default.
type optimalRun struct {
	of       *optimal
	policy   policy
	at       int       // decisions made
	known    int       // decisions kept, the last of which is taken otherwise than before
	fresh    int32     // the first step that is new, -1 as long as there is none
	then     []*wakeup // what is to be run next
	sleep    []*sleeper
	gaps     Gaps
	blocked  bool  // all that could be chosen sleeps
	end      int32 // where it blocked at a step for which there was no choice: that step, and what comes after it, shows nothing
	passed   bool  // the run is another's
	diverged *Divergence
}

var (
	_ Diverger = (*optimalRun)(nil)
	_ Locator  = (*optimalRun)(nil)
	_ Passer   = (*optimalRun)(nil)
)

func newOptimalRun(s *optimal) *optimalRun {
	r := &optimalRun{of: s, known: len(s.nodes), fresh: -1, then: s.next, sleep: s.asleep[:0]}
	s.next = nil
	r.policy.reset()
	if r.known == 0 {
		r.fresh = 0
	}
	return r
}

func (r *optimalRun) Locates() bool         { return true }
func (r *optimalRun) Diverged() *Divergence { return r.diverged }
func (r *optimalRun) Passed() bool          { return r.passed }

func (r *optimalRun) Pick(d *Decision) int {
	if r.diverged != nil {
		return Stop
	}
	r.take(d.Since, d.Homes)
	set := uint32(d.choicesHash() >> 32)
	if r.at < r.known {
		return r.follow(d, set)
	}
	n := r.of.node()
	n.set, n.at, n.tree = set, int32(len(r.of.run.steps)), r.then
	n.sleep = append(n.sleep, r.sleep...)
	for i := range d.Choices {
		n.add(&r.of.run, &d.Choices[i], d.Homes)
	}
	if t := r.of.top; t != nil {
		if r.blocked || t.enter(r, n) {
			r.passed = true
			return Stop
		}
		r.of.spread(n, r.policy.choose(d.Choices))
	}
	n.taken = sleeper{}
	i := r.planned(n)
	if i < 0 {
		i = r.awake(n, r.policy.choose(d.Choices))
	}
	n.taken.move = n.can[i]
	r.of.nodes = append(r.of.nodes, n)
	r.at++
	return i
}

// follow takes a decision that is kept, if the choices are those that there were.
func (r *optimalRun) follow(d *Decision, set uint32) int {
	n := r.of.nodes[r.at]
	i := -1
	if set == n.set {
		i = n.find(n.taken.move)
	}
	if i < 0 {
		r.diverged = &Divergence{Decision: r.at + 1, Step: d.Step, How: OtherChoices, Op: d.Choices[0]}
		return Stop
	}
	if r.at++; r.at == r.known {
		n.taken.move = n.can[i]
		r.fresh = n.at
		r.sleep = append(r.sleep[:0], n.sleep...)
	}
	return i
}

// add adds to what could be chosen.
func (n *node) add(x *execution, c *Choice, homes []uint64) {
	o := theTime
	if c.Alt >= 0 || c.G == Clock {
		o = x.obj(c.Obj, homes)
	}
	n.can, n.objs = append(n.can, move{x.proc(c, homes), c.Alt}), append(n.objs, o)
}

// find returns which choice a move is, or -1.
func (n *node) find(m move) int {
	for i, c := range n.can {
		if c.proc == m.proc && (c.alt == m.alt || m.alt == anyAlt) {
			return i
		}
	}
	return -1
}

// planned takes the first wakeup of the node's tree and returns which choice it is, or -1 where there is none.
func (r *optimalRun) planned(n *node) int {
	for len(n.tree) > 0 {
		b := n.tree[0]
		n.tree = n.tree[1:]
		if i := n.find(b.move); i >= 0 {
			n.taken, r.then = sleeper{act: b.act}, b.then
			r.of.spare = append(r.of.spare, b)
			return i
		}
		r.of.strayed++
	}
	r.then = nil
	return -1
}

// awake returns the default's choice, or the next one where that sleeps.
func (r *optimalRun) awake(n *node, i int) int {
	for k := range n.can {
		if j := (i + k) % len(n.can); !n.asleep(n.can[j]) {
			return j
		}
	}
	r.blocked = true
	return i
}

func (n *node) asleep(m move) bool {
	for i := range n.sleep {
		if n.sleep[i].move == m {
			return true
		}
	}
	return false
}

// take takes up what was carried out since the last decision.
func (r *optimalRun) take(events []Event, homes []uint64) {
	r.policy.see(events)
	from, hidden := r.of.run.take(events, homes, r.at)
	r.gaps |= gapIf(hidden, HiddenWait)
	for i := from; i < len(r.of.run.steps); i++ {
		r.took(int32(i))
	}
}

// took is called after each step.
func (r *optimalRun) took(i int32) {
	if r.fresh < 0 || i < r.fresh {
		return
	}
	x := &r.of.run
	a := x.act(i)
	if n := x.steps[i].node; n >= 0 {
		taken := &r.of.nodes[n].taken
		guess := taken.uses
		if alike(guess, a.uses) {
			guess = nil
		}
		*taken = sleeper{act: r.of.clone(&a), marks: x.steps[i].marks, guess: guess}
		r.guessed(&a, guess)
	} else if r.forced(&a); r.blocked && r.end == 0 {
		r.end = i
	}
	awake := 0
	for k := range r.sleep {
		if r.sleep[k].conflicts(&a) {
			continue
		}
		if awake < k {
			r.sleep[awake] = r.sleep[k]
		}
		awake++
	}
	r.sleep = r.sleep[:awake]
}

// guessed looks whether what was guessed of a step matters. How a step turns out that is brought forward is known before, but for a few (see before); those are planned
// as the most that they could be, and plans were kept apart, or taken to be covered, by that. Where something that sleeps is independent of
// what the step came to do, and not of what was guessed of it or the other way round, classes may be left out, so the search is not complete.
func (r *optimalRun) guessed(a *act, guess []use) {
	for k := range r.sleep {
		b := r.sleep[k]
		if guess == nil && b.guess == nil || b.conflicts(a) {
			continue
		}
		g, h := act{move: a.move, uses: guess}, act{move: b.move, uses: b.guess}
		r.gaps |= gapIf(b.conflicts(&g) || h.conflicts(a), Guessed)
	}
}

// forced goes on in the plan after a step for which there was no choice.
func (r *optimalRun) forced(a *act) {
	for k := range r.sleep {
		if r.sleep[k].move == a.move {
			r.blocked = true
		}
	}
	var then []*wakeup
	for _, b := range r.then {
		if b.proc == a.proc {
			then = b.then
			r.of.spare = append(r.of.spare, b)
		} else {
			r.of.strayed++
		}
	}
	r.then = then
}

func (r *optimalRun) End(o *Outcome) {
	if r.diverged == nil {
		r.take(o.Since, o.Homes)
		if r.at < r.known && !o.Cut {
			r.diverged = &Divergence{Decision: r.at + 1, Step: o.Steps, How: TooShort, Want: r.known}
		}
	}
	if t := r.of.top; t != nil && r.diverged == nil && !r.passed {
		r.passed = t.ended(r, o) || r.blocked
	}
	r.of.asleep = r.sleep
	r.of.done(r, o)
}

// endedEarly reports whether the run ended although goroutines could go on.
func endedEarly(o *Outcome) bool {
	return o.Kind != "" && o.Kind != KindDeadlock && o.Kind != KindLeak
}
