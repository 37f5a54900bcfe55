package scheduler

import "sync/atomic"

// Replay follows a recorded schedule, once, and checks each decision against it. At the first that differs
// it ends the run; the run is a [Diverger], which says what differs.
func Replay(s *Schedule) Maker {
	return func(uint64) Strategy { return &once{run: &replay{schedule: s}} }
}

// once is a strategy of a single schedule.
type once struct {
	run  Run
	used atomic.Bool
}

func (s *once) Next() (Run, bool) {
	if s.used.Swap(true) {
		return nil, false
	}
	if r, ok := s.run.(interface{ begin() }); ok {
		r.begin()
	}
	return s.run, true
}

type replay struct {
	schedule *Schedule
	policy   policy
	at       int
	diverged *Divergence
}

var _ Diverger = (*replay)(nil)

func (r *replay) begin() { r.policy.reset() }

func (r *replay) Draws() uint64 { return r.schedule.Draws }

func (r *replay) Diverged() *Divergence { return r.diverged }

func (r *replay) Pick(d *Decision) int {
	r.policy.see(d.Since)
	if r.diverged != nil {
		return Stop
	}
	if r.at == len(r.schedule.Picks) {
		return r.stop(d, TooLong, &d.Choices[r.policy.choose(d.Choices)])
	}
	want := r.schedule.Picks[r.at]
	if int(want.Rank) >= len(d.Choices) {
		return r.stop(d, TooFew, &d.Choices[r.policy.choose(d.Choices)])
	}
	i := unrank(int(want.Rank), r.policy.choose(d.Choices))
	if got := d.byteHash(i); got>>5 != want.Sum>>5 {
		return r.stop(d, OtherOp, &d.Choices[i])
	} else if got != want.Sum {
		return r.stop(d, OtherSet, &d.Choices[i])
	}
	r.at++
	return i
}

func (r *replay) stop(d *Decision, how Departure, op *Op) int {
	r.diverged = &Divergence{Decision: r.at + 1, Step: d.Step, How: how, Op: *op, Want: len(r.schedule.Picks)}
	return Stop
}

func (r *replay) End(o *Outcome) {
	if r.diverged == nil && r.at < len(r.schedule.Picks) {
		r.diverged = &Divergence{Decision: r.at + 1, Step: o.Steps, How: TooShort, Want: len(r.schedule.Picks)}
	}
}
