package scheduler

// A plan is a schedule as people think of it: blocks of one goroutine's steps. It names goroutines and operations by
// identity, so that it still says something when a part of it is taken away.
type plan struct {
	blocks []block
	alts   map[site]int32 // which alternative an operation took, where it had several; looked up, never ranged over
}

// A block is steps of one goroutine on end.
type block struct {
	id    uint64
	until int32 // up to its operation of this number
	clock bool  // the clock's, which would go on for ever if it was let
}

// untilBlocked lets a block go on as long as its goroutine can.
const untilBlocked = 1<<31 - 1

// planner is a run that notes another's plan.
type planner struct {
	run    Run
	draws  uint64 // a candidate draws as the failing schedule does
	policy policy
	plan   plan
}

// Draws tells what the failing schedule's does.
func (r *planner) Draws() uint64 { return r.draws }

func (r *planner) Pick(d *Decision) int {
	r.see(d.Since)
	i := r.run.Pick(d)
	if i == Stop {
		return Stop
	}
	c := &d.Choices[i]
	if c.G != r.policy.cur && !r.policy.preempts(d.Choices, i) && !r.policy.yields() && c.G != Clock {
		r.open()
	}
	if c.Alt >= 0 {
		if r.plan.alts == nil {
			r.plan.alts = map[site]int32{}
		}
		r.plan.alts[site{c.ID, c.N}] = c.Alt
	}
	return i
}

// open lets the last block go on until it is blocked, since that is how it ended.
func (r *planner) open() {
	if n := len(r.plan.blocks); n > 0 && !r.plan.blocks[n-1].clock {
		r.plan.blocks[n-1].until = untilBlocked
	}
}

// see adds steps to the plan.
func (r *planner) see(since []Event) {
	r.policy.see(since)
	for i := range since {
		e := &since[i]
		n := len(r.plan.blocks)
		if n == 0 || r.plan.blocks[n-1].id != e.ID {
			if e.Flags&Forced != 0 {
				r.open()
			}
			r.plan.blocks = append(r.plan.blocks, block{id: e.ID, clock: e.G == Clock})
			n++
		}
		r.plan.blocks[n-1].until = e.N + 1
	}
}

// Diverged tells what the run noted says.
func (r *planner) Diverged() *Divergence {
	if d, ok := r.run.(Diverger); ok {
		return d.Diverged()
	}
	return nil
}

func (r *planner) End(o *Outcome) {
	r.see(o.Since)
	r.run.End(o)
}

// follower is a run that goes by a plan as far as it can: a block whose goroutine cannot go on is left out,
// and after the last the default goes on.
type follower struct {
	plan   plan
	at     int
	policy policy
}

func (r *follower) Pick(d *Decision) int {
	r.policy.see(d.Since)
	for ; r.at < len(r.plan.blocks); r.at++ {
		b := &r.plan.blocks[r.at]
		for i := range d.Choices {
			if d.Choices[i].ID == b.id && d.Choices[i].N < b.until {
				return r.alternative(d.Choices, i)
			}
		}
	}
	return r.alternative(d.Choices, r.policy.choose(d.Choices))
}

// alternative returns the choice of the operation at i that the plan names, or i.
func (r *follower) alternative(choices []Choice, i int) int {
	if want, ok := r.plan.alts[site{choices[i].ID, choices[i].N}]; ok {
		for j := i; j < len(choices) && choices[j].G == choices[i].G; j++ {
			if choices[j].Alt == want {
				return j
			}
		}
	}
	return i
}

func (r *follower) End(*Outcome) {}
