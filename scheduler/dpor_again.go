package scheduler

// What runs share. A run does what the one before did up to where it is to take another way, so that much of the execution is kept. It is held to what is carried out, event by
// event: what differs is taken up anew, and so is all that comes after, wherever that is. So an execution is always what it would be if it had been made of this run's events alone.

// wake is a step that woke another one, out of a select.
type wake struct {
	by, step int32
	was      int32 // what had, before
}

// reset begins a run. What steps there are of the last one stay behind those that are taken up, in the same memory; the histories of objects and the like are those of
// all of them, until the first that differs has been cut off.
func (x *execution) reset(n *names) {
	if x.names != n {
		x.names = n
		x.forget()
	}
	x.ahead = max(x.ahead, len(x.steps))
	x.steps, x.uses, x.cases, x.events = x.steps[:0], x.uses[:0], x.cases[:0], x.events[:0]
}

// forget lets go of the last run: processes and objects are numbered anew, or what depends on what has changed.
func (x *execution) forget() {
	x.steps, x.uses, x.cases, x.local, x.states = x.steps[:0], x.uses[:0], x.cases[:0], x.local[:0], x.states[:0]
	x.procs, x.byG, x.objs = x.procs[:0], x.byG[:0], x.objs[:0]
	x.events, x.wakes, x.ahead, x.wall = x.events[:0], x.wakes[:0], 0, -1
}

// again takes up those of the events, whole steps of them, that are the same as in the last run, and says how many these are. node is the decision that the first comes from.
func (x *execution) again(events []Event, homes []uint64, node int32) (n int) {
	for n < len(events) && x.ahead > 0 {
		at := len(x.steps)
		if at == x.ahead {
			x.ahead = 0 // the last run ended here
			break
		}
		s := &x.steps[:at+1][at]
		to := n + int(s.upTo-s.said)
		if to > len(events) || to < len(events) && events[to].Flags&Also != 0 || !x.same(events[n:to], x.events[:s.upTo][s.said:], homes) ||
			s.node != node && events[n].Flags&Forced == 0 {
			x.cut()
			break
		}
		x.steps, x.uses, x.cases, x.events = x.steps[:at+1], x.uses[:s.end], x.cases[:s.to], x.events[:s.upTo]
		n = to
	}
	return n
}

// same reports whether events are as they were, with the same objects.
func (x *execution) same(events, were []Event, homes []uint64) bool {
	for i := range events {
		e := &events[i]
		if !e.is(&were[i]) || !x.sameObj(e.Obj, homes) || !x.sameObj(e.Obj2, homes) {
			return false
		}
	}
	return true
}

func (x *execution) sameObj(o Obj, homes []uint64) bool {
	return int(o) >= len(x.local) || x.local[o] < 0 || x.names.objIDs[x.local[o]] == x.home(o, homes)
}

// cut cuts off what there is of the last run beyond what has been taken up.
func (x *execution) cut() {
	from, all := len(x.steps), x.ahead
	x.ahead = 0
	if from >= all {
		return
	}
	steps := x.steps[:all]
	x.wall = steps[from].wall
	uses := x.uses[:steps[all-1].end]
	for i := all - 1; i >= from; i-- {
		s := &steps[i]
		x.procs[s.proc] = process{last: s.prev, idle: s.idle}
		for k := s.end - 1; k >= s.first; k-- {
			x.unuse(&uses[k])
		}
	}
	for _, u := range uses[steps[from].first:] {
		x.objs[u.obj].restore(steps)
	}
	for k := len(x.wakes) - 1; k >= 0 && int(x.wakes[k].by) >= from; k-- {
		w := x.wakes[k]
		steps[w.step].woken, x.wakes = w.was, x.wakes[:k]
	}
	for g, p := range x.byG {
		if p >= 0 && x.procs[p].last < 0 {
			x.byG[g] = -1 // it has not been seen yet
		}
	}
}

// unuse takes the last use of an object back.
func (x *execution) unuse(u *use) {
	h := &x.objs[u.obj]
	local := h.used[u.at].local
	h.used, h.mode, h.older, h.block = h.used[:u.at], Unused, h.older[:0], h.block[:0]
	if local == 0 {
		return
	}
	x.states[local] = objState{}
	for k := len(h.used) - 1; k >= 0; k-- {
		if h.used[k].local == local {
			x.states[local] = h.used[k].state
			x.states[local].after(&h.used[k])
			return
		}
	}
}

// restore finds the last two blocks of uses again.
func (h *object) restore(steps []step) {
	k := len(h.used) - 1
	if h.mode != Unused || k < 0 {
		return
	}
	h.mode = h.used[k].mode
	k = h.join(&h.block, k, steps)
	h.join(&h.older, k, steps)
}

// join puts together what is known after the block of uses that ends with use k. It returns the one before.
func (h *object) join(v *vector, k int, steps []step) int {
	for first := k; k >= 0 && (k == first || h.used[k].mode == h.used[first].mode && h.used[k].mode != Writes); k-- {
		v.join(steps[h.used[k].step].clock)
	}
	return k
}
