package scheduler

import "errors"

// What comes of limbs.

// Take takes the news of an order.
func (t *trunk) Take(lane int, n *News) {
	l := &t.lanes[lane]
	l.asked = 0
	if l.void {
		l.void = false
		return
	}
	l.news, l.stand, l.left = append(l.news, n), n.Stand, l.left-n.Ran
	if n.Over || n.Again {
		l.left, l.ended = 0, true
	}
}

// takeUp takes up what came of a shift's round, in the order of lanes, so that it makes no difference where the round was stopped.
func (t *trunk) takeUp(s int) error {
	again, selects := false, false
	for _, i := range shift(s) {
		l := &t.lanes[i]
		news := l.news
		l.news = nil
		for _, n := range news {
			again, selects = again || n.Again, selects || n.Selects
			if err := t.take(l, n); err != nil {
				return err
			}
		}
	}
	switch {
	case selects && t.of == nil && t.whole == nil:
		t.of = newOptimal()
		t.restart()
	case selects && t.of == nil:
		t.clear()
		t.of = t.whole
		t.tellCoarse()
		t.of.divide()
	case again:
		t.restart()
	}
	return nil
}

func (t *trunk) take(l *lanes, n *News) error {
	t.gaps |= n.Gaps
	t.blocked, t.strayed = t.blocked+n.Blocked, t.strayed+n.Strayed
	u := t.names.unpacker(&n.Piece)
	l.ran, l.split = l.ran+n.Ran, false
	t.takePlans(l, n, u)
	if l.at != nil && (n.Known || n.Over) {
		l.at.waits = false
		if v := u.acts(n.Slept); len(v) > 0 && (l.choice || matters(&l.at.act, &v[len(v)-1])) {
			l.at.done = append(l.at.done, v)
		}
		l.at = nil
	}
	t.takeRest(l, n, u)
	l.fork, l.part = n.Fork, n.Behind
	if n.Over {
		t.behind += l.weight
		*l = lanes{}
	}
	return u.err
}

// takePlans has schedules wait. They are taken to lead to as much as all that is left to the limb.
func (t *trunk) takePlans(l *lanes, n *News, u *unpacker) {
	path := way(l.up)
	for i := range n.Plans {
		p := &n.Plans[i]
		if p.At < 0 || int(p.At) >= len(path) {
			u.fail(errTrunk)
			return
		}
		l.weight /= 2
		t.plans = append(t.plans, intent{detour: u.detour(&p.Detour), at: path[p.At], weight: l.weight})
	}
}

// takeRest takes up what the limb has given over.
func (t *trunk) takeRest(l *lanes, n *News, u *unpacker) {
	for i := range n.Path {
		f := &knot{moment: u.moment(&n.Path[i]), up: l.up}
		if f.up != nil {
			f.depth = f.up.depth + 1
		}
		l.up = f
	}
	if len(n.Rest) == 0 {
		return
	}
	t.behind += l.weight * l.part
	l.weight *= (1 - l.part) / 2
	t.rests = append(t.rests, rest{up: l.up, path: each(n.Rest, u.moment), weight: l.weight})
}

// restart has all be run again.
func (t *trunk) restart() {
	t.clear()
	if t.of == nil {
		t.rests = []rest{{weight: 1}}
		return
	}
	t.tellCoarse()
	if t.of.top == nil {
		t.parts = append(t.parts, t.of.task(0))
	} else {
		t.of.again, t.of.over = true, false
		t.of.backtrack()
	}
}

// tellCoarse tells the search that has the parts of counters that could fall below zero.
func (t *trunk) tellCoarse() {
	for o, id := range t.names.objIDs {
		if t.names.coarse[int32(o)] {
			t.of.names.coarse[t.of.names.obj(id)] = true
		}
	}
}

func (t *trunk) clear() {
	t.parts, t.rests, t.plans, t.behind = nil, nil, nil, 0
	for i := range t.lanes {
		t.lanes[i] = lanes{asked: t.lanes[i].asked, void: t.lanes[i].asked > 0}
	}
}

var errTrunk = errors.New("scheduler: the position of an exhaustive search: its parts do not fit together")
