package scheduler

var _ Estimator = (*optimal)(nil)

// Estimate guesses which part of the search is behind: at each decision on the way of the last run, the branches that have been run,
// as if all branches of a decision led to as many schedules (Knuth: Estimating the Efficiency of Backtrack Programs, 1975).
// What is not planned yet is not counted, so at first it says too much.
func (s *optimal) Estimate() (done float64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trunk != nil {
		return s.trunk.estimate(), true
	}
	if s.over {
		return 1, true
	}
	return s.behind(0), len(s.nodes) > 0
}

// behind is the estimate for what is below the first base decisions.
func (s *optimal) behind(base int) (done float64) {
	weight := 1.0
	for _, n := range s.nodes[base:] {
		branches := float64(n.tried + 1 + len(n.tree))
		done += weight * float64(n.tried) / branches
		weight /= branches
	}
	return done
}
