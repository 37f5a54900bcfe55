package scheduler

import "github.com/lastcall-go/lastcall/internal/kernel"

// execution is a run with its order: for each step the steps that it depends on.
type execution struct {
	names  *names
	steps  []step
	shown  int32 // how many of them show something, once the run has ended
	uses   []use // of all steps, one after the other
	cases  []selectCase
	procs  []process
	byG    []int32 // by the run's number for a goroutine: ours, -1 where it has none yet
	objs   []object
	local  []int32    // by the run's number for an object: ours, -1 where it has none yet
	states []objState // likewise
	wall   int32      // the last step that everything depends on; -1
	events []Event    // that the steps were made of
	wakes  []wake
	left   []unit // room, see paired
	ahead  int    // how many steps of the last run there are beyond, if this one comes to do the same; see again
	loose  bool   // what is made of the step that is looked at may hang on what comes after it, see firm
}

// step is a step of the run.
type step struct {
	move
	kind       Kind
	node       int32 // the decision that chose it, -1 for a forced one
	idle       int32 // how many steps on end its process took before it that changed nothing
	all        bool
	marks      marks
	wall       int32  // the last step before it that everything depends on; -1
	prev       int32  // of its process, -1
	first, end int32  // its uses
	from, to   int32  // its cases, of a select
	woken      int32  // the step that woke it, of a select that stood in line; -1
	said, upTo int32  // its events
	settled    bool   // to look at it once more would come to nothing, see firm
	before     vector // what its process knew when it came to it, the steps that started or woke it included
	clock      vector // and after it
}

// unit is what a use adds to a counter, as far as nobody has taken it off.
type unit struct{ use, n int32 }

// selectCase is one case of a select.
type selectCase struct {
	alt   int32
	obj   int32
	local Obj
	send  bool
}

// process is a goroutine or a timer.
type process struct {
	last int32 // its last step, -1
	idle int32
}

// object is an object's history.
type object struct {
	used  []access
	mode  Mode   // of the last block of uses that commute with each other
	older vector // of what comes before that block
	block vector // of that block
}

// access is one use of an object.
type access struct {
	step  int32
	mode  Mode
	kind  Kind
	read  bool  // it changed nothing
	part  int32 // see use
	local Obj
	arg   int32    // what it adds to a WaitGroup or to a RWMutex's readers, or what a compare-and-swap looks for
	state objState // right before
}

// conflicts reports whether the order of the two uses of the object matters.
func (a *access) conflicts(u *use) bool {
	return conflict(a.mode, a.part, u.mode, u.part)
}

// vector has for each process one more than the index of its last step known; missing ones are 0.
type vector []int32

func (v vector) knows(p, step int32) bool { return int(p) < len(v) && v[p] > step }

func (v *vector) join(w vector) {
	u := *v
	n := min(len(u), len(w))
	for i, x := range w[:n] {
		if x > u[i] {
			u[i] = x
		}
	}
	if n < len(w) {
		*v = append(u, w[n:]...)
	}
}

func (v *vector) set(p, step int32) {
	for len(*v) <= int(p) {
		*v = append(*v, 0)
	}
	(*v)[p] = step + 1
}

// proc returns the process of an operation.
func (x *execution) proc(op *Op, homes []uint64) int32 {
	if op.G == Clock {
		timer := x.home(op.Obj, homes)
		if timer == strangeID {
			timer = op.ObjID // not the same in every run, but no two are taken for one
		}
		p := x.room(x.names.proc(fold(op.ID, timer+1)))
		x.names.timers[p] = x.obj(op.Obj, homes)
		return p
	}
	for int(op.G) >= len(x.byG) {
		x.byG = append(x.byG, -1)
	}
	if p := x.byG[op.G]; p < 0 || x.names.procIDs[p] != op.ID {
		x.byG[op.G] = x.room(x.names.proc(op.ID))
	}
	return x.byG[op.G]
}

// room makes room for process p.
func (x *execution) room(p int32) int32 {
	for int(p) >= len(x.procs) {
		x.procs = append(x.procs, process{last: -1})
	}
	return p
}

// home is which object a number of the run stands for. Programs in memory, which strategies are tested with, number theirs alike in every run.
func (x *execution) home(o Obj, homes []uint64) uint64 {
	if homes == nil {
		return uint64(o) + 2
	}
	if int(o) < len(homes) {
		return homes[o]
	}
	return strangeID
}

func (x *execution) obj(o Obj, homes []uint64) int32 {
	for int(o) >= len(x.local) {
		x.local, x.states = append(x.local, -1), append(x.states, objState{})
	}
	if home := x.home(o, homes); x.local[o] < 0 || x.names.objIDs[x.local[o]] != home {
		x.local[o] = x.names.obj(home)
	}
	return x.local[o]
}

// object returns an object's history.
func (x *execution) object(o int32) *object {
	for int(o) >= len(x.objs) {
		n := len(x.objs)
		if n < cap(x.objs) {
			x.objs = x.objs[:n+1]
			h := &x.objs[n]
			*h = object{used: h.used[:0], older: h.older[:0], block: h.block[:0]}
		} else {
			x.objs = append(x.objs, object{})
		}
	}
	return &x.objs[o]
}

// take takes up what was carried out since the last of so many decisions. It returns the first of the steps, and whether one was the standard library's own
// and had waited: what for is hidden in steps of others, so not every order of it is found.
func (x *execution) take(events []Event, homes []uint64, decisions int) (from int, hidden bool) {
	for i := range events {
		hidden = hidden || events[i].Quiet
	}
	from = len(x.steps)
	x.add(events, homes, int32(decisions-1))
	return from, hidden
}

// add takes up what was carried out. node is the decision that the first step comes from.
func (x *execution) add(events []Event, homes []uint64, node int32) {
	for i := x.again(events, homes, node); i < len(events); {
		e, from := &events[i], i
		s := x.begin(e, homes, node)
		if e.Flags&Forced != 0 {
			s.node = -1
		}
		x.touch(e, homes)
		for i++; i < len(events) && events[i].Flags&Also != 0; i++ {
			x.touch(&events[i], homes)
		}
		x.order()
		x.events = append(x.events, events[from:i]...)
		s.said, s.upTo = int32(len(x.events)-(i-from)), int32(len(x.events))
	}
}

// begin appends a step.
func (x *execution) begin(e *Event, homes []uint64, node int32) *step {
	p := x.proc(&e.Op, homes)
	n := len(x.steps)
	if n < cap(x.steps) {
		x.steps = x.steps[:n+1]
	} else {
		x.steps = append(x.steps, step{})
	}
	s := &x.steps[n]
	q := &x.procs[p]
	*s = step{
		move: move{p, e.Alt}, kind: e.Kind, node: node, idle: q.idle, wall: x.wall, prev: q.last,
		first: int32(len(x.uses)), end: int32(len(x.uses)), from: int32(len(x.cases)), to: int32(len(x.cases)), woken: -1,
		before: s.before[:0], clock: s.clock[:0],
	}
	u := Access(&e.Op, e.Flags)
	s.all = u.All
	if q.idle++; changes(e) {
		q.idle = 0
	}
	x.known(&s.before, p, e.By)
	return s
}

// known puts together what process p knows when by, counted from 1, has woken it.
func (x *execution) known(v *vector, p, by int32) {
	if last := x.procs[p].last; last >= 0 {
		v.join(x.steps[last].clock)
	}
	if by > 0 && int(by) <= len(x.steps) {
		v.join(x.steps[by-1].clock)
	}
}

// touch adds to the uses of the last step.
func (x *execution) touch(e *Event, homes []uint64) {
	if e.Can&(asksSend|asksRecv) != 0 {
		x.cases = append(x.cases, selectCase{alt: e.Alt, obj: x.obj(e.Obj, homes), local: e.Obj, send: e.Can&asksSend != 0})
		x.steps[len(x.steps)-1].to++
	}
	if e.Flags&Also != 0 && e.Arg > 0 {
		if t := x.lastOf(G(e.Arg - 1)); t >= 0 {
			now := int32(len(x.steps) - 1)
			x.wakes = append(x.wakes, wake{by: now, step: t, was: x.steps[t].woken})
			x.steps[t].woken = now
		}
	}
	u := Access(&e.Op, e.Flags)
	if u.Obj != Unused && e.Obj != 0 {
		x.use(x.obj(e.Obj, homes), e.Obj, u.Obj, e)
	}
	if u.Obj2 != Unused && e.Obj2 != 0 {
		x.use(x.obj(e.Obj2, homes), e.Obj2, u.Obj2, e)
	}
	if u.Time != Unused && e.Flags&Also == 0 {
		x.use(theTime, 0, u.Time, e)
	}
}

// lastOf is the last step of a goroutine, -1 for none.
func (x *execution) lastOf(g G) int32 {
	if int(g) >= len(x.byG) || x.byG[g] < 0 {
		return -1
	}
	return x.procs[x.byG[g]].last
}

func (x *execution) use(o int32, local Obj, m Mode, e *Event) {
	adds := e.Arg
	switch e.Kind {
	case kernel.RLock, kernel.TryRLock:
		adds = 1
	case kernel.RUnlock:
		adds = -1
	case kernel.CtxCancel:
		if e.Flags&Holds != 0 {
			adds = 1
		}
	}
	if adds < 0 && m == Adds && (o == strange || x.names.coarse[o]) {
		m = Subs
	}
	if m == Flows && o == strange {
		m = Writes
	}
	s := &x.steps[len(x.steps)-1]
	for i := s.first; i < s.end; i++ {
		if u := &x.uses[i]; u.obj == o {
			u.left = u.left && e.Arg > 0
			if u.mode != m || m == Flows {
				u.mode, u.part = Writes, 0
			}
			return
		}
	}
	h := x.object(o)
	u := use{obj: o, mode: m, left: e.Flags&Also != 0 && e.Arg > 0, at: int32(len(h.used))}
	if m == Flows {
		u.part = bufferPart(e)
	}
	x.uses = append(x.uses, u)
	s.end++
	if local == 0 {
		h.used = append(h.used, access{step: int32(len(x.steps) - 1)})
		return
	}
	was := &x.states[local]
	was.see(e)
	h.used = append(h.used, access{step: int32(len(x.steps) - 1), mode: m, part: u.part, kind: e.Kind, read: e.Flags&Read != 0, local: local, arg: adds, state: *was})
	was.after(&h.used[len(h.used)-1])
}

// order finds what the last step depends on.
func (x *execution) order() {
	i := int32(len(x.steps) - 1)
	s := &x.steps[i]
	s.clock.join(s.before)
	if s.wall >= 0 {
		s.clock.join(x.steps[s.wall].clock)
	}
	if s.all {
		for p := range x.procs {
			if last := x.procs[p].last; last >= 0 {
				s.clock.join(x.steps[last].clock)
			}
		}
		x.wall = i
	}
	for _, u := range x.uses[s.first:s.end] {
		h := &x.objs[u.obj]
		h.used[u.at].mode, h.used[u.at].part = u.mode, u.part
		if h.mode != Unused && u.mode.Conflict(h.mode) {
			h.older, h.block = h.block, h.older[:0]
		}
		h.mode = u.mode
		s.clock.join(h.older)
		if u.mode == Flows {
			x.flows(&s.clock, h, u)
		}
	}
	a := x.act(i)
	s.marks = a.marks()
	s.clock.set(s.proc, i)
	for _, u := range x.uses[s.first:s.end] {
		x.objs[u.obj].block.join(s.clock)
	}
	x.procs[s.proc].last = i
}

// flows joins what is known after those uses of the same block that u, which flows, depends on: the last one that went the same way, and the one that had its place.
func (x *execution) flows(v *vector, h *object, u use) {
	line, place := false, false
	for k := int(u.at) - 1; k >= 0 && h.used[k].mode == Flows && !(line && place); k-- {
		p := h.used[k].part
		if same := (p > 0) == (u.part > 0); same && !line || p == -u.part {
			v.join(x.steps[h.used[k].step].clock)
			line, place = line || same, place || !same
		}
	}
}

// act returns what step i is to others. It is valid until the next run.
func (x *execution) act(i int32) act {
	s := &x.steps[i]
	return act{move: s.move, all: s.all, uses: x.uses[s.first:s.end]}
}

// after reports whether step j depends on step i.
func (x *execution) after(i, j int32) bool { return x.steps[j].clock.knows(x.steps[i].proc, i) }
