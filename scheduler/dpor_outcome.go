package scheduler

import (
	"slices"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// How a step turns out that is brought forward: a compare-and-swap may fail where it did not, a TryLock succeed, a select take another case. Plans are
// compared by what their steps depend on, so that has to be known before one is made. It can be, since all that a plan has run before the
// step comes out as it did in the run.

// fallible kinds of operation change something or do not.
var fallible = [256]bool{
	kernel.TryLock: true, kernel.TryRLock: true, kernel.TryWLock: true, kernel.TrySend: true, kernel.TryRecv: true,
	kernel.OnceDo: true, kernel.AtomicCAS: true,
}

// before has step j run before step i, along with all that does not depend on i.
// Where it cannot be told how it turns out it is taken to change something, which the run shows to be so or not (see guessed): a compare-and-swap of an atomic.Value, what
// looks at a timer's channel, and a cancel of a context that something else than a cancel of its own had ended.
func (s *finder) before(i, j int32, a *act) {
	x := &s.run
	st := &x.steps[j]
	a.alt, a.uses = anyAlt, append(s.mine[:0], x.uses[st.first:st.end]...)
	switch {
	case st.from < st.to:
		s.selects(i, j, a)
		return
	case len(a.uses) == 0:
	case fallible[st.kind]:
		own := x.mine(j)
		was := x.without(i, &a.uses[0], own.local)
		fails, known := was.fails(st.kind, own.arg)
		if a.uses[0].mode = uses[st.kind].Obj; known && fails {
			a.uses[0].mode = Reads
		} else if st.kind == kernel.TrySend || st.kind == kernel.TryRecv {
			a.uses[0].mode, a.uses[0].part = was.flow(st.kind == kernel.TrySend)
		}
		if known {
			a.uses = a.uses[:1]
		}
		if known && !fails && (st.kind == kernel.TrySend || st.kind == kernel.TryRecv) {
			a.uses = x.leaves(a.uses, &was, st.kind == kernel.TrySend, i)
		}
	case st.kind == kernel.Send || st.kind == kernel.Recv:
		was := x.without(i, &a.uses[0], x.mine(j).local)
		a.uses[0].mode, a.uses[0].part = was.flow(st.kind == kernel.Send)
		a.uses = x.leaves(a.uses[:1], &was, st.kind == kernel.Send, i)
	case st.kind == kernel.Close:
		a.uses = x.allLeave(a.uses, i)
	case st.kind == kernel.CtxCancel:
		a.uses = x.ending(a.uses, i)
	}
	s.mine = a.uses
	s.to.reverse(i, a, nil, st.clock)
}

// mine is step j's use of its own object.
func (x *execution) mine(j int32) *access {
	u := &x.uses[x.steps[j].first]
	return &x.objs[u.obj].used[u.at]
}

// selects has the select that step j is run before step i, with each of the cases that are ready then and of which it matters whether i comes first: the others can be taken
// after i as well, and are (see otherCases).
func (s *finder) selects(i, j int32, a *act) {
	x := &s.run
	st := &x.steps[j]
	cases := x.cases[st.from:st.to]
	if x.timed(i, j) {
		for k := range a.uses {
			if a.uses[k].mode = Writes; x.onlyDrained(i, j, a.uses[k].obj) {
				a.uses[k].mode = Reads
			}
		}
		s.mine = a.uses
		s.to.reverse(i, a, nil, st.clock)
		return
	}
	any := false
	for c := range cases {
		if was := x.found(i, j, &cases[c]); was.ready(cases[c].send) {
			a.alt, a.uses = cases[c].alt, x.takes(s.mine[:0], i, j, &cases[c], &was)
			s.mine, any = a.uses, true
			if first := x.act(i); first.conflicts(a) {
				s.to.reverse(i, a, nil, st.clock)
			}
		}
	}
	if any {
		return
	}
	mode := Reads
	if st.kind == kernel.Select {
		mode = Writes // it stands in line
	}
	a.alt, a.uses = -1, x.looks(s.mine[:0], cases, mode)
	s.mine = a.uses
	s.to.reverse(i, a, nil, st.clock)
}

// timed reports whether the select that step j is has a case that waits for a timer.
func (x *execution) timed(i, j int32) bool {
	st := &x.steps[j]
	for k := st.from; k < st.to; k++ {
		if was := x.found(i, j, &x.cases[k]); was.can&Timed != 0 {
			return true
		}
	}
	return false
}

// onlyDrained reports whether the select that step j is does no more with an object than to receive where nothing is left, before step i: whichever case it
// takes, it reads.
func (x *execution) onlyDrained(i, j, obj int32) (yes bool) {
	st := &x.steps[j]
	for k := st.from; k < st.to; k++ {
		if c := &x.cases[k]; c.obj == obj {
			if was := x.found(i, j, c); c.send || !was.drained {
				return false
			}
			yes = true
		}
	}
	return yes
}

// takes appends what the select that step j is uses where it takes a case, before step i, whose channel is in that state.
func (x *execution) takes(to []use, i, j int32, c *selectCase, was *objState) []use {
	st := &x.steps[j]
	cases := x.cases[st.from:st.to]
	to = x.looks(to, cases, Reads)
	for k := range to {
		if to[k].obj == c.obj {
			to[k].mode, to[k].part = was.flow(c.send)
			if to[k].mode == Flows && slices.ContainsFunc(cases, func(o selectCase) bool { return o.obj == c.obj && o.alt != c.alt }) {
				to[k].mode, to[k].part = Writes, 0
			}
		}
	}
	return x.leaves(to, was, c.send, i)
}

// looks appends a use of each channel of the cases.
func (x *execution) looks(to []use, cases []selectCase, m Mode) []use {
	for c := range cases {
		to = adds(to, cases[c].obj, m)
	}
	return to
}

// adds appends a use of an object, if there is none yet; if there is, the two together are writes unless they are alike.
func adds(to []use, o int32, m Mode) []use {
	for k := range to {
		if to[k].obj == o {
			if to[k].mode != m {
				to[k].mode = Writes
			}
			return to
		}
	}
	return append(to, use{obj: o, mode: m})
}

// found is the state in which a case of the select that step j is finds its channel before step i.
func (x *execution) found(i, j int32, c *selectCase) objState {
	st := &x.steps[j]
	for k := st.first; k < st.end; k++ {
		if x.uses[k].obj == c.obj {
			return x.without(i, &x.uses[k], c.local)
		}
	}
	return objState{}
}

// leaves appends the channels at which the goroutine stands in line that is woken out of a select by a send, or else a receive, on a channel in that state.
// It is woken before step i, among what does not depend on i.
func (x *execution) leaves(to []use, was *objState, send bool, i int32) []use {
	first := was.was >> 16
	if send {
		first = was.was & 0xffff
	}
	if first == 0 {
		return to
	}
	if x.loose = true; x.lastOf(G(first-1)) < 0 {
		return to
	}
	t := x.lastWithout(i, x.byG[first-1])
	if t < 0 {
		return to
	}
	for _, c := range x.cases[x.steps[t].from:x.steps[t].to] {
		to = adds(to, c.obj, Writes)
	}
	return to
}

// lastWithout is the last step of a process before step i or among what does not depend on i, -1 for none.
func (x *execution) lastWithout(i, p int32) int32 {
	t := x.procs[p].last
	for t >= i && x.after(i, t) {
		t = x.steps[t].prev
	}
	return t
}

// allLeave corrects the uses of a step that closes channels: all leave the line elsewhere that stand in line at one of those, in a select, before step i
// or by what does not depend on i.
func (x *execution) allLeave(own []use, i int32) []use {
	own = slices.DeleteFunc(own, func(u use) bool { return u.left })
	closed := len(own)
	x.loose = true
	for p := range int32(len(x.procs)) {
		t := x.lastWithout(i, p)
		if t < 0 || x.steps[t].from == x.steps[t].to || x.steps[t].alt >= 0 || x.steps[t].kind != kernel.Select {
			continue
		}
		if w := x.steps[t].woken; w >= 0 && (w < i || !x.after(i, w)) {
			continue
		}
		cases := x.cases[x.steps[t].from:x.steps[t].to]
		if !slices.ContainsFunc(cases, func(c selectCase) bool {
			return slices.ContainsFunc(own[:closed], func(u use) bool { return u.obj == c.obj && u.mode == Writes })
		}) {
			continue
		}
		for _, c := range cases {
			own = adds(own, c.obj, Writes)
		}
	}
	return own
}

// ending is what a cancel of a context uses, as it did in the run, where it is run before step i.
func (x *execution) ending(a []use, i int32) []use {
	if a[0].mode == Reads {
		a = x.cancels(a, i)
	}
	return x.allLeave(a, i)
}

// cancels is what a cancel of a context that had ended uses where it is run before step i, which ended it.
func (x *execution) cancels(a []use, i int32) []use {
	if st := &x.steps[i]; st.kind == kernel.CtxCancel && st.first < st.end && x.uses[st.first].obj == a[0].obj {
		return append(a[:0], x.uses[st.first:st.end]...)
	}
	for k := range a {
		a[k].mode = Writes
	}
	return a
}

// besides looks for the races of an operation that waits at what else it used: of a send or receive the channels at which somebody stood in line whom it woke out of a select, of a
// context's end its channel, of each what the standard library did before the goroutine's next operation, such as to derive a context.
func (s *finder) besides(j int32) {
	x := &s.run
	st := &x.steps[j]
	if st.end-st.first < 2 {
		return
	}
	a := x.act(j)
	with := x.lastBlock(s.with[:0], a.uses[0])
	own := len(with)
	for _, u := range a.uses[1:] {
		with = x.lastBlock(with, u)
	}
	s.with = with
	for k, i := range with {
		if was := x.without(i, &a.uses[0], x.mine(j).local); k >= own && was.allows(st.kind) && x.direct(i, j, with) && !slices.Contains(with[:own], i) {
			s.before(i, j, &a)
		}
	}
}

// without is the state in which a use of an object finds it, if its step is carried out before step i along with all that does not depend on i.
func (x *execution) without(i int32, u *use, local Obj) objState {
	h := x.objs[u.obj].used
	k := min(int(u.at), len(h))
	for k > 0 && h[k-1].step >= i {
		k--
	}
	was, dropped := x.states[local], false
	for n := k; n < len(h) && n <= int(u.at); n++ {
		switch {
		case h[n].local != local: // what other objects that stand under the same number do is nothing to it
		case !dropped:
			was = h[n].state
			dropped = n < int(u.at) && x.after(i, h[n].step)
		case n < int(u.at) && !x.after(i, h[n].step):
			was.after(&h[n]) // what writes depends on what was dropped
		}
	}
	return was
}
