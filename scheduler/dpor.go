package scheduler

// optimal is the search without bounds: of each set of schedules that differ in the order of independent steps only, it runs one.
//
// It is Optimal-DPOR with wakeup trees (Abdulla, Aronis, Jonsson, Sagonas: Source Sets, JACM 2017, algorithm 2), and departs from the paper where
// Go does:
//   - An operation that waits (a lock, a channel with room for some) is disabled by steps of others, which the paper rules out. Such an operation races not with
//     the step that enabled it, but with the latest step before which it could have been carried out; and so do, when the run ends, operations
//     that never could be (see races.go). Nidhugg does the like for mutexes.
//   - The alternatives of one operation (the ready cases of a select, whom Signal wakes) are branches that conflict with each other.
//   - A step that is brought forward may turn out otherwise (a compare-and-swap fails) and so depend on other steps. How it turns out is known before it is planned
//     (see dpor_outcome.go).
//   - Each timer is a process of its own, which takes a step when it fires. The clock's move to the next instant depends on everything, and what could have been moved to
//     is an alternative.
//   - A verdict ends a run while others could go on. Its last step is taken to depend on everything, so that the others are let go first as well.
type optimal struct {
	course
	finder // nodes: the decisions of the last run, up to the one that the next run takes otherwise
	next   []*wakeup
	top    *division // nil where the search is not divided
	part   bool      // it is a limb of a shared one,
	base   int       // and these decisions are not its own

	free   []*node
	uses   slab[use]
	plans  slab[wakeup]
	spare  []*wakeup     // not planned any more
	then   slab[*wakeup] // rooms for one
	draft  draft         // room for a plan
	asleep []*sleeper    // and for what sleeps in a run
	woken  []*sleeper    // that sleep nowhere any more
}

var _ Completer = (*optimal)(nil)

// node is a decision on the way of the run at hand.
type node struct {
	set   uint32  // hash of what could be chosen
	at    int32   // the step that was chosen, as an index into the run
	can   []move  // what could be chosen
	objs  []int32 // on which objects, by choice, of those of which there are alternatives
	taken sleeper
	whole bool       // all that could be chosen is run from here: nothing need be planned
	tried int        // how many of them have been
	sleep []*sleeper // what need not be run from here: it has been, or elsewhere
	tree  []*wakeup  // what must be run from here, in this order: the wakeup tree without the wakeup that is being run
}

// sleeper is a step that has been carried out, or is: when all that begins with it has been run, it sleeps.
type sleeper struct {
	act
	marks marks
	guess []use // what was planned of it, if that was something else
	far   bool  // it sleeps since a decision from which all is run, see division
}

// wakeup is a part of a wakeup tree: a step, and what must be run after it.
type wakeup struct {
	act
	marks marks
	then  []*wakeup
}

func newOptimal() *optimal {
	s := &optimal{finder: finder{names: newNames()}}
	s.to = s
	s.changed.L = &s.mu
	return s
}

func (s *optimal) String() string { return "exhaustive" }

// Next returns the run that takes the next wakeup.
func (s *optimal) Next() (Run, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.await()
	if s.over {
		if s.top == nil || !s.top.again() {
			return nil, false
		}
		s.next, s.over = nil, false
	}
	s.begun, s.running = true, true
	s.run.reset(&s.names)
	return newOptimalRun(s), true
}

// Complete reports whether a schedule of every class has been run to its end.
func (s *optimal) Complete() bool { return s.course.Complete() && (s.top == nil || !s.trying()) }

// trying reports whether the parts of the division are counted only.
func (s *optimal) trying() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.top.trial
}

// done takes up what a run showed, and goes back to the last decision from which something is left to run.
func (s *optimal) done(r *optimalRun, o *Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = false
	if r.blocked {
		s.blocked++
	}
	if r.diverged == nil && (!r.blocked && !r.passed || r.blocked && s.top != nil) {
		s.run.shown = int32(len(s.run.steps))
		if r.end > 0 {
			s.run.shown = r.end
		}
		s.plan(r, o)
	}
	s.gaps |= r.gaps | gapsOf(o, r.diverged)
	s.backtrack()
	s.changed.Broadcast()
}

func (s *optimal) backtrack() {
	if s.again && s.part {
		s.over = true
		return
	}
	if s.again {
		for _, n := range s.nodes {
			s.drop(n)
		}
		s.nodes, s.next, s.again = s.nodes[:0], nil, false
		s.run.forget()
		if s.top != nil {
			s.top.restart()
			s.gaps |= gapIf(!s.top.own, OtherShards)
		}
		if s.trunk != nil {
			s.trunk.clear()
		}
		return
	}
	for len(s.nodes) > s.base {
		n := s.nodes[len(s.nodes)-1]
		b := s.sleeper()
		*b = n.taken
		b.far = n.whole
		n.sleep = append(n.sleep, b)
		n.tried++
		if len(n.tree) > 0 {
			b := n.tree[0]
			n.tree[0] = nil
			n.tree = n.tree[1:]
			n.taken, s.next = sleeper{act: b.act}, b.then
			s.spare = append(s.spare, b)
			return
		}
		s.drop(n)
		s.nodes = s.nodes[:len(s.nodes)-1]
	}
	s.over = true
}

// node returns a fresh node.
func (s *optimal) node() *node {
	if n := reused(&s.free); n != nil {
		return n
	}
	return new(node)
}

// reused takes the last out of a list of what is not in use; it is nil where there is none.
func reused[T any](free *[]*T) *T {
	last := len(*free) - 1
	if last < 0 {
		return nil
	}
	p := (*free)[last]
	*free = (*free)[:last]
	return p
}

// sleeper returns one that is not in use.
func (s *optimal) sleeper() *sleeper {
	if b := reused(&s.woken); b != nil {
		return b
	}
	return new(sleeper)
}

func (s *optimal) drop(n *node) {
	s.woken = append(s.woken, n.sleep[len(n.sleep)-n.tried:]...) // the others sleep above
	*n = node{can: n.can[:0], objs: n.objs[:0], sleep: n.sleep[:0]}
	s.free = append(s.free, n)
}
