package scheduler

import (
	"github.com/lastcall-go/lastcall/internal/kernel"
)

// Operations that wait, and WaitGroups.

// waited finds the steps that an operation which waits races with: the latest one before which it could have been carried out, and those that commute with that one.
// Its process knows before; u is its use of the object, or would be.
func (s *finder) waited(a *act, before vector, u use, local Obj, kind Kind) {
	if kind == kernel.WGWait && s.join != nil {
		s.join(a, before, u, local)
		return
	}
	x := &s.run
	h := x.objs[u.obj].used
	was := x.states[local] // what other objects that stand under the same number do is nothing to it
	if int(u.at) < len(h) {
		was = h[u.at].state
	}
	found := -1
	for k := int(u.at) - 1; k >= 0; k-- {
		if found >= 0 && (h[k].mode != h[found].mode || h[k].mode == Writes) {
			return
		}
		i := h[k].step
		if h[k].local == local {
			was = h[k].state
		}
		if i >= x.shown {
			continue
		}
		if !h[k].conflicts(&u) || x.steps[i].proc == a.proc || before.knows(x.steps[i].proc, i) {
			continue
		}
		if h[k].mode == Flows { // not all that comes after it depends on it
			was = x.without(i, &u, local)
		}
		all, past := was.allows(kind), true
		if kind == kernel.WGWait {
			all = was.count+x.added(i, local, h[k+1:u.at], nil) == 0
			past = was.count+x.added(i, local, h[k+1:u.at], before) == 0
		}
		if all || past && kind == kernel.WGWait {
			if found < 0 {
				found = k
			}
			if x.last(i, h[k+1:found+1]) {
				switch kind {
				case kernel.Send, kernel.Recv:
					own := use{obj: u.obj}
					own.mode, own.part = was.flow(kind == kernel.Send)
					a.uses = x.leaves(append(s.mine[:0], own), &was, kind == kernel.Send, i)
					s.mine = a.uses
				case kernel.CtxCancel:
					if int(s.at) < len(x.steps) {
						st := &x.steps[s.at]
						a.uses = x.ending(append(s.mine[:0], x.uses[st.first:st.end]...), i)
						s.mine = a.uses
					}
				case kernel.OnceDo:
					a.uses = append(s.mine[:0], use{obj: u.obj, mode: Writes}) // it is not done yet then
					s.mine = a.uses
				}
				if all {
					s.to.reverse(i, a, nil, before)
				} else {
					s.to.reverse(i, a, before, before)
				}
			}
		}
	}
}

// last reports whether none of the uses depends on step i.
func (x *execution) last(i int32, uses []access) bool {
	for _, u := range uses {
		if x.after(i, u.step) {
			return false
		}
	}
	return true
}

// added is what is added to a WaitGroup by those of the uses that do not depend on step i, or are known to past where that is given.
func (x *execution) added(i int32, local Obj, uses []access, past vector) (n int32) {
	for _, u := range uses {
		if u.local == local && x.runsWithout(i, u.step, past) {
			n += u.arg
		}
	}
	return n
}

// runsWithout reports whether step j is run before step i where something else is to be.
func (x *execution) runsWithout(i, j int32, past vector) bool {
	return !x.after(i, j) && (past == nil || past.knows(x.steps[j].proc, j))
}

// lookBack finds the latest decision at which an operation that depends on everything could have been chosen.
func (s *finder) lookBack(a *act, before vector, j int32) {
	x := &s.run
	for i := j - 1; i >= 0; i-- {
		if x.steps[i].proc == a.proc {
			return
		}
		if k := x.steps[i].node; k >= 0 && !before.knows(x.steps[i].proc, i) && s.nodes[k].find(a.move) >= 0 {
			s.to.reverse(i, a, nil, before)
			return
		}
	}
}

// waiting looks for the races of an operation that was waiting when the run ended.
func (s *finder) waiting(op *Op, homes []uint64) {
	x := &s.run
	p := x.proc(op, homes)
	var before vector
	x.known(&before, p, op.By)
	u := Access(op, 0)
	a := act{move: move{p, anyAlt}, all: u.All}
	switch {
	case u.All:
		s.lookBack(&a, before, int32(len(x.steps)))
	case waits[op.Kind] && op.Obj != 0:
		o := x.obj(op.Obj, homes)
		if int(o) < len(x.objs) {
			a.uses = []use{{obj: o, mode: u.Obj, at: int32(len(x.objs[o].used))}}
			s.waited(&a, before, a.uses[0], op.Obj, op.Kind)
		}
	}
}

// counters have a number that must not fall below zero.
var counters = [256]bool{
	kernel.WGAdd: true, kernel.WGWait: true,
	kernel.RLock: true, kernel.RUnlock: true, kernel.TryRLock: true, kernel.WRequest: true, kernel.TryWLock: true, kernel.WUnlock: true,
}

// groups looks for WaitGroups whose counter, and RWMutexes whose number of readers, could fall below zero if independent steps were run in another order, which
// ends the program. As long as each Done has an Add of its own, and each RUnlock an RLock, among the steps that it depends on, it cannot. Where one has not, the
// two are taken to depend on each other from now on, for that object, and the search begins again.
func (s *finder) groups() {
	x := &s.run
	for o := range int32(len(x.objs)) {
		if h := x.objs[o].used; len(h) > 0 && counters[h[0].kind] && o != strange && !s.names.coarse[o] && !x.paired(h) {
			s.names.coarse[o] = true
			s.again = true
		}
	}
	if s.again {
		x.forget() // steps are to others what they were not
	}
}

// paired reports whether each unit that is taken off is matched by one of its own, added in a step that it depends on. It takes the latest first, which does for most, and else looks for others.
func (x *execution) paired(uses []access) bool {
	for i := range uses {
		if uses[i].kind == kernel.CondWait {
			return false // it may take off a reader
		}
	}
	return x.pairedLatest(uses) || x.matched(uses)
}

func (x *execution) pairedLatest(uses []access) bool {
	added := x.left[:0] // what is left of units that are added, and by which use
	defer func() { x.left = added }()
	for j := range uses {
		u := &uses[j]
		switch {
		case u.read:
			continue // a TryRLock that failed has added none
		case u.arg > 0:
			added = append(added, unit{int32(j), u.arg})
			continue
		}
		off := -u.arg
		for k := len(added) - 1; k >= 0 && off > 0; k-- {
			if a := &added[k]; a.n > 0 && x.after(uses[a.use].step, u.step) {
				n := min(a.n, off)
				a.n, off = a.n-n, off-n
			}
		}
		for len(added) > 0 && added[len(added)-1].n == 0 {
			added = added[:len(added)-1]
		}
		if off > 0 {
			return false
		}
	}
	return true
}

// matchMax is how many units are matched at most.
const matchMax = 1 << 10

// matched is paired by a matching of what is taken off with what is added (Kuhn: The Hungarian Method, 1955).
func (x *execution) matched(uses []access) bool {
	by := make([][]int, len(uses)) // which uses take off what each use adds
	seen := make([]int, len(uses)) // in which search
	search := 0
	var match func(j int) bool
	match = func(j int) bool {
		for i := j - 1; i >= 0; i-- {
			a := &uses[i]
			if a.read || a.arg <= 0 || seen[i] == search || !x.after(a.step, uses[j].step) {
				continue
			}
			seen[i] = search
			if int32(len(by[i])) < a.arg {
				by[i] = append(by[i], j)
				return true
			}
			for k, other := range by[i] {
				if other != j && match(other) { // it has another one
					by[i][k] = j
					return true
				}
			}
		}
		return false
	}
	for j := range uses {
		for n := uses[j].arg; !uses[j].read && n < 0; n++ {
			if search++; search > matchMax || !match(j) {
				return false
			}
		}
	}
	return true
}
