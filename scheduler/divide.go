package scheduler

// Passing over. A search that is divided makes runs that lead to another's part; those are ended there, or are not counted where they have
// come to an end on their way. A Run that is a Passer says so.
type Passer interface {
	Run
	Passed() bool // the run is another's, and final after End
}

func passed(r Run) bool {
	p, ok := r.(Passer)
	return ok && p.Passed()
}

// A Divider is a Sharder that asks who runs what.
type Divider interface {
	Sharder

	// Divide has mine called for each part in the order of their numbers from 0, once when the search has come to it; where it says no the
	// part is passed over. A part has been run when the next one's turn is. There are so many of them, or more; small searches have fewer.
	Divide(parts int, mine func(part int) bool)
}

// Parts returns into how many parts, at least, a search is divided for n shards. Parts are not of one size, so there are many; and shards that
// do not know of each other have to count the same, however many processes each has.
func Parts(n int) int { return 16 * max(n, 4) }

// division is how the optimal search is divided.
//
// Near the root all that can be chosen is run from every decision, but for what sleeps. That alone, without any look at races, runs each class
// once and begins some runs in vain, that only repeat others (Godefroid, Partial-Order Methods, 1996, theorem 5.3 and chapter 5): so from the root
// to the decision number depth the tree is the same whatever is found below, and what lies below one of those decisions is a part that can be
// run anywhere, begun with what sleeps there. Within a part the search goes on as without division, but for three things, as in Source-DPOR:
//   - A race with a step above the part needs no plan, since all there is to choose is run there.
//   - What sleeps since above the part forbids a plan only where the plan has a step of its process, with which it could begin. That it could come
//     before the plan is not enough, though it is without division: there the run in which it came first left a longer plan, here that run was
//     another part's.
//   - A run that only repeats others has its races looked at, since what it shows of the part may not be shown by another run.
//
// What it does not do is to make the parts alike: a class is in the first part that one of its schedules begins like, and where the first steps are independent
// that is the first part for most of them.
//
// The depth is the least at which there are as many parts as were asked for. It is found by trying, with runs that are ended at that depth.
type division struct {
	want  int
	mine  func(part int) bool
	depth int
	parts int  // begun so far
	found int  // with the depth before
	own   bool // all parts are this search's
	trial bool // the parts are counted only
	deep  bool // a run of this trial has come to the depth
}

// Shard has the search run the i-th of n shares of the classes: every n-th part.
func (s *optimal) Shard(i, n int) {
	s.Divide(Parts(n), func(part int) bool { return part%n == i })
}

// Divide has mine decide which parts are run.
func (s *optimal) Divide(parts int, mine func(part int) bool) {
	if s.begun {
		panic("scheduler: Divide after Next")
	}
	s.top = newDivision(parts, mine)
}

func newDivision(parts int, mine func(part int) bool) *division {
	return &division{want: parts, mine: mine, depth: 1, trial: true}
}

// divide has the processes that share the search run its parts.
func (s *optimal) divide() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.top = ownDivision()
	s.share(s.trunk)
	s.over = false
}

func ownDivision() *division {
	t := newDivision(Parts(1), func(int) bool { return true })
	t.own = true
	return t
}

var _ Divider = (*optimal)(nil)

// enter is called before a new decision is made. It reports whether the run is to be ended here: it has come to a part that is another's.
func (t *division) enter(r *optimalRun, n *node) (end bool) {
	switch {
	case n.allAsleep() && len(n.tree) == 0:
		r.blocked = true
		return true
	case r.at < t.depth:
		n.whole = true
		return false
	case r.at > t.depth || r.known > t.depth:
		return false // within a part
	}
	t.deep = true
	return !t.begin()
}

// begin begins the next part, and reports whether it is to be run.
func (t *division) begin() bool {
	t.parts++
	return !t.trial && t.mine(t.parts-1)
}

// ended is called at a run's end: one that has not come to the depth is a part of its own.
func (t *division) ended(r *optimalRun, o *Outcome) (pass bool) {
	if last := len(r.of.run.steps) - 1; last >= 0 && len(r.of.nodes) <= t.depth && endedEarly(o) {
		r.of.unfinished(int32(last)) // what sleeps is to be the same in all shares
	}
	return !r.blocked && len(r.of.nodes) <= t.depth && r.at <= t.depth && !t.begin()
}

// restart is called where the tree is to be gone through from its root in the same way.
func (t *division) restart() { t.parts, t.deep = 0, false }

// again reports whether the tree is to be gone through once more, deeper or for good.
func (t *division) again() bool {
	if !t.trial {
		return false
	}
	t.found, t.parts = t.parts, 0
	if t.found >= t.want || !t.deep {
		t.trial = false
	} else {
		t.depth++
	}
	t.deep = false
	return true
}

func (n *node) allAsleep() bool {
	for _, m := range n.can {
		if !n.asleep(m) {
			return false
		}
	}
	return true
}

// spread plans all there is to choose from a whole node, the default first.
func (s *optimal) spread(n *node, first int) {
	if !n.whole {
		return
	}
	n.tree = nil
	for k := range n.can {
		if m := n.can[(first+k)%len(n.can)]; !n.asleep(m) {
			b := &s.plans.take(1)[0]
			b.move = m
			n.tree = append(n.tree, b)
		}
	}
}
