package scheduler

import "slices"

// ShrinkReplays is how many replays Shrink gets where nothing else is said.
const ShrinkReplays = 2000

// Shrink returns a schedule that fails in the same way and is easier to understand: fewer preemptions first,
// then fewer switches, then fewer steps (see [Cost]).
//
// Try runs one schedule and tells what came of it, or nil to stop, and same says whether that is the failure looked for.
// Shrink runs at most that many replays and never looks at the time, so that the same failure always shrinks
// to the same schedule; stopped, it returns the best so far. What it returns has been run, as it stands.
//
// It takes blocks of steps out of the schedule, joins them and lets them run on (delta debugging, Zeller and
// Hildebrandt 2002, on blocks in place of decisions: what a decision means changes with those before it, a block names
// goroutines and operations). Where preemptions remain it then looks for a failure with fewer in order of their number,
// so within the replays the number is the least there is, and where those are too few to tell, at random.
func Shrink(try func(Run) *Outcome, failing *Schedule, same func(*Outcome) bool, replays int) *Schedule {
	s := &shrinker{try: try, same: same, left: replays, best: failing, draws: failing.Draws, name: failing.Name, note: failing.Note}
	r, _ := Replay(failing)(0).Next()
	if !s.run(r) {
		return failing
	}
	s.reduce(replays / 2)
	if !s.search(s.left / 2) {
		s.sample(s.left / 3)
		s.search(s.left * 3 / 4)
	}
	s.reduce(0)
	return s.best
}

type shrinker struct {
	try        func(Run) *Outcome
	same       func(*Outcome) bool
	left       int // replays
	stopped    bool
	name, note string
	draws      uint64
	found      bool // best has been run
	best       *Schedule
	cost       Cost
	plan       plan // best's
	recorder   Recorder
	all        Strategy // goes through the schedules with fewer preemptions than the best has, or had
}

// run runs a candidate, which becomes the best if it fails in the same way and costs less.
func (s *shrinker) run(r Run) bool {
	if s.stopped || s.left <= 0 {
		return false
	}
	s.left--
	p := &planner{run: r, draws: s.draws, policy: policy{cur: nobody}}
	o := s.try(s.recorder.Record(p))
	if o == nil {
		s.stopped = true
		return false
	}
	if s.recorder.diverged() || !s.same(o) || s.found && !s.recorder.Cost().Less(s.cost) {
		return false
	}
	s.found, s.cost, s.plan = true, s.recorder.Cost(), p.plan
	s.best = s.recorder.Schedule(s.name)
	s.best.Note = s.note
	return true
}

// attempt runs the best with other blocks.
func (s *shrinker) attempt(blocks []block) bool {
	return s.run(&follower{plan: plan{blocks: blocks, alts: s.plan.alts}, policy: policy{cur: nobody}})
}

// reduce makes the best smaller until nothing helps or only keep replays are left.
func (s *shrinker) reduce(keep int) {
	for better := true; better && !s.stopped; {
		better = s.cutOut(keep)
		better = s.each(keep, runOn) || better
		better = s.each(keep, join) || better
		better = s.each(keep, swap) || better
	}
}

func (s *shrinker) more(keep int) bool { return !s.stopped && s.left > keep }

// cutOut takes blocks out: half of them at once, then a quarter, down to each alone.
func (s *shrinker) cutOut(keep int) (better bool) {
	for size := max(1, len(s.plan.blocks)/2); ; size /= 2 {
		for i := 0; i < len(s.plan.blocks) && s.more(keep); {
			to := min(i+size, len(s.plan.blocks))
			if s.attempt(slices.Delete(slices.Clone(s.plan.blocks), i, to)) {
				better = true
			} else {
				i = to
			}
		}
		if size <= 1 {
			return better
		}
	}
}

// each tries a change at each block, from the first to the last.
func (s *shrinker) each(keep int, change func(b []block, i int) []block) (better bool) {
	for i := 0; i < len(s.plan.blocks) && s.more(keep); i++ {
		if b := change(slices.Clone(s.plan.blocks), i); b != nil && s.attempt(b) {
			better = true
		}
	}
	return better
}

// runOn lets a block go on until its goroutine is blocked.
func runOn(b []block, i int) []block {
	if b[i].until == untilBlocked || b[i].clock {
		return nil
	}
	b[i].until = untilBlocked
	return b
}

// join moves the goroutine's next block up to this one.
func join(b []block, i int) []block {
	for j := i + 1; j < len(b); j++ {
		if b[j].id == b[i].id {
			b[i].until = b[j].until
			return slices.Delete(b, j, j+1)
		}
	}
	return nil
}

// swap lets the block come after the next.
func swap(b []block, i int) []block {
	if i+1 == len(b) {
		return nil
	}
	b[i], b[i+1] = b[i+1], b[i]
	return b
}

// search looks for the failure with fewer preemptions than the best, from none upward. It reports whether none can have fewer.
func (s *shrinker) search(replays int) (least bool) {
	if s.cost.Preemptions == 0 {
		return true
	}
	if s.all == nil {
		s.all = Exhaustive(Preemptions(s.cost.Preemptions - 1))(0)
	}
	keep := s.left - replays
	for s.more(keep) {
		r, ok := s.all.Next()
		if !ok || s.run(r) {
			return true // the first that fails has the fewest
		}
	}
	return false
}
