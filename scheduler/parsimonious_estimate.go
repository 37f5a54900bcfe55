package scheduler

var _ Estimator = (*parsimonious)(nil)

// Estimate guesses which part of the search is behind: at each step of the path the schedules that have been run in its place,
// among those and what is left, as if all led to as many (Knuth: Estimating the Efficiency of Backtrack Programs, 1975).
// What was not found yet is not counted, so at first it says too much.
func (s *parsimonious) Estimate() (done float64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return 1, true
	}
	weight := 1.0
	at := func(m *moment, of []moment) {
		tried, left := 0, 1
		if m != nil {
			tried, left, of = m.tried, 1+len(m.todo), m.older
		}
		for len(of) > 0 {
			tried, left, of = tried+of[0].tried, left+1+len(of[0].todo), of[0].older
		}
		done += weight * float64(tried) / float64(tried+left)
		weight /= float64(tried + left)
	}
	for i := range s.path {
		at(&s.path[i], nil)
	}
	at(nil, s.older)
	return done, s.begun
}
