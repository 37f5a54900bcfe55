package scheduler

// ExplainReplays is how many replays Explain gets where nothing else is said.
const ExplainReplays = 500

// An Explanation says what decides that a schedule fails, as far as replays have shown it. Steps are counted from 0, without the
// events that are none ([Also]).
type Explanation struct {
	// First and Second are two operations of different goroutines whose order decides: with Second carried out before First, and the
	// rest in the order that it has, the failure does not come about. -1 where no such pair was found.
	// First is an index into the run's steps; so is Second, if the run came to it.
	First, Second int
	Pending       Op     // the second operation, whether or not the run came to it
	Otherwise     string // how that schedule ends: "" if it passes, else the kind of another failure
	Reversed      int    // how many pairs were tried
	AllReversed   bool   // all there are

	// From is the earliest step after which every continuation failed that has at most Preemptions preemptions more;
	// -1 where every schedule from the start on did. Tried is how many of them there are.
	From        int
	Preemptions int
	Tried       int
	Escapes     bool // one that leaves the schedule just before From passes; otherwise the replays did not suffice to go further back
}

// explainPreemptions is how many preemptions the continuations tried have at most.
const explainPreemptions = 1

// Explain looks for what decides that a schedule fails, whose run had these events.
//
// Try runs one schedule, or returns nil to stop; same says whether it fails as this one does. At most so many replays are
// made, and the time plays no part.
//
// A pair is tried by one run: what came before the first and what does not depend on it, the second, the first, the rest. So the
// pair is one without which this very schedule would pass; that every schedule with the other order passes is not said.
// Pairs are tried from the last to the first, since what is closest to the failure explains it best.
//
// The continuations are all there are within the bound, found depth first from the failing run backwards: each is run to its end.
func Explain(try func(Run) *Outcome, failing *Schedule, events []Event, same func(*Outcome) bool, replays int) Explanation {
	x := &explainer{try: try, same: same, left: replays, draws: failing.Draws, events: onlySteps(events)}
	e := Explanation{First: -1, Second: -1, From: len(x.events) - 1, Preemptions: explainPreemptions}
	first := x.again(failing)
	if first == nil {
		return e
	}
	e.Tried = 1
	keep := x.left / 2
	x.left -= keep
	x.pair(&e)
	x.left += keep
	x.noReturn(first.path, &e)
	return e
}

// again runs the failing schedule, and notes what its goroutines were about to do at its end.
func (x *explainer) again(failing *Schedule) *descent {
	first := &descent{schedule: failing, draws: x.draws}
	first.policy.reset()
	if o := x.run(first); o == nil || !x.same(o) || len(first.path) != len(failing.Picks) {
		return nil
	}
	done := map[uint64]int32{}
	for i := range x.events {
		done[x.events[i].ID] = x.events[i].N + 1
	}
	for _, op := range first.ahead {
		if op.G != Clock && op.N >= done[op.ID] {
			x.waiting = append(x.waiting, op)
		}
	}
	return first
}

// explainer is the state of Explain.
type explainer struct {
	try     func(Run) *Outcome
	same    func(*Outcome) bool
	left    int // replays
	stopped bool
	draws   uint64
	events  []Event
	waiting []Op // what goroutines had not carried out at the end
}

// onlySteps leaves out what is no step of its own. The indices stay right: what is left out comes with index -1 in its step's place.
func onlySteps(events []Event) []Event {
	var steps []Event
	for _, e := range events {
		if e.Flags&Also == 0 {
			steps = append(steps, e)
		}
	}
	return steps
}

// run runs r; nil means that there is nothing to be learnt any more.
func (x *explainer) run(r Run) *Outcome {
	if x.left <= 0 || x.stopped {
		return nil
	}
	x.left--
	o := x.try(r)
	x.stopped = o == nil
	return o
}

// pair looks for the decisive pair: best is one without which the schedule passes, else one without which it fails otherwise.
func (x *explainer) pair(e *Explanation) {
	for j := len(x.events) + len(x.waiting) - 1; j > 0; j-- {
		for i := min(j, len(x.events)) - 1; i >= 0; i-- {
			if !x.mayReverse(i, j) {
				continue
			}
			r := x.reversed(i, j)
			o := x.run(r)
			if o == nil {
				return
			}
			if !r.reversed() {
				continue
			}
			e.Reversed++
			switch {
			case x.same(o):
			case !o.Failed:
				e.First, e.Second, e.Pending, e.Otherwise = i, j, *x.op(j), ""
				return
			case e.First < 0:
				e.First, e.Second, e.Pending, e.Otherwise = i, j, *x.op(j), o.Kind
			}
		}
	}
	e.AllReversed = true
}

// op is the operation of step i, carried out or not.
func (x *explainer) op(i int) *Op {
	if i < len(x.events) {
		return &x.events[i].Op
	}
	return &x.waiting[i-len(x.events)]
}

// mayReverse reports whether the order of two steps can matter and could be the other: nothing that the second's goroutine did before
// depends on the first.
func (x *explainer) mayReverse(i, j int) bool {
	a, b := &x.events[i], x.op(j)
	if a.ID == b.ID || b.Kind == 0 || !Dependent(a, b) {
		return false
	}
	after := x.after(i, j)
	for k := j - 1; k > i; k-- {
		if k < len(x.events) && x.events[k].ID == b.ID {
			return !after[k-i]
		}
	}
	return true
}

// after tells of each step from i up to j, by its distance from i, whether it depends on i, directly or not.
func (x *explainer) after(i, j int) []bool {
	n := min(j, len(x.events)) - i
	after := make([]bool, n)
	after[0] = true
	for k := 1; k < n; k++ {
		e := &x.events[i+k]
		for l := k - 1; l >= 0 && !after[k]; l-- {
			f := &x.events[i+l]
			after[k] = after[l] && (f.ID == e.ID || Dependent(f, &e.Op))
		}
	}
	return after
}

// reversed is a run in which step j comes before step i, if it can.
func (x *explainer) reversed(i, j int) *reordered {
	after := x.after(i, j)
	end := i + len(after)
	r := &reordered{draws: x.draws, policy: policy{cur: nobody}, done: map[uint64]int32{}}
	add := func(op *Op) { r.list = append(r.list, wanted{site{op.ID, op.N}, op.Alt}) }
	for k := range x.events[:i] {
		add(&x.events[k].Op)
	}
	for k := i; k < end; k++ {
		if !after[k-i] {
			add(&x.events[k].Op)
		}
	}
	r.second = site{x.op(j).ID, x.op(j).N}
	r.first = site{x.events[i].ID, x.events[i].N}
	add(x.op(j))
	for k := i; k < len(x.events); k++ {
		if k != j && (k >= end || after[k-i]) {
			add(&x.events[k].Op)
		}
	}
	return r
}

// wanted is a step to be taken.
type wanted struct {
	site
	alt int32
}

// reordered is a run that takes the steps of a list in its order as far as it can: where one cannot be carried out, the goroutine of
// the step that was moved up goes on, else the next of the list that can, else the default.
type reordered struct {
	list          []wanted
	at            int // all before are done
	draws         uint64
	policy        policy
	done          map[uint64]int32 // how many operations a goroutine has carried out; looked up, never ranged over
	first, second site
	order         [2]int // when those were carried out, from 1
	steps         int
}

// Draws tells what the failing schedule's does.
func (r *reordered) Draws() uint64 { return r.draws }

// reversed reports whether the second step came before the first, or without it.
func (r *reordered) reversed() bool {
	return r.order[1] > 0 && (r.order[0] == 0 || r.order[1] < r.order[0])
}

func (r *reordered) see(since []Event) {
	r.policy.see(since)
	for i := range since {
		e := &since[i]
		if e.Flags&Also != 0 {
			continue
		}
		r.steps++
		r.done[e.ID] = e.N + 1
		switch (site{e.ID, e.N}) {
		case r.first:
			r.order[0] = r.steps
		case r.second:
			r.order[1] = r.steps
		}
	}
}

func (r *reordered) Pick(d *Decision) int {
	r.see(d.Since)
	for r.at < len(r.list) && r.past(r.at) {
		r.at++
	}
	for k := r.at; k < len(r.list); k++ {
		w := &r.list[k]
		if i := ofID(d.Choices, w.id); i >= 0 && d.Choices[i].N <= w.n {
			return w.alternative(d.Choices, i)
		}
		// Whoever came sooner than it did may hold what the others need.
		if i := ofID(d.Choices, r.second.id); r.order[1] > 0 && i >= 0 {
			return i
		}
	}
	return r.policy.choose(d.Choices)
}

func (r *reordered) past(k int) bool { return r.done[r.list[k].id] > r.list[k].n }

// ofID returns the first choice of the goroutine of that identity, or -1.
func ofID(choices []Choice, id uint64) int {
	for i := range choices {
		if choices[i].ID == id {
			return i
		}
	}
	return -1
}

// alternative is the choice of the operation at i that is wanted, or i.
func (w *wanted) alternative(choices []Choice, i int) int {
	for j := i; j < len(choices) && choices[j].G == choices[i].G; j++ {
		if choices[j].Alt == w.alt {
			return j
		}
	}
	return i
}

func (r *reordered) End(o *Outcome) { r.see(o.Since) }
