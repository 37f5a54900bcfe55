package scheduler

import (
	"cmp"
	"slices"
)

// Lanes is how many parts of a shared search are run at a time, by however many processes there are: so it makes no difference how many.
const Lanes = 4

// A lane runs windowMin schedules at a time, then twice as many each time up to windowMax.
const (
	windowMin = 1
	windowMax = 32
)

// Of so many schedules, and some, one may be in vain.
const (
	vainMin  = 16
	vainPart = 32
)

// A Sharer is a Strategy that several processes can share.
type Sharer interface {
	Strategy
	Share() *Trunk // the search from where it stands is the trunk's from then on; the same one if it is already
	Shared() bool  // it is
	Limb() *Limb   // one that can run a part of such a search, this one or another process's
}

// Trunk is the top of the tree of an exhaustive search that is shared: the decisions below which there is more than one limb.
//
// A limb searches what is below one branch of such a decision, as it would if it were alone, with what sleeps there. What it finds is to be run from a decision
// above, it tells. To the trunk a branch sleeps from when a limb has been given it: all that begins with it is run, now or
// later. So what a limb tells is planned unless it begins with something that sleeps or is planned, as always; only that other branches may have been run before it.
// A class is run by one limb, and no run only repeats others, for the reasons for which that is so in a search that is not shared
// (the paper's proofs need of what sleeps that it will have been run when the search is over).
// But the next branch of a decision waits for the first schedule of the one before, since what sleeps is what a step did and not what it was planned to.
//
// When there are lanes without a limb and no branch waits, a limb gives its first decisions over to the trunk, down to one from which more is planned.
//
// All goes in rounds in which each lane runs some schedules. What a round comes to hangs on the one before alone.
type Trunk struct {
	of      *optimal // the search
	s       *optimal // has the names, and room
	parts   []*Task  // that wait: all at first, or the parts of a division
	roots   []bough  // of those that do not
	lanes   [Lanes]lanes
	window  int
	partial bool
	ran     int
	blocked int // of these, in vain
	strayed int
}

// knot is a decision of the trunk.
type knot struct {
	node
	up     *knot
	from   int // the branch of up that leads here
	depth  int
	older  int     // of what sleeps, how much is no branch of these:
	boughs []bough // given to limbs, in this order
}

// bough is a branch that has been given to a limb.
type bough struct {
	fork  *knot // where it has become a part of the trunk
	lane  int   // or the lane of its limb, -1 where there is none any more
	known bool  // what its first step does is
	over  bool
	above []node // of a part of a division: the decisions on the way there, from which all is run
}

// lanes is a lane with its limb.
type lanes struct {
	busy   bool
	up     *knot // its limb's bough
	from   int
	learnt [][2]int // decisions and branches of theirs of which the limb is told that they sleep: it has found plans that begin with them
	told   int      // how many of those it has been
	task   *Task    // where it is to begin, if it has not
	stand  *Task    // where it stood when it was last asked
	news   []*News  // of this round
	ended  bool     // the last of them is the last of this limb
	left   int      // schedules of this round
	ran    int      // schedules since it has the limb
	split  bool
	fork   int
	part   float64 // behind
}

// Share returns the search's trunk. Next makes runs from then on that only find the parts of one that is divided.
func (s *optimal) Share() *Trunk {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trunk == nil {
		s.share(newTrunk(s))
		depth := 0
		if s.top != nil {
			depth = s.top.depth
		}
		if !s.over && (s.top == nil || !s.top.trial && len(s.nodes) > depth) {
			s.trunk.parts = append(s.trunk.parts, s.task(depth))
			s.cut(depth)
			s.backtrack()
		}
	}
	return s.trunk
}

func (s *optimal) share(t *Trunk) {
	s.trunk, s.begun = t, true
	if s.top != nil {
		mine := s.top.mine
		s.top.mine = func(part int) bool {
			if mine(part) {
				t.parts = append(t.parts, s.task(len(s.nodes)))
			}
			return false
		}
	}
}

// task is what is to be run below the first base decisions.
func (s *optimal) task(base int) *Task {
	task := &Task{Base: base, Known: true}
	if s.top != nil {
		task.Depth = s.top.depth
	}
	s.stand(&task.Piece)
	return task
}

// cut leaves the first depth decisions.
func (s *optimal) cut(depth int) {
	for _, n := range s.nodes[depth:] {
		s.drop(n)
	}
	s.nodes, s.next = s.nodes[:depth], nil
}

// Shared reports whether there is a trunk.
func (s *optimal) Shared() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trunk != nil
}

// Limb returns a limb without a task.
func (s *optimal) Limb() *Limb { return &Limb{newOptimal()} }

var _ Sharer = (*optimal)(nil)

func newTrunk(of *optimal) *Trunk { return &Trunk{of: of, s: newOptimal()} }

func (t *Trunk) complete() bool {
	return len(t.parts) == 0 && !t.partial && t.strayed == 0 && !slices.ContainsFunc(t.roots, func(b bough) bool { return !b.over })
}

// bough returns a branch of a fork, or the root.
func (t *Trunk) bough(f *knot, i int) *bough {
	if f == nil {
		return &t.roots[i]
	}
	return &f.boughs[i]
}

// Round says what each lane does next, at most so many schedules in all. It says nothing when the search is over. News of every order are to be
// taken before the next one.
func (t *Trunk) Round(most int) (orders []Order) {
	if !t.underWay() {
		t.begin()
	}
	for i := range t.lanes {
		l := &t.lanes[i]
		if n := min(l.left, most); n > 0 {
			most -= n
			orders = append(orders, Order{Lane: i, Task: l.task, Learn: t.learn(l), Split: l.split && n == l.left, Runs: n})
			l.task = nil
		}
	}
	return orders
}

func (t *Trunk) underWay() bool {
	for i := range t.lanes {
		if t.lanes[i].left > 0 {
			return true
		}
	}
	return false
}

// begin begins a round: lanes that have nothing to do are given a branch that waits, or there are others asked to give some over.
func (t *Trunk) begin() {
	t.window = min(max(2*t.window, windowMin), windowMax)
	idle, busy := 0, 0
	var may []*lanes
	for i := range t.lanes {
		if t.lanes[i].busy {
			busy++
		}
	}
	for i := range t.lanes {
		l := &t.lanes[i]
		if !l.busy {
			t.issue(i, busy == 0)
		}
		switch {
		case !l.busy:
			idle++
		case l.ran >= windowMax/2 || l.ran > 0 && t.window < windowMax:
			may = append(may, l)
		}
		if l.busy {
			l.left = t.window
		}
	}
	slices.SortStableFunc(may, func(a, b *lanes) int { return cmp.Compare(a.fork, b.fork) })
	for _, l := range may {
		if l.fork >= 0 && idle > 0 {
			l.split = true
			idle--
		}
	}
}

// issue gives lane i the first branch that waits, if there is one.
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

// free reports whether the next branch leads to nothing that limbs at work may find more about: what they begin with it wakes.
func (f *knot) free() bool {
	for i := range f.boughs {
		if !f.boughs[i].over && !f.sleep[f.older+i].conflicts(&f.tree[0].act) {
			return false
		}
	}
	return f.clear()
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

// Take takes up what came of an order.
func (t *Trunk) Take(lane int, n *News) error {
	l := &t.lanes[lane]
	l.news, l.stand, l.left = append(l.news, n), n.Stand, l.left-n.Ran
	if n.Over || n.Again {
		l.left, l.ended = 0, true
	}
	if t.underWay() {
		return nil
	}
	// It is taken up in the order of lanes, so that it makes no difference where the round was stopped, and in this order, so that plans find what others have given over.
	var all []came
	for i := range t.lanes {
		for _, n := range t.lanes[i].news {
			all = append(all, came{i, n, t.s.names.unpacker(&n.Piece)})
			t.partial = t.partial || n.Partial
			t.blocked, t.strayed = t.blocked+n.Blocked, t.strayed+n.Strayed
		}
		t.lanes[i].news = nil
	}
	for _, take := range []func(*came){t.takeDecisions, t.takePlans, t.takeEnd} {
		for i := range all {
			c := &all[i]
			if t.lanes[c.lane].busy { // not begun anew
				take(c)
			}
			if c.u.err != nil {
				return c.u.err
			}
		}
	}
	return nil
}

// came is what came of an order.
type came struct {
	lane int
	*News
	u *unpacker
}

func (t *Trunk) takeDecisions(n *came) {
	l := &t.lanes[n.lane]
	l.ran, l.split = l.ran+n.Ran, false
	t.ran += n.Ran
	l.fork, l.part = n.Fork, n.Behind
	if n.Taken != nil {
		l.up.sleep[l.up.older+l.from] = n.u.act(n.Taken)
		t.bough(l.up, l.from).known = true
	}
	for i := range n.Nodes {
		t.grow(n.lane, n.u, &n.Nodes[i])
		t.bough(l.up, l.from).known = i+1 < len(n.Nodes) || n.Known
	}
}

func (t *Trunk) takePlans(n *came) {
	l := &t.lanes[n.lane]
	above, forks := t.way(l)
	for i := range n.Plans {
		d := int(n.Plans[i].Node) - len(above)
		if j := t.insert(forks[d], l.below(forks, d), n.u.acts(n.Plans[i].Acts)); j >= 0 && !slices.Contains(l.learnt, [2]int{d, j}) {
			l.learnt = append(l.learnt, [2]int{d, j})
		}
	}
}

func (t *Trunk) takeEnd(n *came) {
	switch l := &t.lanes[n.lane]; {
	case n.Again:
		t.restart()
	case n.Over:
		up, from := l.up, l.from
		*l = lanes{}
		t.over(up, from)
	}
}

// insert plans v, which was found below branch i of a decision, unless a branch that was given away begins like it. A later one may have been given away too soon to know.
// Where not, and it was a later one of that decision, insert says which.
func (t *Trunk) insert(f *knot, i int, v []act) (later int) {
	at := f
	for {
		j, k := f.begins(v)
		if j < 0 {
			break
		}
		if j -= f.older; j <= i || !f.boughs[j].waits() {
			if f == at && j > i {
				return j
			}
			return -1
		}
		if k < len(v) {
			v = slices.Delete(v, k, k+1)
		}
		f, i = f.boughs[j].fork, -1
	}
	if len(v) > 0 {
		t.s.graft(&f.node, v)
	}
	return -1
}

// begins returns what sleeps with which v can be made to begin, and which step of v that is; -1 where there is nothing.
func (f *knot) begins(v []act) (i, k int) {
	for i := range f.sleep {
		if k, ok := f.sleep[i].opens(v); ok && (!f.sleep[i].far || k < len(v)) {
			return i, k
		}
	}
	return -1, 0
}

// grow makes a limb's decision one of the trunk. The limb keeps the branch that it was at.
func (t *Trunk) grow(lane int, u *unpacker, p *nodePosition) {
	l := &t.lanes[lane]
	f := &knot{up: l.up, from: l.from, boughs: []bough{{lane: lane}}}
	if f.up != nil {
		f.depth = f.up.depth + 1
	}
	u.node(p, &f.node)
	f.older = len(f.sleep)
	f.sleep = append(f.sleep, f.taken)
	b := t.bough(l.up, l.from)
	b.fork, b.lane = f, -1
	l.up, l.from = f, 0
}

// over notes that all that begins with a branch has been run, and what is done with it.
func (t *Trunk) over(f *knot, i int) {
	b := t.bough(f, i)
	b.fork, b.lane, b.over, b.above = nil, -1, true, nil
	if f == nil {
		return
	}
	for j := i + 1; j < len(f.boughs); j++ {
		t.closed(f.boughs[j].fork, f.sleep[f.older+i].move)
	}
	t.end(f)
}

// closed notes it where the branch sleeps.
func (t *Trunk) closed(f *knot, m move) {
	if f == nil {
		return
	}
	for i := range f.sleep[:f.older] {
		if a := &f.sleep[i]; a.move == m && a.open {
			a.open = false
			for j := range f.boughs {
				t.closed(f.boughs[j].fork, m)
			}
			t.end(f)
			return
		}
	}
}

// end ends a decision if nothing is left to run from it, nor can be.
func (t *Trunk) end(f *knot) {
	if len(f.tree) == 0 && f.quiet() && t.bough(f.up, f.from).fork == f {
		t.over(f.up, f.from)
	}
}

func (t *Trunk) clear() { t.parts, t.roots, t.lanes = nil, nil, [Lanes]lanes{} }

// restart has all be run again.
func (t *Trunk) restart() {
	t.clear()
	for o := range t.s.names.coarse {
		t.of.names.coarse[t.of.names.obj(t.s.names.objIDs[o])] = true
	}
	if t.of.top == nil {
		t.parts = append(t.parts, t.of.task(0))
	} else {
		t.of.again, t.of.over = true, false
		t.of.backtrack()
	}
}

// estimate is how much is behind.
func (t *Trunk) estimate() float64 { return t.behind(t.roots, len(t.parts)) }

// behind is the estimate for branches, so many of which wait.
func (t *Trunk) behind(all []bough, wait int) (done float64) {
	for i := range all {
		switch b := &all[i]; {
		case b.over:
			done++
		case b.fork == nil:
			done += t.lanes[b.lane].part
		default:
			tried := float64(b.fork.tried)
			of := float64(len(b.fork.boughs) + len(b.fork.tree))
			done += (tried + of*t.behind(b.fork.boughs, len(b.fork.tree))) / (tried + of)
		}
	}
	return done / float64(max(1, len(all)+wait))
}
