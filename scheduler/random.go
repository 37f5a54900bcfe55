package scheduler

// Random walks uniformly: at each decision every choice is as likely as every other.
// It is fair. It finds what many schedules show, and seldom what needs a particular order of two distant steps:
// after s steps of a goroutine against another the odds are 2^-s.
//
// The clock is apart, here and in the other randomized strategies: it overtakes goroutines that could go on in three of four schedules of
// a program that has timers, each with a rate of its own (see [Overtake]), and where 10,000 steps have passed and no time.
func Random(seed uint64) Strategy {
	return &walks{name: "random", seed: seed, learned: new(learned), fresh: func() walker { return new(random) }}
}

var _ Maker = Random

type random struct{ rng *rng }

func (w *random) begin(r *rng, _ *profile)    { w.rng = r }
func (w *random) see(*Decision)               {}
func (w *random) yield(G)                     {}
func (w *random) choose(choices []Choice) int { return w.rng.below(len(choices)) }
