package scheduler

import (
	"errors"
	"slices"
)

// crown is what a search that does not reduce has in common when it is shared: the branches that are left to run. Nothing that is found along one says anything of another, so lanes are given some each
// round, run what has least cost of them and of what that leads to, and give back what is left then.
//
// The lanes are in shifts, as a [trunk]'s are, and what comes of a round is taken up as there. What costs more waits until nothing that costs less is left, or under way: so the first failure
// has the least cost here, too.
type crown struct {
	of     *exhaustive
	lanes  [Lanes]crownLane
	turn   int
	window int
}

type crownLane struct {
	level int   // what the schedules cost
	task  *Task // where it is to begin
	news  []*News
	left  int // schedules of this round
	asked int // of these, in an order whose news are to come
}

// Share returns what the search has in common.
func (s *exhaustive) Share() Trunk {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.crown == nil {
		s.crown = &crown{of: s}
	}
	return s.crown
}

// Shared reports whether the search is.
func (s *exhaustive) Shared() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.crown != nil
}

// Limb returns one that can run a part of such a search.
func (s *exhaustive) Limb() *Limb { return &Limb{of: s} }

// idle reports whether no lane has anything to do. The caller holds the search's mu.
func (c *crown) idle() bool {
	return !slices.ContainsFunc(c.lanes[:], func(l crownLane) bool { return l.left > 0 || len(l.news) > 0 })
}

func (c *crown) underWay(s int) bool {
	return slices.ContainsFunc(shift(s), func(i int) bool { return c.lanes[i].left > 0 })
}

// Round says what lanes of a shift do next.
func (c *crown) Round(most int) ([]Order, error) {
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	return round(c, &c.turn, most)
}

// takeUp puts back what is left of a shift's round: the first lane's last, so that it comes first again.
func (c *crown) takeUp(s int) error {
	for _, i := range slices.Backward(shift(s)) {
		l := &c.lanes[i]
		for _, n := range l.news {
			c.of.gaps |= n.Gaps
			c.of.bounded = c.of.bounded || n.Bounded
			c.of.behind += n.Behind
			if n.Left == nil {
				continue // it has been gone on with
			}
			frontier, err := n.Left.unpack()
			if err != nil {
				return err
			}
			for cost, stack := range frontier {
				for _, b := range stack {
					c.of.push(cost, b)
				}
			}
		}
		l.news = nil
	}
	return nil
}

// begin gives a shift's lanes each an equal part of the branches that cost least, from the end of the stack.
func (c *crown) begin(s int) {
	if s == 0 {
		c.window = wider(c.window)
	}
	level := leastCost(c.of.frontier)
	if level < 0 || slices.ContainsFunc(c.lanes[:], func(l crownLane) bool { return l.left > 0 && l.level < level }) {
		return
	}
	part := min(max(len(c.of.frontier[level])/Lanes, 1), c.window)
	for _, i := range shift(s) {
		stack := c.of.frontier[level]
		if len(stack) == 0 {
			return
		}
		rest := max(len(stack)-part, 0)
		mine := make([][]branch, level+1)
		mine[level] = stack[rest:]
		c.lanes[i] = crownLane{level: level, task: &Task{Left: packFrontier(mine)}, left: c.window}
		clear(stack[rest:]) // lets go of the trails
		c.of.frontier[level] = stack[:rest]
	}
}

// orders are for all that is left to do and has not been ordered, so that with what has been it comes to so many schedules at most.
func (c *crown) orders(most int) (all []Order) {
	for i := range c.lanes {
		most -= c.lanes[i].asked
	}
	for i := range c.lanes {
		l := &c.lanes[i]
		if n := min(l.left, most); n > 0 && l.asked == 0 {
			most -= n
			l.asked = n
			all = append(all, Order{Lane: i, Task: l.task, Runs: n})
		}
	}
	return all
}

// Take takes the news of an order. Where that was stopped the lane goes on with it.
func (c *crown) Take(lane int, n *News) {
	l := &c.lanes[lane]
	l.asked, l.left, l.news = 0, l.left-n.Ran, append(l.news, n)
	if n.Over {
		l.left = 0
	}
	l.task = nil
	if l.left > 0 {
		l.task, n.Left = &Task{Left: n.Left}, nil
	}
}

// Stands is nothing: limbs say what is left each time.
func (c *crown) Stands() []Order { return nil }

// twigs is what a limb runs of a search that does not reduce.
type twigs struct {
	search *exhaustive
	level  int // what the schedules cost
}

func (l *Limb) followTwigs(t *Task) error {
	frontier, err := t.Left.unpack()
	if err != nil {
		return err
	}
	s := newExhaustive(l.of.bounds)
	s.shard, s.frontier = l.of.shard, frontier
	if l.twigs != nil {
		s.free = l.twigs.search.free
	}
	l.twigs = &twigs{s, max(leastCost(frontier), 0)}
	return nil
}

func (t *twigs) over() bool {
	return t.level >= len(t.search.frontier) || len(t.search.frontier[t.level]) == 0
}

func (t *twigs) next() (Run, bool) {
	if t.over() {
		return nil, false
	}
	return t.search.Next()
}

func (t *twigs) tell(n *News) {
	s := t.search
	n.Over, n.Gaps, n.Bounded, n.Behind, n.Left = t.over(), s.gaps, s.bounded, s.behind, packFrontier(s.frontier)
}

// crownPosition is where what a search has in common stands.
type crownPosition struct {
	Lanes  []crownLanePosition `json:"lanes"`
	Turn   int                 `json:"turn"`
	Window int                 `json:"window"`
}

type crownLanePosition struct {
	Level int     `json:"level"`
	Task  *Task   `json:"task,omitempty"`
	News  []*News `json:"news,omitempty"`
	Left  int     `json:"left"`
}

func (c *crown) position() (*crownPosition, error) {
	p := &crownPosition{Turn: c.turn, Window: c.window}
	for i := range c.lanes {
		l := &c.lanes[i]
		if l.asked > 0 {
			return nil, errors.New("scheduler: the position of a search that others run as well, before they have said what is left")
		}
		p.Lanes = append(p.Lanes, crownLanePosition{l.level, l.task, l.news, l.left})
	}
	return p, nil
}

func (p *crownPosition) crown(s *exhaustive) (*crown, error) {
	c := &crown{of: s, turn: p.Turn, window: p.Window}
	if len(p.Lanes) != Lanes || p.Turn < 0 || p.Turn >= shifts {
		return nil, errFrontier
	}
	for i, l := range p.Lanes {
		if l.Left > 0 && (l.Task == nil || l.Task.Left == nil) {
			return nil, errFrontier
		}
		c.lanes[i] = crownLane{level: l.Level, task: l.Task, news: l.News, left: l.Left}
	}
	return c, nil
}
