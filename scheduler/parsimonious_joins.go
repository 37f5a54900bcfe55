package scheduler

// joinsMax is how many sets of steps are tried for one step that a WaitGroup.Wait could come before. Where that is not enough the search is not complete.
const joinsMax = 1 << 12

// joins plans a WaitGroup.Wait before each step that adds to its WaitGroup, along with each set of the other additions that leaves the counter at zero.
func (s *parsimonious) joins(a *act, before vector, u use, local Obj) {
	x := &s.run
	h := x.objs[u.obj].used
	for k := int(u.at) - 1; k >= 0; k-- {
		i := h[k].step
		if i >= x.shown || h[k].local != local || !h[k].mode.Conflict(u.mode) || x.steps[i].proc == a.proc || before.knows(x.steps[i].proc, i) {
			continue
		}
		if x.steps[i].node < 0 || s.scheduled(i) {
			continue
		}
		j := joiner{s: s, a: a, before: before, i: i, adds: s.adds[:0]}
		low, high := h[k].state.count, h[k].state.count
		for n := k + 1; n < int(u.at); n++ {
			if v := &h[n]; v.local == local && v.arg != 0 && !x.after(i, v.step) {
				j.adds = append(j.adds, n)
				low, high = low+min(v.arg, 0), high+max(v.arg, 0)
			}
		}
		s.adds = j.adds
		if low > 0 || high < 0 {
			continue // the counter cannot be at zero there
		}
		j.used = h
		j.choose(0, h[k].state.count, before, nil)
		s.gaps |= gapIf(j.tried > joinsMax, ManyJoins)
	}
}

// joiner tries sets of additions.
type joiner struct {
	s      *parsimonious
	a      *act
	before vector
	i      int32
	used   []access // of the WaitGroup
	adds   []int    // which of those
	tried  int
}

// choose decides on addition n and those after it. The counter stands at count with those that were taken, which known knows.
func (j *joiner) choose(n int, count int32, known vector, left []int32) {
	if j.tried++; j.tried > joinsMax {
		return
	}
	x := &j.s.run
	low, high := count, count
	for _, k := range j.adds[n:] {
		low, high = low+min(j.used[k].arg, 0), high+max(j.used[k].arg, 0)
	}
	if low > 0 || high < 0 {
		return
	}
	if n == len(j.adds) {
		j.s.replace(j.i, j.a, known)
		return
	}
	u := &j.used[j.adds[n]]
	for _, l := range left {
		if x.after(l, u.step) {
			j.choose(n+1, count, known, append(left[:len(left):len(left)], u.step))
			return // one that it depends on is left out
		}
	}
	with := append(vector(nil), known...)
	with.join(x.steps[u.step].clock)
	j.choose(n+1, count+u.arg, with, left)
	if !known.knows(x.steps[u.step].proc, u.step) {
		j.choose(n+1, count, known, append(left[:len(left):len(left)], u.step))
	}
}
