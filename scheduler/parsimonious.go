package scheduler

// parsimonious is the search without bounds that keeps no wakeup trees: EPOP, of Abdulla, Atig, Das, Jonsson, Sagonas: Parsimonious Optimal Dynamic Partial Order
// Reduction, CAV 2024.
//
// After a run, each race of a step i and a later step j that is new gives a schedule: what j depends on of the steps after i, and then j, its head. It is what could be run
// in place of i and all that follows. The one that leaves the run first is run at once, along with what the default makes of the rest, and what it replaces is put by, to
// be taken up again when nothing is left to do below. Two things keep a class from being run twice. A race is reversed from one of the runs that show it only: none
// whose first step is in a schedule, and none across a head that is not in the schedule (the same race is to be seen in what the head's schedule
// has replaced). And where two schedules that exclude neither each other could replace one step, the first, once all that begins with it has been run, sleeps in what
// comes after: a run that turns out to begin with it is not made.
//
// Where it departs from the paper:
//   - Go's operations that wait, timers, alternatives and verdicts are dealt with as in [optimal], see dpor.go. An operation that waits is brought forward with what its process knew,
//     and not with what has made way for it since.
//   - WaitGroup.Wait waits for steps that commute with each other, so there can be many sets of them before which it could be carried out: each is a schedule, see joins.
//   - A select that is brought forward may turn out to depend on what it did not depend on in the run that showed it, so a race of a schedule's head with that is to be seen only
//     where the schedule is run: what comes after the head then is also run before it, see earlier.
//   - Where a select has several cases classes can be lost all the same: one in 15,000 random programs of channels and selects, for which no remedy is known. A search that
//     met such a select is not complete; one that is shared goes over to wakeup trees then.
//   - The alternatives of one operation replace it as a schedule does. One can race with what the others do not depend on, so its races are
//     looked at although it is in a schedule.
//   - What sleeps is a schedule whose head might be independent of another's. In the paper those are the reads; here also what else commutes with its like, and all
//     that replaces a step that uses several objects.
type parsimonious struct {
	finder // nodes: the decisions of the run

	course

	path  []moment   // what the next run goes along, up to where it takes plan
	plan  detour     // what it takes there
	done  []sequence // the schedules that have been run from there
	older []moment   // what was there
	carry []sequence // what sleeps there

	limb *limb // what it has as a limb; nil where it is none

	selects bool // a run has come to a select of several cases

	found []reversal // by the run at hand
	acts  []act      // of those
	uses  []use      // and of their heads
	free  []*node    // those of decisions that are on no path
	adds  []int      // room, see joins

	here, copy []sequence // likewise, see next
	sleeping   []sequence // and what sleeps in a run

	lasting     slab[act] // of plans and of the path
	lastingUses slab[use]
	waiting     slab[detour] // rooms for one
}

// moment is a step that the next run, or one to come, goes along.
type moment struct {
	act
	node   *node // the decision that chose it, nil for a forced one
	sched  bool  // it is in a schedule
	head   bool  // and the schedule's last
	alt    bool  // the schedule is an alternative of what it replaces
	choice bool  // see detour
	seen   []use // likewise, of a head
	tried  int   // schedules run in its place
	todo   []detour
	done   []sequence // schedules run in its place, or in the place of what was there before, as far as they matter
	older  []moment   // what its schedule, which begins here, replaces
	last   bool       // that is the trunk's: with this schedule the limb is at its end
}

// detour is a schedule that is to be run.
type detour struct {
	acts   []act // the last is the head
	alt    bool  // an alternative of the step that it replaces
	choice bool  // or of another: its head has been found with one of several
	seen   []use // what the head, a select, did in the run that showed it, if it did; in another place it may come to use other things
}

// reversal is a plan that the run at hand shows to be possible.
type reversal struct {
	at          int32 // the step that it replaces
	first, end  int   // in acts
	alt, choice bool
	seen        []use
}

// Parsimonious is [Exhaustive] without bounds, by another algorithm that keeps less: see docs/reduction.md for how the two compare.
func Parsimonious(uint64) Strategy { return newParsimonious() }

func newParsimonious() *parsimonious {
	s := &parsimonious{finder: finder{names: newNames()}}
	s.to, s.join = s, s.joins
	s.changed.L = &s.mu
	return s
}

var _ Completer = (*parsimonious)(nil)

func (s *parsimonious) String() string { return "parsimonious" }

// Next returns the run of the next schedule.
func (s *parsimonious) Next() (Run, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.await()
	if s.over {
		return nil, false
	}
	s.begun, s.running = true, true
	s.run.reset(&s.names)
	return newParsimoniousRun(s), true
}

// ended takes up what a run showed, and finds out what comes next.
func (s *parsimonious) ended(r *parsimoniousRun, o *Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = false
	if r.blocked {
		s.blocked++
	}
	s.found, s.acts, s.uses = s.found[:0], s.acts[:0], s.uses[:0]
	if r.diverged == nil && r.fresh >= 0 && (!r.blocked || s.selects) {
		if s.run.shown = int32(len(s.run.steps)); r.blocked {
			s.run.shown = r.end
		}
		s.show(r, o)
	}
	s.gaps |= r.gaps | gapsOf(o, r.diverged) | gapIf(s.selects && s.limb == nil, Selects)
	if (s.again || s.selects) && s.limb != nil {
		s.over = true
	} else if s.again {
		s.path, s.plan, s.done, s.older, s.carry, s.again = nil, detour{}, nil, nil, nil, false
	} else {
		s.keep(r)
		s.over = !s.next()
	}
	s.changed.Broadcast()
}
