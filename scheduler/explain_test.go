package scheduler

import "testing"

// TestExplain compares with every schedule there is: after the step named none passes within the bound, before it one does, and there is one
// that passes in which the pair comes the other way round.
func TestExplain(t *testing.T) {
	pairs, escapes := 0, 0
	for _, m := range []*model{lostUpdate(2), lostUpdate(3), reorder(2, 1), twoStage(), deadlock01(), philosophers(3), steps(2), wrongLock(1), alwaysFails()} {
		k := newMachine(m)
		k.keep = true
		for seed := range uint64(5) {
			bad := failing(t, k, POS(seed))
			o := k.run(must(Replay(bad)(0)))
			same, replays := sameAs(o.Kind), 0
			try := func(r Run) *Outcome { replays++; return k.run(r) }
			good := Shrink(k.run, bad, same, ShrinkReplays)
			k.run(must(Replay(good)(0)))
			events := append([]Event(nil), k.trace...)
			e := Explain(try, good, events, same, ExplainReplays)
			if replays > ExplainReplays {
				t.Errorf("%s: %d replays", m.name, replays)
			}
			if again := Explain(k.run, good, events, same, ExplainReplays); again != e {
				t.Errorf("%s: one explanation is %+v, the next %+v", m.name, e, again)
			}
			if e.First >= 0 {
				pairs++
			}
			if e.Escapes {
				escapes++
			}
			checkExplanation(t, k, events, e)
		}
	}
	// philosophers and what always fails have none: 7 models, 5 seeds.
	if pairs < 35 || escapes < 35 {
		t.Errorf("%d decisive pairs and %d steps after which nothing helps, of 35", pairs, escapes)
	}
}

// alwaysFails fails in every order of its steps.
func alwaysFails() *model {
	m := lostUpdate(2)
	m.name = "always"
	return m.atEnd(func(*machine) string { return "always" })
}

func checkExplanation(t *testing.T, k *machine, failed []Event, e Explanation) {
	t.Helper()
	if e.Tried == 0 {
		t.Errorf("%s: nothing was tried: %+v", k.model.name, e)
	}
	leaves, reversed := false, false
	every(k, func(o *Outcome, _ []int) {
		if o.Failed {
			return
		}
		common := 0
		for common < min(len(failed), len(k.trace)) && failed[common].G == k.trace[common].G {
			common++
		}
		if common > e.From && preemptionsFrom(k, e.From+1) <= e.Preemptions {
			t.Errorf("%s: %+v, and one passes that has the first %d steps in common: %s", k.model.name, e, common, name(k.trace))
		}
		leaves = leaves || common >= e.From
		reversed = reversed || e.First >= 0 && secondFirst(k.trace, failed, e)
	})
	if e.Escapes && !leaves {
		t.Errorf("%s: %+v, and none passes that leaves there", k.model.name, e)
	}
	if e.First >= 0 && e.Otherwise == "" && !reversed {
		t.Errorf("%s: %+v, and none passes with the pair reversed", k.model.name, e)
	}
	if e.First < 0 && !e.AllReversed {
		t.Errorf("%s: %+v: the replays were spent", k.model.name, e)
	}
}

// preemptionsFrom counts those of the last run from a step on.
func preemptionsFrom(k *machine, from int) int {
	all, _ := costs(k)
	trace := k.trace
	defer func() { k.trace = trace }()
	k.trace = trace[:min(from, len(trace))]
	before, _ := costs(k)
	return all - before
}

// secondFirst tells whether in a trace the pair's second operation comes before the first.
func secondFirst(trace, failed []Event, e Explanation) bool {
	for _, ev := range trace {
		switch {
		case ev.ID == e.Pending.ID && ev.N == e.Pending.N:
			return true
		case ev.ID == failed[e.First].ID && ev.N == failed[e.First].N:
			return false
		}
	}
	return false
}

// TestExplainStops: however few the replays are, what is said is so.
func TestExplainStops(t *testing.T) {
	m := lostUpdate(3)
	k := newMachine(m)
	k.keep = true
	bad := failing(t, k, POS(1))
	o := k.run(must(Replay(bad)(0)))
	same := sameAs(o.Kind)
	events := append([]Event(nil), k.trace...)
	for budget := range 40 {
		n := 0
		e := Explain(func(r Run) *Outcome { n++; return k.run(r) }, bad, events, same, budget)
		if n > budget {
			t.Errorf("%d replays where %d were allowed", n, budget)
		}
		if budget == 0 {
			if e.Tried != 0 || e.First >= 0 {
				t.Errorf("without a replay %+v is known", e)
			}
			continue
		}
		every(k, func(o *Outcome, _ []int) {
			common := 0
			for common < min(len(events), len(k.trace)) && events[common].G == k.trace[common].G {
				common++
			}
			if !o.Failed && common > e.From && preemptionsFrom(k, e.From+1) <= e.Preemptions {
				t.Errorf("budget %d: %+v, and one passes: %s", budget, e, name(k.trace))
			}
		})
	}
}
