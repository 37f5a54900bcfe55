package scheduler

import "slices"

// move says whose step, and which alternative.
type move struct {
	proc int32
	alt  int32
}

// anyAlt stands for whichever alternatives there will be.
const anyAlt = -2

// use is an object and what a step does with it.
type use struct {
	obj  int32
	mode Mode
	left bool  // somebody was woken out of a select, and left the line there
	part int32 // of its buffer, where the mode is Flows
	at   int32 // which use of the object in the run, from 0
}

// conflicts reports whether the order of two uses of one object matters.
func (u *use) conflicts(v *use) bool {
	return conflict(u.mode, u.part, v.mode, v.part)
}

// alike reports whether to others it makes no difference which of the two it is that a step does.
func alike(p, q []use) bool {
	return slices.EqualFunc(p, q, func(u, v use) bool { return u.obj == v.obj && u.mode == v.mode && u.part == v.part })
}

// act is what a step is as far as other steps are concerned, in terms that are the same in every run.
type act struct {
	move
	all  bool // depends on everything
	uses []use
}

// conflicts reports whether the order of the two matters.
func (a *act) conflicts(b *act) bool {
	if a.proc == b.proc || a.all || b.all {
		return true
	}
	for i := range a.uses {
		for j := range b.uses {
			if a.uses[i].obj == b.uses[j].obj && a.uses[i].conflicts(&b.uses[j]) {
				return true
			}
		}
	}
	return false
}

// opens reports whether some run that is equivalent to one beginning with v begins with a (a is a weak initial of v), and which step of v that is:
// len(v) where it is none of them and comes before or after all alike.
func (a *act) opens(v []act) (i int, ok bool) {
	for i := range v {
		if v[i].proc == a.proc {
			return i, v[i].alt == a.alt || v[i].alt == anyAlt || a.alt == anyAlt
		}
		if a.conflicts(&v[i]) {
			return 0, false
		}
	}
	return len(v), true
}

// slab hands out small slices that live as long as any of those made together with it.
type slab[T any] struct{ left []T }

func (s *slab[T]) take(n int) []T {
	if len(s.left) < n {
		s.left = make([]T, max(n, 256))
	}
	p := s.left[:n:n]
	s.left = s.left[n:]
	return p
}

// names numbers goroutines, timers and objects by their identities, which are the same in every run.
type names struct {
	procs   map[uint64]int32
	procIDs []uint64
	objs    map[uint64]int32
	objIDs  []uint64
	timers  map[int32]int32 // which timer a process is
	coarse  map[int32]bool  // WaitGroups and RWMutexes whose counter could fall below zero in some order
}

func newNames() names {
	return names{
		procs: make(map[uint64]int32), timers: make(map[int32]int32), coarse: make(map[int32]bool),
		objs: map[uint64]int32{timeID: theTime, strangeID: strange}, objIDs: []uint64{theTime: timeID, strange: strangeID},
	}
}

// Objects that are none of the program's.
const (
	theTime = int32(iota)
	strange // stands for all that cannot be told apart from run to run

	timeID    = 1
	strangeID = 0
)

func (n *names) proc(id uint64) int32 { return number(n.procs, &n.procIDs, id) }
func (n *names) obj(id uint64) int32  { return number(n.objs, &n.objIDs, id) }

func number(m map[uint64]int32, ids *[]uint64, id uint64) int32 {
	i, ok := m[id]
	if !ok {
		i = int32(len(m))
		m[id] = i
		*ids = append(*ids, id)
	}
	return i
}
