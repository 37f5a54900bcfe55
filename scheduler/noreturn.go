package scheduler

// noReturn looks for the step after which nothing helps: a depth-first search that begins with the failing run and goes back
// from its end, decision by decision, until a schedule passes.
func (x *explainer) noReturn(path []fork, e *Explanation) {
	for d := len(path) - 1; d >= 0; d-- {
		tried, end := x.leaveAt(path, d)
		if end == unknown {
			return
		}
		e.From = path[d].step
		if end == passes {
			e.Escapes = true
			return
		}
		e.Tried += tried
	}
	e.From = -1
}

type ending int

const (
	fails ending = iota
	passes
	unknown // the replays were spent
)

// leaveAt runs the schedules that go as the failing one does up to decision d and then take another choice.
func (x *explainer) leaveAt(path []fork, d int) (tried int, v ending) {
	var stack []exit
	dropped := false // more than there are replays for
	push := func(path []fork, d, budget int) {
		f := &path[d]
		for i := f.choices - 1; i >= 0; i-- {
			cost := 0
			if f.costs[i] {
				cost = 1
			}
			if i == f.pick || cost > budget {
				continue
			}
			if stack = append(stack, exit{path: path, at: d, pick: i, left: budget - cost}); len(stack) > x.left {
				stack[0] = exit{} // the last would be run first
				stack, dropped = stack[1:], true
			}
		}
	}
	push(path, d, explainPreemptions)
	for len(stack) > 0 {
		next := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		r := &descent{prefix: next.prefix(), draws: x.draws}
		r.policy.reset()
		o := x.run(r)
		switch {
		case o == nil || len(r.path) < len(r.prefix):
			return tried, unknown
		case !o.Failed:
			return tried, passes
		}
		tried++
		for k := len(r.prefix); k < len(r.path); k++ {
			push(r.path, k, next.left)
		}
	}
	if dropped {
		return tried, unknown
	}
	return tried, fails
}

// exit is a choice that a run did not take.
type exit struct {
	path []fork // of the run
	at   int
	pick int
	left int // preemptions that may still follow
}

// prefix is the way there.
func (e *exit) prefix() []fork {
	return append(append(make([]fork, 0, e.at+1), e.path[:e.at]...), fork{pick: e.pick})
}

// fork is a decision of a descent.
type fork struct {
	pick, choices int
	costs         []bool // which choices are preemptions
	step          int    // of the run: the index of the step that was picked
}

// descent is a run along a schedule or a prefix, and then by the default, that notes what else could be chosen.
type descent struct {
	schedule *Schedule
	prefix   []fork
	draws    uint64
	policy   policy
	path     []fork
	ahead    []Op // what the goroutines were about to do at the last decision
}

// Draws tells what the failing schedule's does.
func (r *descent) Draws() uint64 { return r.draws }

func (r *descent) Pick(d *Decision) int {
	r.policy.see(d.Since)
	n, i := len(r.path), r.policy.choose(d.Choices)
	switch {
	case r.schedule != nil && n < len(r.schedule.Picks):
		if rank := int(r.schedule.Picks[n].Rank); rank < len(d.Choices) {
			i = unrank(rank, i)
		}
	case n < len(r.prefix):
		i = min(r.prefix[n].pick, len(d.Choices)-1)
	}
	f := fork{pick: i, choices: len(d.Choices), step: d.Step, costs: make([]bool, len(d.Choices))}
	for j := range d.Choices {
		f.costs[j] = r.policy.preempts(d.Choices, j) || clockCost(&r.policy, d.Choices, j) > 0
	}
	r.path = append(r.path, f)
	if r.schedule != nil {
		r.look(d)
	}
	return i
}

// look notes what is ahead, each operation once.
func (r *descent) look(d *Decision) {
	r.ahead = append(r.ahead[:0], d.Pending...)
	for i := range d.Choices {
		if i == 0 || d.Choices[i].G != d.Choices[i-1].G {
			r.ahead = append(r.ahead, d.Choices[i])
		}
	}
}

func (r *descent) End(*Outcome) {}
