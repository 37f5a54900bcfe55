package scheduler

import "sync"

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
//   - The alternatives of one operation replace it as a schedule does. One can race with what the others do not depend on, so its races are
//     looked at although it is in a schedule.
//   - What sleeps is a schedule whose head might be independent of another's. In the paper those are the reads; here also what else commutes with its like, and all
//     that replaces a step that uses several objects.
//
// Next waits while a run is on: what comes next depends on it.
type parsimonious struct {
	finder // nodes: the decisions of the run

	mu      sync.Mutex
	changed sync.Cond
	begun   bool
	running bool
	over    bool
	partial bool // something was left out: the step limit, fairness, a divergence
	blocked int  // runs that only repeat what others have run
	strayed int  // schedules that could not be carried out: a fault of the table or of the search

	path  []moment   // what the next run goes along, up to where it takes plan
	plan  detour     // what it takes there
	done  []sequence // the schedules that have been run from there
	older []moment   // what was there
	carry []sequence // what sleeps there

	found []reversal // by the run at hand
	acts  []act      // of those
	marks []bool     // room for the steps of one
	free  []*node
}

// moment is a step that the next run, or one to come, goes along.
type moment struct {
	act
	node   *node // the decision that chose it, nil for a forced one
	sched  bool  // it is in a schedule
	head   bool  // and the schedule's last
	alt    bool  // the schedule is an alternative of what it replaces
	choice bool  // see detour
	tried  int   // schedules run in its place
	todo   []detour
	done   []sequence // schedules run in its place, or in the place of what was there before, as far as they matter
	older  []moment   // what its schedule, which begins here, replaces
}

// detour is a schedule that is to be run.
type detour struct {
	acts   []act // the last is the head
	alt    bool  // an alternative of the step that it replaces
	choice bool  // or of another: its head has been found with one of several
}

// reversal is a plan that the run at hand shows to be possible.
type reversal struct {
	at          int32 // the step that it replaces
	first, end  int   // in acts
	alt, choice bool
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
	for s.running {
		s.changed.Wait()
	}
	if s.over {
		return nil, false
	}
	s.begun, s.running = true, true
	s.run.reset(&s.names)
	return newParsimoniousRun(s), true
}

// Complete reports whether a schedule of every class has been run to its end.
func (s *parsimonious) Complete() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over && !s.partial && s.strayed == 0
}

// Bounded is false: there is no bound.
func (s *parsimonious) Bounded() bool { return false }

// ended takes up what a run showed, and finds out what comes next.
func (s *parsimonious) ended(r *parsimoniousRun, o *Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = false
	if r.blocked {
		s.blocked++
	}
	s.found, s.acts = s.found[:0], s.acts[:0]
	if r.diverged == nil && !r.blocked {
		s.run.shown = int32(len(s.run.steps))
		s.show(r, o)
	}
	s.partial = s.partial || r.partial || o.Cut || r.diverged != nil
	if s.again {
		s.path, s.plan, s.done, s.older, s.carry, s.again = nil, detour{}, nil, nil, nil, false
	} else {
		s.keep(r)
		s.over = !s.next()
	}
	s.changed.Broadcast()
}

// keep makes the run the path, as far as anything is to be run in place of its steps.
func (s *parsimonious) keep(r *parsimoniousRun) {
	at := len(s.path)
	if len(s.run.steps) <= at || r.fresh < 0 {
		if s.older != nil { // it has not come to where it was to leave the path
			s.path = append(s.path, s.older...)
			s.path[at].done = s.done
		}
		return
	}
	s.filter()
	last := min(at+len(s.plan.acts), len(s.run.steps))
	for i := range s.found {
		last = max(last, int(s.found[i].at)+1)
	}
	s.extend(max(last, at+1))
	first := &s.path[at]
	first.older, first.done, first.alt, first.choice = s.older, s.done, s.plan.alt, s.plan.choice
	s.older, s.done = nil, nil
	for _, f := range s.found {
		m := &s.path[f.at]
		m.todo = append(m.todo, detour{cloned(s.acts[f.first:f.end]), f.alt, f.choice})
	}
}

// extend appends the steps of the run to the path, up to there.
func (s *parsimonious) extend(end int) {
	x := &s.run
	at, n := len(s.path), 0
	for i := at; i < end; i++ {
		n += int(x.steps[i].end - x.steps[i].first)
	}
	uses := make([]use, 0, n)
	for i := at; i < end; i++ {
		a, k := x.act(int32(i)), len(uses)
		uses = append(uses, a.uses...)
		a.uses = uses[k:len(uses):len(uses)]
		m := moment{act: a, sched: i < at+len(s.plan.acts), head: i == at+len(s.plan.acts)-1}
		if k := x.steps[i].node; k >= 0 {
			m.node = s.nodes[k]
			m.all = m.all || m.node.taken.all
			m.node.taken = act{move: a.move}
		}
		s.path = append(s.path, m)
	}
}

// next chooses what is to be run: the schedule that leaves the path first.
func (s *parsimonious) next() bool {
	for {
		carry := s.carry[:0]
		for k := range s.path {
			m := &s.path[k]
			for len(m.todo) > 0 {
				p := m.todo[0]
				m.todo = m.todo[1:]
				here := m.asleep(append([]sequence(nil), carry...))
				if !covered(append([]sequence(nil), here...), p.acts) {
					s.leave(k, p, here)
					return true
				}
			}
			if m.sched {
				carry = m.asleep(carry)
			}
			carry, _ = advance(carry, &m.act)
		}
		s.carry = carry
		if !s.restore() {
			return false
		}
	}
}

// asleep appends what must not be run in the step's place.
func (m *moment) asleep(to []sequence) []sequence {
	to = append(to, m.done...)
	if m.alt {
		to = append(to, sequence{m.older[0].act})
	}
	return to
}

// leave has the next run take p in place of step k of the path.
func (s *parsimonious) leave(k int, p detour, carry []sequence) {
	last := k
	for i := k + 1; i < len(s.path); i++ {
		if m := &s.path[i]; m.sched || len(m.todo) > 0 {
			last = i
		}
	}
	s.older = append([]moment(nil), s.path[k:last+1]...)
	s.done, s.older[0].done = s.older[0].done, nil
	if s.older[0].alt && !p.alt {
		s.done = append(s.done, sequence{s.older[0].older[0].act})
	}
	clear(s.path[k:])
	s.path, s.plan, s.carry = s.path[:k], p, carry
}

// restore takes up again what the last schedule on the path has replaced.
func (s *parsimonious) restore() bool {
	k := len(s.path) - 1
	for k >= 0 && s.path[k].older == nil {
		k--
	}
	if k < 0 {
		return false
	}
	m := s.path[k]
	var slept sequence
	for i := k; i < len(s.path); i++ {
		a := s.path[i].act
		if s.path[i].head && !m.alt {
			a.alt = anyAlt // its alternatives have been run as well
		}
		slept = append(slept, a)
		if s.path[i].head {
			break
		}
	}
	clear(s.path[k:])
	s.path = append(s.path[:k], m.older...)
	was := &s.path[k]
	was.tried++
	for _, q := range m.done {
		if len(q) == 1 && (q[0].move == was.move || was.alt && q[0].move == was.older[0].move) {
			continue // it sleeps in what replaces an alternative only
		}
		was.done = append(was.done, q)
	}
	if m.choice || matters(&was.act, &slept[len(slept)-1]) {
		was.done = append(was.done, slept)
	}
	return true
}

// matters reports whether what begins with a schedule could also be run otherwise in place of the step: by a schedule whose head is independent of this one's.
func matters(was, head *act) bool {
	if was.all || len(was.uses) != 1 {
		return true
	}
	for _, u := range head.uses {
		if u.obj == was.uses[0].obj {
			return u.mode != Writes
		}
	}
	return true
}
