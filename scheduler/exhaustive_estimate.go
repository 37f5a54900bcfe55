package scheduler

var _ Estimator = (*exhaustive)(nil)

// Estimate guesses which part of the schedules within the bounds is behind. At each decision of a schedule it divides what part of all that is taken to be among its alternatives (Knuth: Estimating
// the Efficiency of Backtrack Programs, 1975), by how many schedules each leads to where each later decision of the same schedule has some alternatives more, which cost 1 each under the first bound.
func (s *exhaustive) Estimate() (done float64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over() {
		return 1, true
	}
	return min(s.behind, 1), s.behind > 0
}

// weigh divides the weight of a run that has ended among it and what else could be chosen on its way.
func (s *exhaustive) weigh(r *search) {
	others := r.others
	for at := r.known; at < r.at && len(others) > 0; at++ {
		n := 0
		for n < len(others) && int(others[n].at) == at {
			n++
		}
		if n == 0 {
			continue
		}
		left := r.at - at - 1 // decisions
		own := s.size(left, r.costs[at-r.known])
		all := own
		for i := range others[:n] {
			o := &others[i]
			o.weight = s.size(left, o.cost)
			all += o.weight
		}
		unit := r.weight / all
		for i := range others[:n] {
			others[i].weight *= unit
		}
		r.weight = unit * own
		others = others[n:]
	}
}

// wide is how many alternatives a decision is taken to have that cost something.
const wide = 1.5

// sizeMax is where sizes stop to be told apart: what they are divided by is to be a number.
const sizeMax = 1e100

// size is how many schedules there are that have so many decisions left, and have cost so much.
func (s *exhaustive) size(decisions, cost int) float64 {
	sum, term := 1.0, 1.0
	for i := range s.bounds[0].max - cost {
		if i >= decisions || sum > sizeMax {
			break
		}
		term *= wide * float64(decisions-i) / float64(i+1)
		sum += term
	}
	return sum
}
