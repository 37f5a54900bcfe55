package matrix

import (
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestDifference(t *testing.T) {
	for _, tt := range []struct {
		expected Expectation
		found    Result
		want     string
	}{
		{clean(""), Result{Verdict: Clean, Complete: true, Bound: -1}, ""},
		{clean(""), Result{Verdict: Clean, Complete: true, Bound: 2}, ""},
		{clean(""), Result{Verdict: Clean, Complete: true, Bound: 1}, "not explored to the end: every schedule with at most 1 preemption"},
		{clean("").within(1), Result{Verdict: Clean, Complete: true, Bound: 1}, ""},
		{clean(""), Result{Verdict: Clean}, "not explored to the end: no complete search"},
		{clean(""), Result{Verdict: Broken}, "broken where clean was expected"},
		{clean(""), Result{Verdict: Lossy}, "lossy where clean was expected"},
		{lossy(0, ""), Result{Verdict: Lossy, Lost: 1, Complete: true, Bound: -1}, ""},
		{lossy(0, ""), Result{Verdict: Lossy, Lost: 1, Complete: true, Bound: -1, Preemptions: 1}, "with 1 preemption where 0 was expected"},
		{lossy(0, ""), Result{Verdict: Lossy, Lost: 1}, "not explored to the end: no complete search"},
		{broken(1, "", AfterClose, Uncaught), Result{Verdict: Broken, Preemptions: 1, Oracles: []Oracle{AfterClose, Uncaught}}, ""},
		{broken(1, "", AfterClose, Uncaught), Result{Verdict: Broken, Preemptions: 1, Oracles: []Oracle{AfterClose}}, "after close where after close, uncaught was expected"},
		{broken(1, "", AfterClose), Result{Verdict: Broken, Preemptions: 2, Oracles: []Oracle{AfterClose}}, "with 2 preemptions where 1 was expected"},
		{broken(1, "", AfterClose), Result{Verdict: Broken, Preemptions: 1, Oracles: []Oracle{AfterClose}, Lost: 1}, "1 lost at most, where the catalogue says none"},
		{broken(1, "", AfterClose).losing(), Result{Verdict: Broken, Preemptions: 1, Oracles: []Oracle{AfterClose}}, "0 lost at most, where the catalogue says some"},
	} {
		tt.found.Cell = &Cell{Expected: tt.expected}
		if got := tt.found.Difference(); got != tt.want || tt.found.AsExpected() != (tt.want == "") {
			t.Errorf("%+v of %v: %q, want %q", tt.found, tt.expected, got, tt.want)
		}
	}
}

// TestAdd: a row is as bad as the worst of its programs, in whichever order they come.
func TestAdd(t *testing.T) {
	start := func() *Result { return &Result{Verdict: Clean, Complete: true, Bound: -1} }
	parts := []*Result{
		{Verdict: Clean, Complete: true, Bound: 2, Schedules: 10},
		{Verdict: Lossy, Complete: true, Bound: -1, Lost: 2, LostIn: 3, Preemptions: 1, Schedules: 20},
		{Verdict: Broken, Complete: true, Bound: 1, Preemptions: 1, Oracles: []Oracle{Waits}, Schedules: 30},
		{Verdict: Broken, Complete: true, Bound: 1, Preemptions: 1, Oracles: []Oracle{AfterClose, Waits}, Schedules: 40},
		{Verdict: Broken, Complete: true, Bound: 2, Preemptions: 2, Oracles: []Oracle{Race}, Schedules: 50},
	}
	for turn := range parts {
		all := start()
		for i := range parts {
			all.add(parts[(i+turn)%len(parts)])
		}
		if all.Verdict != Broken || all.Preemptions != 1 || joinOracles(all.Oracles) != "after close, waits for ever" ||
			all.Lost != 2 || all.LostIn != 3 || all.Schedules != 150 || all.Bound != 1 || !all.Complete {
			t.Errorf("from %d on: %+v", turn, all)
		}
	}
	all := start()
	all.add(&Result{Verdict: Clean, Complete: false})
	if all.Complete {
		t.Error("complete although a part is not")
	}
}

// TestPerSeed: each seed runs until it fails or has had its share, and counts from 1.
func TestPerSeed(t *testing.T) {
	var seeds []uint64
	each := &perSeed{seed: 7, seeds: 3, max: 4, maker: func(seed uint64) scheduler.Strategy {
		seeds = append(seeds, seed)
		return scheduler.Random(seed)
	}}
	n := 0
	r, err := sim.Config{Strategy: each.strategy, Schedules: 100, KeepGoing: true}.Explore(func(t *sim.T) {
		if n++; n == 2 || n == 7 { // the second of the first seed, and the first of the third
			t.Error("as asked")
		}
	})
	if err != nil || r.Failing == 0 {
		t.Fatal(err, r)
	}
	if got := each.figures(); len(seeds) != 3 || seeds[0] != 7 || seeds[2] != 9 || got.Seeds != 3 || got.Found < 1 {
		t.Errorf("seeds %v: %+v", seeds, got)
	}
}

// TestWatch: every schedule is told of, in order, over all the searches of a cell.
func TestWatch(t *testing.T) {
	last := 0
	r, err := Find("R8 post from outside/lock and drain").Run(Options{Schedules: 50, Watch: func(n int) {
		if n != last+1 {
			t.Errorf("schedule %d is told of after %d", n, last)
		}
		last = n
	}})
	if err != nil {
		t.Fatal(err)
	}
	if last != r.Schedules || last <= 50 {
		t.Errorf("%d schedules were told of, %d run", last, r.Schedules)
	}
}

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		r    Result
		want string
	}{
		{Result{Complete: true, Bound: -1}, "every class of equivalent schedules"},
		{Result{Complete: true, Bound: 2}, "every schedule with at most 2 preemptions"},
		{Result{}, "no complete search"},
	} {
		if got := tt.r.Within(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
