package scheduler

import "errors"

// trunkPosition is where a search stands that is shared, limbs included.
type trunkPosition struct {
	Piece
	Parts   []*Task         `json:"parts,omitempty"`
	Roots   []boughPosition `json:"roots"`
	Lanes   []lanePosition  `json:"lanes"`
	Window  int             `json:"window"`
	Partial bool            `json:"partial"`
	Ran     int             `json:"ran"`
	Blocked int             `json:"blocked"`
	Strayed int             `json:"strayed"`
}

type forkPosition struct {
	Node   nodePosition    `json:"node"`
	Older  int             `json:"older"`
	Boughs []boughPosition `json:"boughs"`
}

type boughPosition struct {
	Fork  *forkPosition  `json:"fork,omitempty"`
	Lane  int            `json:"lane"`
	Known bool           `json:"known"`
	Over  bool           `json:"over"`
	Above []nodePosition `json:"above,omitempty"`
}

type lanePosition struct {
	Busy   bool    `json:"busy"`
	Ended  bool    `json:"ended"`
	Task   *Task   `json:"task,omitempty"`
	Left   int     `json:"left"`
	Ran    int     `json:"ran"`
	Split  bool    `json:"split"`
	News   []*News `json:"news,omitempty"`
	Fork   int     `json:"next_fork"`
	Behind float64 `json:"behind"`
}

// Stands says what is to be asked of limbs before the position can be told.
func (t *Trunk) Stands() (orders []Order) {
	for i := range t.lanes {
		if l := &t.lanes[i]; l.busy && l.task == nil && !l.ended {
			orders = append(orders, Order{Lane: i, Stand: true})
		}
	}
	return orders
}

func (t *Trunk) position() (*trunkPosition, error) {
	p := &trunkPosition{Window: t.window, Partial: t.partial, Ran: t.ran, Blocked: t.blocked, Strayed: t.strayed}
	k := t.s.names.packer(&p.Piece)
	k.coarse()
	p.Parts = t.parts
	for i := range t.roots {
		p.Roots = append(p.Roots, t.roots[i].position(k))
	}
	for i := range t.lanes {
		l := &t.lanes[i]
		q := lanePosition{Busy: l.busy, Ended: l.ended, Task: l.task, Left: l.left, Ran: l.ran, Split: l.split, News: l.news, Fork: l.fork, Behind: l.part}
		if l.task == nil {
			q.Task = l.stand
		}
		if l.busy && q.Task == nil && !l.ended {
			return nil, errors.New("scheduler: the position of a search that others run as well, and where they stand is not known")
		}
		p.Lanes = append(p.Lanes, q)
	}
	return p, nil
}

func (b *bough) position(k *packer) boughPosition {
	p := boughPosition{Lane: b.lane, Known: b.known, Over: b.over}
	for i := range b.above {
		p.Above = append(p.Above, k.node(&b.above[i]))
	}
	if f := b.fork; f != nil {
		p.Fork = &forkPosition{Node: k.node(&f.node), Older: f.older}
		for i := range f.boughs {
			p.Fork.Boughs = append(p.Fork.Boughs, f.boughs[i].position(k))
		}
	}
	return p
}

var errTrunk = errors.New("scheduler: the position of an exhaustive search: its parts do not fit together")

// trunk returns the trunk that stands there, of s.
func (p *trunkPosition) trunk(s *optimal) (*Trunk, error) {
	t := newTrunk(s)
	t.parts = p.Parts
	t.window, t.partial, t.ran, t.blocked, t.strayed = p.Window, p.Partial, p.Ran, p.Blocked, p.Strayed
	if len(p.Lanes) != Lanes {
		return nil, errTrunk
	}
	for i, q := range p.Lanes {
		t.lanes[i] = lanes{busy: q.Busy, ended: q.Ended, task: q.Task, left: q.Left, ran: q.Ran, split: q.Split, news: q.News, fork: q.Fork, part: q.Behind}
	}
	u := t.s.names.unpacker(&p.Piece)
	t.roots = make([]bough, len(p.Roots))
	for i := range p.Roots {
		if !t.restore(&p.Roots[i], &t.roots[i], u, nil, i) && u.err == nil {
			u.err = errTrunk
		}
	}
	return t, u.err
}

// restore fills in a branch and what is above it.
func (t *Trunk) restore(p *boughPosition, b *bough, u *unpacker, up *knot, from int) (ok bool) {
	*b = bough{lane: p.Lane, known: p.Known, over: p.Over, above: make([]node, len(p.Above))}
	for i := range p.Above {
		u.node(&p.Above[i], &b.above[i])
	}
	switch {
	case p.Fork != nil:
		q := p.Fork
		f := &knot{up: up, from: from, older: q.Older, boughs: make([]bough, len(q.Boughs))}
		if up != nil {
			f.depth = up.depth + 1
		}
		b.fork = f
		u.node(&q.Node, &f.node)
		if len(f.boughs) == 0 || q.Older < 0 || q.Older+len(f.boughs) != len(f.sleep) {
			return false
		}
		for i := range f.boughs {
			if !t.restore(&q.Boughs[i], &f.boughs[i], u, f, i) {
				return false
			}
		}
	case !p.Over:
		if p.Lane < 0 || p.Lane >= Lanes || !t.lanes[p.Lane].busy {
			return false
		}
		l := &t.lanes[p.Lane]
		l.up, l.from = up, from
		above, forks := t.way(l)
		base := len(above) + len(forks)
		for _, n := range l.news {
			base += len(n.Nodes)
		}
		return l.ended || l.task != nil && l.task.Base == base && base <= len(l.task.Nodes)
	}
	return true
}
