package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Exhaustive runs, without bounds, one schedule of each class: of all schedules that differ in the order of independent steps only, one.
// See docs/reduction.md for what is independent, and dpor.go for the algorithm. With bounds it is [DepthFirst], which is exact: what a
// reduced search would have to cut at a bound could be the only schedule of its class that is run.
//
// A goroutine that spins is not let go on for ever, for the tree would have no end; a search that met one is not
// complete. Neither is one in which the step limit cut a schedule, or the program did not do the same twice: at each decision
// that was seen before the choices are compared, and the run is a [Diverger].
func Exhaustive(bounds ...Bound) Maker {
	if len(bounds) > 0 {
		return DepthFirst(bounds...)
	}
	return func(uint64) Strategy { return newOptimal() }
}

// DepthFirst runs every schedule within the bounds, each once, depth first, whether or not it differs from others in more than the order of
// independent steps.
//
// The first bound sets the order: all schedules that cost 0, then all that cost 1, and so on, so that the first failure
// is one with the least cost. A schedule that costs more is kept as its first departure until its turn comes
// (Musuvathi and Qadeer's algorithm); none is run twice to get there.
func DepthFirst(bounds ...Bound) Maker {
	bounds = append([]Bound(nil), bounds...)
	timed := false
	for _, b := range bounds {
		timed = timed || b.name == "ClockMoves"
	}
	if !timed {
		bounds = append(bounds, ClockMoves(0))
	}
	return func(uint64) Strategy {
		s := newExhaustive(bounds)
		s.push(0, branch{at: -1, weight: 1})
		return s
	}
}

type exhaustive struct {
	bounds []Bound

	mu       sync.Mutex
	changed  sync.Cond  // a run has ended
	frontier [][]branch // what is left to run, by cost under the first bound; each a stack
	running  int
	free     []*scratch
	bounded  bool // a bound left something out
	gaps     Gaps
	behind   float64 // an estimate of which part is
	shard    firstPicks
	crown    *crown // nil where the search is not shared, and in limbs
}

var (
	_ Completer = (*exhaustive)(nil)
	_ Sharder   = (*exhaustive)(nil)
)

// A trail is what a run decided after it left its parent's trail.
type trail struct {
	parent *trail
	from   int // the number of its first decision, which the parent's has otherwise
	steps  []taken
}

// taken is a decision, and the hash of what could be chosen.
type taken struct {
	pick int32
	set  uint32
}

// A branch is a run to be made: along the trail up to decision at, where it takes pick.
type branch struct {
	trail  *trail
	at     int32
	pick   int32
	weight float64 // which part of all schedules it is taken to be
}

func newExhaustive(bounds []Bound) *exhaustive {
	s := &exhaustive{bounds: bounds}
	s.changed.L = &s.mu
	return s
}

// leastCost is the least cost of the branches, -1 where there are none.
func leastCost(frontier [][]branch) int {
	return slices.IndexFunc(frontier, func(stack []branch) bool { return len(stack) > 0 })
}

func (s *exhaustive) push(cost int, b branch) {
	for len(s.frontier) <= cost {
		s.frontier = append(s.frontier, nil)
	}
	s.frontier[cost] = append(s.frontier[cost], b)
}

// pop takes the branch that comes next.
func (s *exhaustive) pop() (branch, bool) {
	cost := leastCost(s.frontier)
	if cost < 0 {
		return branch{}, false
	}
	stack := s.frontier[cost]
	last := len(stack) - 1
	b := stack[last]
	stack[last] = branch{} // lets go of the trail
	s.frontier[cost] = stack[:last]
	return b, true
}

// Next returns the next run. Where all that is left depends on runs that have not ended, it waits for one. Of a search that is shared the limbs have them all.
func (s *exhaustive) Next() (Run, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.crown == nil {
		if b, ok := s.pop(); ok {
			s.running++
			return s.search(b), true
		}
		if s.running == 0 {
			break
		}
		s.changed.Wait()
	}
	return nil, false
}

// Complete reports whether every schedule within the bounds has been run to its end.
func (s *exhaustive) Complete() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over() && s.gaps == 0
}

// Gaps tells why not, once nothing is left to run.
func (s *exhaustive) Gaps() Gaps {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over() {
		return 0
	}
	return s.gaps
}

func (s *exhaustive) over() bool {
	return leastCost(s.frontier) < 0 && s.running == 0 && (s.crown == nil || s.crown.idle())
}

// Bounded reports whether a bound left schedules out.
func (s *exhaustive) Bounded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bounded
}

func (s *exhaustive) String() string {
	if len(s.bounds) == 1 && s.bounds[0].name == "ClockMoves" && s.bounds[0].max == 0 {
		return "exhaustive"
	}
	names := make([]string, len(s.bounds))
	for i, b := range s.bounds {
		names[i] = b.String()
	}
	return fmt.Sprintf("exhaustive[%s]", strings.Join(names, " "))
}

// search returns a run for the branch. It needs the lock.
func (s *exhaustive) search(b branch) *search {
	var with *scratch
	if last := len(s.free) - 1; last >= 0 {
		with, s.free = s.free[last], s.free[:last]
	} else {
		with = &scratch{spent: make([]int, len(s.bounds))}
	}
	return newSearch(s, b, with)
}

// done takes what a run found.
func (s *exhaustive) done(r *search, o *Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	s.bounded = s.bounded || r.bounded
	s.gaps |= r.gaps | gapsOf(o, r.diverged)
	if r.diverged == nil {
		s.weigh(r)
	}
	if s.behind += r.weight; r.diverged == nil && len(r.others) > 0 {
		from := max(r.known-1, 0) // the decision that left the parent's trail is the first of this one
		t := &trail{parent: r.parent, from: from, steps: append([]taken(nil), r.path[from:]...)}
		for _, o := range r.others {
			s.push(o.cost, branch{trail: t, at: o.at, pick: o.pick, weight: o.weight})
		}
	}
	s.free = append(s.free, r.scratch)
	r.scratch = nil
	s.changed.Broadcast()
}
