package scheduler

import "github.com/lastcall-go/lastcall/internal/kernel"

// A walker is what is particular to one randomized strategy. What they share is in walk:
// numbering and seeding of schedules, recycling, the clock and fairness.
type walker interface {
	begin(r *rng, p *profile)    // a new schedule; p is nil where the strategy does not ask for one
	see(d *Decision)             // called at each decision, also where choose is not
	yield(g G)                   // g gave way or spins
	choose(choices []Choice) int // two or more choices, none of them the clock's
}

// walks is a strategy that makes an endless sequence of random schedules.
type walks struct {
	name     string
	seed     uint64
	learned  *learned
	profiles bool // the walker needs a profile: until there is one, schedules are uniform walks
	fresh    func() walker

	numbering // its mutex is that of all
	free      []*walk
}

var _ Strategy = (*walks)(nil)

func (s *walks) String() string { return s.name }

// Next returns the next schedule's run. Its random numbers depend on the seed and on the schedule's number alone;
// what PCT, URW and SURW learn comes from earlier schedules as well.
func (s *walks) Next() (Run, bool) {
	s.mu.Lock()
	n := s.next
	s.next++
	s.mu.Unlock()
	return s.numbered(n), true
}

// numbered returns the run of schedule n.
func (s *walks) numbered(n uint64) Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	var w *walk
	if last := len(s.free) - 1; last >= 0 {
		w, s.free = s.free[last], s.free[:last]
	} else {
		w = &walk{of: s, own: s.fresh()}
	}
	w.begin(n)
	return w
}

func (s *walks) recycle(w *walk) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, w)
}

// walk is one random schedule.
type walk struct {
	of      *walks
	own     walker
	now     walker // own, or uniform while there is no profile
	uniform random
	trial   *profile // what this run learns, where it is the one to learn
	visits  visits
	rng     rng
	draws   uint64
	policy  policy
	rate    int // the clock overtakes once in so many decisions; 0 means never
	odds    int // just now
	fair    fairness
}

func (w *walk) begin(n uint64) {
	w.rng.start(w.of.seed, n)
	w.draws = (n + (w.of.seed-1)<<20) &^ Overtake // a small number in most tokens
	w.policy.reset()
	w.fair.reset()
	w.visits.begin(w.of.learned.places)
	w.rate = w.of.learned.timing.rate(&w.rng, int(w.of.learned.picks.Load()))
	w.odds = w.rate
	if w.rate > 0 {
		w.draws |= Overtake
	}
	w.now, w.trial = w.own, nil
	p := w.of.learned.profile.Load()
	if w.of.profiles && p == nil {
		w.now, w.trial = &w.uniform, newProfile()
	}
	w.now.begin(&w.rng, p)
}

// Draws varies with the schedule, so that what the program draws is explored too.
func (w *walk) Draws() uint64 { return w.draws }

// Pick makes a decision: first whether the clock moves, then, among goroutines, what the strategy says,
// unless somebody starves under it.
func (w *walk) Pick(d *Decision) int {
	w.policy.see(d.Since)
	w.now.see(d)
	w.of.learned.timing.see(d.Since)
	if w.visits.places != nil {
		w.visits.see(d.Since)
	}
	if w.trial != nil {
		w.trial.see(d.Since, d.Choices, d.Pending)
	}
	if w.policy.yields() {
		w.now.yield(w.policy.cur)
	}
	i := w.pick(d.Choices)
	w.fair.took(d.Choices, i)
	return i
}

func (w *walk) pick(choices []Choice) int {
	n := goroutines(choices)
	if w.fair.loose(&w.policy) {
		return w.rng.below(len(choices))
	}
	if n < len(choices) && choices[n].Kind == kernel.TimerFire {
		// A timer that is due is one of those that can go on. The published strategies know no timers; it is taken as a uniform walk would.
		if v := w.rng.below(len(choices)); v >= n {
			return v
		}
	} else if n == 0 || n < len(choices) && w.overtakes() {
		return n + w.rng.below(len(choices)-n)
	}
	if n == 1 {
		return 0
	}
	return w.now.choose(choices[:n])
}

// patientOdds is once in how many decisions the clock moves in a schedule without a lag, once it may.
const patientOdds = 64

// overtakes reports whether the clock moves although goroutines could go on. Who is slow often stays so for a while:
// a move makes the next one likely, and each decision without one less so.
func (w *walk) overtakes() bool {
	if w.rate == 0 {
		// Nothing has waited for time to pass in 10,000 steps: somebody goes round until it has.
		return w.rng.below(patientOdds) == 0
	}
	if w.rng.below(w.odds) != 0 {
		w.odds = min(w.rate, 2*w.odds)
		return false
	}
	w.odds = 2
	return true
}

// End learns from the run and hands it back to be used again.
func (w *walk) End(o *Outcome) {
	w.of.learned.end(o)
	w.of.learned.timing.end(o)
	if w.visits.places != nil {
		w.visits.see(o.Since)
		w.visits.end()
	}
	if w.trial != nil {
		w.trial.see(o.Since, nil, nil)
		w.of.learned.profile.CompareAndSwap(nil, w.trial)
		w.trial = nil
	}
	w.of.recycle(w)
}
