package scheduler

// sampler is a run with at most so many preemptions, at random places, where also who goes on when the last one cannot is left to chance.
type sampler struct {
	rng    rng
	policy policy
	left   int // preemptions
	among  int // places at which there may be one, as the run before had them
	places int // those of this run
}

func (r *sampler) Pick(d *Decision) int {
	r.policy.see(d.Since)
	def := r.policy.choose(d.Choices)
	n := goroutines(d.Choices)
	if n == 0 || r.policy.idle >= idleMax {
		return def
	}
	if d.Choices[def].G != r.policy.cur {
		return r.rng.below(n)
	}
	r.places++
	if r.left > 0 && r.rng.below(max(1, r.among/r.left)) == 0 {
		if i := r.rng.below(n); d.Choices[i].G != r.policy.cur {
			r.left--
			return i
		}
	}
	return def + r.rng.below(alternatives(d.Choices, def))
}

func (r *sampler) End(*Outcome) {}

// sample looks for the failure with fewer preemptions than the best at random, in so many replays.
func (s *shrinker) sample(replays int) {
	among := 64
	for keep := s.left - replays; s.cost.Preemptions > 0 && s.more(keep); {
		r := &sampler{policy: policy{cur: nobody}, left: s.cost.Preemptions - 1, among: among}
		r.rng.start(sampleSeed, uint64(s.left))
		s.run(r)
		among = max(1, r.places)
	}
}

// sampleSeed is any number.
const sampleSeed = 20
