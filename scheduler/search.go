package scheduler

// search is one run of an exhaustive strategy: along a branch, then by the default, noting what else could be chosen.
type search struct {
	*scratch
	of       *exhaustive
	policy   policy
	parent   *trail  // where the branch leaves from
	known    int     // the branch's length
	weight   float64 // which part of all schedules the branch is taken to be, and at the end the run
	at       int     // decisions made
	bounded  bool
	gaps     Gaps
	looked   bool // whose the run is has been looked at
	passed   bool // it is another shard's
	diverged *Divergence
}

// scratch is what a search needs until it has ended. It is used again; the search is not, since it is asked later
// whether it diverged.
type scratch struct {
	path   []taken // the branch, then what was decided
	spent  []int   // under each bound
	others []other
	costs  []int // after each decision that was not the branch's, under the first bound
}

// other is a choice that was not taken.
type other struct {
	at     int32
	pick   int32
	cost   int // of the schedule up to it and with it, under the first bound
	weight float64
}

var (
	_ Diverger = (*search)(nil)
	_ Passer   = (*search)(nil)
)

func newSearch(of *exhaustive, b branch, with *scratch) *search {
	clear(with.spent)
	with.path, with.others, with.costs = with.path[:0], with.others[:0], with.costs[:0]
	r := &search{scratch: with, of: of, parent: b.trail, weight: b.weight}
	r.policy.reset()
	if b.trail == nil {
		return r
	}
	r.known = int(b.at) + 1
	for len(r.path) < r.known {
		r.path = append(r.path, taken{})
	}
	end := r.known
	for t := b.trail; t != nil; t = t.parent {
		copy(r.path[t.from:end], t.steps)
		end = t.from
	}
	r.path[b.at].pick = b.pick
	return r
}

func (r *search) Diverged() *Divergence { return r.diverged }
func (r *search) Passed() bool          { return r.passed }

func (r *search) Pick(d *Decision) int {
	if r.diverged != nil {
		return Stop
	}
	r.policy.see(d.Since)
	set := uint32(d.choicesHash() >> 32)
	if r.at < r.known {
		return r.follow(d, set)
	}
	if r.ofOthers(false) {
		return Stop
	}
	i := r.cheapest(d.Choices)
	r.branch(d.Choices, i)
	r.path = append(r.path, taken{pick: int32(i), set: set})
	r.take(d.Choices, i)
	r.costs = append(r.costs, r.spent[0])
	return i
}

// follow takes the branch's decision, if the choices are those of the run that it leaves from.
func (r *search) follow(d *Decision, set uint32) int {
	want := r.path[r.at]
	if want.set != set || int(want.pick) >= len(d.Choices) {
		r.diverged = &Divergence{Decision: r.at + 1, Step: d.Step, How: OtherChoices, Op: d.Choices[min(int(want.pick), len(d.Choices)-1)]}
		return Stop
	}
	r.take(d.Choices, int(want.pick))
	return int(want.pick)
}

func (r *search) take(choices []Choice, i int) {
	for j := range r.of.bounds {
		r.spent[j] += r.of.bounds[j].cost(&r.policy, choices, i)
	}
	r.at++
}

// cheapest returns a choice that costs nothing under any bound: the default, or where delays count the next in turn.
func (r *search) cheapest(choices []Choice) int {
	i := r.policy.choose(choices)
	for _, b := range r.of.bounds {
		if b.cost(&r.policy, choices, i) > 0 {
			return r.policy.after(choices)
		}
	}
	return i
}

// branch notes the choices other than the one taken, the last first: what is noted last is run first.
func (r *search) branch(choices []Choice, i int) {
	if r.policy.idle >= idleMax {
		r.gaps |= Spins // everybody spins: no end of orders in which they could
		return
	}
	for j := len(choices) - 1; j >= 0; j-- {
		if j == i {
			continue
		}
		if r.policy.spin >= spinMax && choices[j].G == r.policy.cur {
			r.gaps |= Spins
			continue
		}
		if cost, ok := r.affords(choices, j); ok {
			r.others = append(r.others, other{at: int32(r.at), pick: int32(j), cost: cost})
		} else {
			r.bounded = true
		}
	}
}

// affords reports whether choice j is within the bounds, and what the schedule then costs under the first.
func (r *search) affords(choices []Choice, j int) (cost int, ok bool) {
	for k := len(r.of.bounds) - 1; k >= 0; k-- {
		b := &r.of.bounds[k]
		cost = r.spent[k] + b.cost(&r.policy, choices, j)
		if cost > b.max {
			return 0, false
		}
	}
	return cost, true
}

func (r *search) End(o *Outcome) {
	if r.at < r.known && r.diverged == nil && !o.Cut {
		r.diverged = &Divergence{Decision: r.at + 1, Step: o.Steps, How: TooShort, Want: r.known}
	}
	if r.diverged == nil {
		r.ofOthers(true)
	}
	r.of.done(r, o)
}
