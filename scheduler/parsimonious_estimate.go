package scheduler

var _ Estimator = (*parsimonious)(nil)

// Estimate guesses which part of the search is behind: at each step of the path the schedules that have been run in its place,
// among those and what is left (Knuth: Estimating the Efficiency of Backtrack Programs, 1975). It goes as if all led to as many, or, where those that have been
// run sleep in the others, each to half as many as the one before. What was not found yet is not counted, so it can fall.
func (s *parsimonious) Estimate() (done float64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.trunk != nil:
		return s.trunk.estimate(), true
	case s.over:
		return 1, true
	}
	return s.behind(0), s.begun
}

// behind is the estimate for what is to be run from the step number floor of the path on.
func (s *parsimonious) behind(floor int) (done float64) {
	if s.over {
		return 1
	}
	weight := 1.0
	at := func(tried, left int, older []moment, head *act) {
		halves := len(older) > 0 && matters(&older[0].act, head)
		for len(older) > 0 {
			tried, left, older = tried+older[0].tried, left+1+len(older[0].todo), older[0].older
		}
		part, here := float64(tried)/float64(tried+left), 1/float64(tried+left)
		if halves {
			all := 2 - pow2(tried+left-1)
			part, here = (2-2*pow2(tried))/all, pow2(tried)/all
		}
		done, weight = done+weight*part, weight*here
	}
	for i := min(floor, len(s.path)); i < len(s.path); i++ {
		m := &s.path[i]
		head := &m.act
		for k := i; m.older != nil && k < len(s.path); k++ {
			if head = &s.path[k].act; s.path[k].head {
				break
			}
		}
		at(m.tried, 1+len(m.todo), m.older, head)
	}
	if n := len(s.plan.acts); n > 0 {
		at(0, 1, s.older, &s.plan.acts[n-1])
	}
	return min(max(done, 0), 1)
}

// pow2 is 2 to the power of -n.
func pow2(n int) float64 {
	p := 1.0
	for ; n > 0 && p > 1e-300; n-- {
		p /= 2
	}
	return p
}
