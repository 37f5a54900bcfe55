package scheduler

import "errors"

// trunkPosition is where a search stands that is shared, limbs included.
type trunkPosition struct {
	Piece
	Knots   []knotPosition `json:"knots,omitempty"` // each after the one above it
	Parts   []*Task        `json:"parts,omitempty"`
	Rests   []restPosition `json:"rests,omitempty"`
	Plans   []planPosition `json:"plans,omitempty"`
	Lanes   []lanePosition `json:"lanes"`
	Divided bool           `json:"divided"`
	Turn    int            `json:"turn"`
	Window  int            `json:"window"`
	Behind  float64        `json:"behind"`
	Gaps    Gaps           `json:"gaps"`
	Blocked int            `json:"blocked"`
	Strayed int            `json:"strayed"`
}

type knotPosition struct {
	Moment momentPosition `json:"step"`
	Up     int            `json:"up"` // which of the others, -1 for none
	Waits  bool           `json:"waits,omitempty"`
}

type restPosition struct {
	Up     int              `json:"up"`
	Path   []momentPosition `json:"path"`
	Weight float64          `json:"weight"`
}

type planPosition struct {
	Detour detourPosition `json:"schedule"`
	At     int            `json:"at"`
	Weight float64        `json:"weight"`
}

type lanePosition struct {
	Busy   bool    `json:"busy"`
	Up     int     `json:"up"`
	At     int     `json:"at"`
	Choice bool    `json:"choice,omitempty"`
	Ended  bool    `json:"ended"`
	Task   *Task   `json:"task,omitempty"`
	Left   int     `json:"left"`
	Ran    int     `json:"ran"`
	Split  bool    `json:"split"`
	News   []*News `json:"news,omitempty"`
	Fork   int     `json:"fork"`
	Weight float64 `json:"weight"`
	Behind float64 `json:"behind"`
}

// Stands says what is to be asked of limbs before the position can be told.
func (t *trunk) Stands() (orders []Order) {
	for i := range t.lanes {
		if l := &t.lanes[i]; l.busy && l.task == nil && !l.ended {
			orders = append(orders, Order{Lane: i, Stand: true})
		}
	}
	return orders
}

func (t *trunk) position() (*trunkPosition, error) {
	p := &trunkPosition{Parts: t.parts, Divided: t.of != nil, Turn: t.turn, Window: t.window, Behind: t.behind, Gaps: t.gaps, Blocked: t.blocked, Strayed: t.strayed}
	k := t.names.packer(&p.Piece)
	k.coarse()
	numbers := map[*knot]int{}
	number := func(last *knot) int {
		if last == nil {
			return -1
		}
		up := -1
		for _, f := range way(last) {
			n, ok := numbers[f]
			if !ok {
				n = len(p.Knots)
				numbers[f] = n
				p.Knots = append(p.Knots, knotPosition{k.moment(&f.moment), up, f.waits})
			}
			up = n
		}
		return up
	}
	for i := range t.rests {
		r := &t.rests[i]
		p.Rests = append(p.Rests, restPosition{number(r.up), each(r.path, k.moment), r.weight})
	}
	for i := range t.plans {
		q := &t.plans[i]
		p.Plans = append(p.Plans, planPosition{k.detour(&q.detour), number(q.at), q.weight})
	}
	for i := range t.lanes {
		l := &t.lanes[i]
		q := lanePosition{Busy: l.busy, Up: number(l.up), At: number(l.at), Choice: l.choice, Ended: l.ended, Task: l.task, Left: l.left, Ran: l.ran,
			Split: l.split, News: l.news, Fork: l.fork, Weight: l.weight, Behind: l.part}
		if l.task == nil {
			q.Task = l.stand
		}
		if l.asked > 0 || l.busy && q.Task == nil && !l.ended {
			return nil, errors.New("scheduler: the position of a search that others run as well, and where they stand is not known")
		}
		p.Lanes = append(p.Lanes, q)
	}
	return p, nil
}

// trunk returns the trunk that stands there. Its parts, if it has any, are s's.
func (p *trunkPosition) trunk(s *optimal) (*trunk, error) {
	if !p.Divided {
		s = nil
	} else if s == nil {
		return nil, errTrunk
	}
	t := newTrunk(s)
	t.parts, t.turn, t.window, t.behind, t.gaps, t.blocked, t.strayed = p.Parts, p.Turn, p.Window, p.Behind, p.Gaps, p.Blocked, p.Strayed
	u := t.names.unpacker(&p.Piece)
	var knots []*knot
	at := func(i int) *knot {
		switch {
		case i == -1:
			return nil
		case i < 0 || i >= len(knots):
			u.fail(errTrunk)
			return nil
		}
		return knots[i]
	}
	for i := range p.Knots {
		q := &p.Knots[i]
		f := &knot{moment: u.moment(&q.Moment), up: at(q.Up), waits: q.Waits}
		if f.up != nil {
			f.depth = f.up.depth + 1
		}
		knots = append(knots, f)
	}
	for i := range p.Rests {
		q := &p.Rests[i]
		t.rests = append(t.rests, rest{at(q.Up), each(q.Path, u.moment), q.Weight})
	}
	for i := range p.Plans {
		q := &p.Plans[i]
		if q.At < 0 {
			u.fail(errTrunk)
		}
		t.plans = append(t.plans, intent{u.detour(&q.Detour), at(q.At), q.Weight})
	}
	if len(p.Lanes) != Lanes || p.Turn < 0 || p.Turn >= shifts {
		return nil, errTrunk
	}
	for i := range p.Lanes {
		q := &p.Lanes[i]
		t.lanes[i] = lanes{busy: q.Busy, up: at(q.Up), at: at(q.At), choice: q.Choice, ended: q.Ended, task: q.Task, left: q.Left, ran: q.Ran,
			split: q.Split, news: q.News, fork: q.Fork, weight: q.Weight, part: q.Behind}
		if q.Busy && q.Task == nil && !q.Ended {
			u.fail(errTrunk)
		}
	}
	return t, u.err
}
