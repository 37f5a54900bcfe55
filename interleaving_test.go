package lastcall

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/lastcall-go/lastcall/loop"
	"github.com/lastcall-go/lastcall/scheduler"
)

// An exploration is a program of which every interleaving is run, and what must have been reached by then: a program that never gets to where a
// property matters shows nothing.
type exploration struct {
	name    string
	program Program
	bound   bound
	reached []reached
	long    bool // left out with -short
}

// A bound on preemptions. Without one, of the schedules that differ in the order of independent steps only one is run.
type bound int

const unbounded bound = -1

// A reached is something that happens in one interleaving at least.
type reached struct {
	name string
	in   func(h *history) bool
}

// more is what LASTCALL_PREEMPTIONS adds to all bounds; with -short it is one less. The time goes up by one or two orders of magnitude with each.
func more(t *testing.T) int {
	v := os.Getenv("LASTCALL_PREEMPTIONS")
	if v == "" {
		if testing.Short() {
			return -1
		}
		return 0
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatalf("LASTCALL_PREEMPTIONS=%s: want a number", v)
	}
	return n
}

// brief reports whether what takes longest is left out: with -short, and where LASTCALL_LONG=1 is not set.
func brief() bool { return testing.Short() || os.Getenv("LASTCALL_LONG") == "" }

// run runs every schedule within the bound and holds each to all properties.
func (x exploration) run(t *testing.T) {
	strategy, within := scheduler.Exhaustive(), "all there are"
	if x.bound != unbounded {
		n := max(0, int(x.bound)+more(t))
		strategy, within = scheduler.Exhaustive(scheduler.Preemptions(n)), fmt.Sprintf("within %d preemptions", n)
		if n < int(x.bound) {
			x.reached = nil
		}
	}
	m := scheduler.NewMachine()
	s := strategy(1)
	got := make([]bool, len(x.reached))
	var rec scheduler.Recorder
	schedules := 0
	for r, ok := s.Next(); ok; r, ok = s.Next() {
		h := newHistory(nil)
		h.seen = x.bound == unbounded
		x.program.note(h, m, rec.Record(r), scheduler.Options{Steps: 20_000})
		schedules++
		for _, p := range properties {
			if what := p.broken(h); what != "" {
				t.Fatalf("%v\n%s: %v", x.program, p.name, breach{what, rec.Schedule("program")})
			}
		}
		for i, want := range x.reached {
			got[i] = got[i] || want.in(h)
		}
	}
	for i, want := range x.reached {
		if !got[i] {
			t.Errorf("%v\nin none of %d schedules: %s", x.program, schedules, want.name)
		}
	}
	if !s.(scheduler.Completer).Complete() {
		t.Errorf("%v\nnot complete after %d schedules: %v", x.program, schedules, s.(scheduler.Gapped).Gaps())
	}
	t.Logf("%d schedules, %s", schedules, within)
}

// job is a call of Submit, and the way the work turns out.
func job(o turnout, units int) Call { return Call{Do: actSubmit, N: 4*byte(o) + byte(units)} }

// others are the calls that a Shutdown meets.
var others = []Act{actPost, actSubmit, actCancel, actStop, actShutdown}

// TestShutdownAgainst lets a Shutdown meet each of the other calls while the loop has what a loop can have: 3 jobs for 2 workers, one that ends with
// its context, one that takes its time and one that is queued; a timer; a cancel. That is too much to run to the end, so there is a bound; without one,
// the loop has one job and nobody who runs it, or somebody and no job. The longest of them run with LASTCALL_LONG=1.
func TestShutdownAgainst(t *testing.T) {
	first := []Call{job(obeys, 1), job(ignores, 1), job(returns, 0), {Do: actAfter, N: 1}, {Do: actCancel, N: 2}}
	for _, other := range others {
		p := Program{Workers: 2, Actors: [][]Call{{{Do: actShutdown}}, {{Do: other}}}}
		run, full, runFull, one := p, p, p, p
		full.First, runFull.First, one.First = first, first, []Call{job(returns, 0)}
		run.Runner, runFull.Runner = true, true
		for _, x := range []exploration{
			{"3 jobs, nobody runs it", full, 1, nil, false},
			{"3 jobs, a runner", runFull, 0, nil, false},
			{"a job, nobody runs it", one, unbounded, nil, false},
			{"a runner", run, unbounded, nil, false},
		} {
			if brief() && (other == actSubmit || other == actShutdown || x.program.Runner && x.bound != unbounded) {
				continue // the longest of them
			}
			t.Run(fmt.Sprintf("%s/%s", actNames[other], x.name), x.run)
		}
	}
}

// TestPairsAgainstShutdown lets a Shutdown meet two of the other calls at once, on a loop with one job.
func TestPairsAgainstShutdown(t *testing.T) {
	if testing.Short() {
		t.Skip("with -short")
	}
	for i, a := range others {
		for _, b := range others[i:] {
			if brief() && (a == actSubmit || b == actSubmit || b == actShutdown) {
				continue
			}
			p := Program{Workers: 2, Runner: true, First: []Call{job(returns, 0)}, Actors: [][]Call{{{Do: actShutdown}}, {{Do: a}}, {{Do: b}}}}
			t.Run(actNames[a]+" and "+actNames[b], exploration{"", p, 0, nil, false}.run)
		}
	}
}

// TestContractUnderEveryInterleaving has a small program for each point of the contract.
func TestContractUnderEveryInterleaving(t *testing.T) {
	for _, x := range pointsOfTheContract {
		if brief() && x.long {
			continue
		}
		t.Run(x.name, x.run)
	}
}

// lastCallback is the callback that was asked for last.
func lastCallback(h *history) *callback { return h.callbacks[len(h.callbacks)-1] }

var pointsOfTheContract = []exploration{
	{"1 a post beside a Close", Program{
		Workers: 1, Runner: true, Actors: [][]Call{{{Do: actClose}}, {{Do: actPost}}},
	}, unbounded, []reached{
		{"it ran", func(h *history) bool { return lastCallback(h).begins == 1 }},
		{"it was dropped, and OnDrop was told", func(h *history) bool { return h.dropped == 1 }},
		{"it was refused", func(h *history) bool { return lastCallback(h).refused == loop.ErrClosed }},
	}, false},
	{"1 a timer that is stopped beside a Shutdown", Program{
		Workers: 1, Runner: true, First: []Call{{Do: actAfter}}, Actors: [][]Call{{{Do: actShutdown}}, {{Do: actStopTimer}}},
	}, unbounded, []reached{
		{"it ran", func(h *history) bool { return h.callbacks[0].begins == 1 }},
		{"it was stopped", func(h *history) bool { return h.callbacks[0].stops == 1 }},
	}, false},
	{"2 a future that is cancelled beside a Shutdown", Program{
		Workers: 1, First: []Call{job(returns, 0)}, Actors: [][]Call{{{Do: actShutdown}}, {{Do: actCancel}}},
	}, unbounded, []reached{
		{"a value", func(h *history) bool { return h.works[0].got > 0 }},
		{"cancelled", func(h *history) bool { return h.works[0].begins == 0 && h.works[0].gotErr != loop.ErrClosed }},
		{"never begun", func(h *history) bool { return h.works[0].gotErr == loop.ErrClosed }},
	}, false},
	{"3 a result beside a Close", Program{
		Workers: 1, Runner: true, First: []Call{job(returns, 0)}, Actors: [][]Call{{{Do: actClose}}, {{Do: actOnDone}}},
	}, 1, []reached{
		{"OnDone ran", func(h *history) bool { return lastCallback(h).begins == 1 }},
		{"a late result went to the future alone", func(h *history) bool {
			return lastCallback(h).accepted() && lastCallback(h).begins == 0 && h.works[0].got > 0
		}},
	}, true},
	{"4 a Shutdown that joins and drains", Program{
		Workers: 1, First: []Call{job(ignores, 1)}, Actors: [][]Call{{{Do: actShutdown}}, {{Do: actOnDone}, {Do: actPost}}},
	}, unbounded, []reached{
		{"both callbacks ran", func(h *history) bool { return len(h.callbacks) == 2 && h.final.Ran == 2 }},
		{"one was refused", func(h *history) bool { return lastCallback(h).refused == loop.ErrClosed }},
	}, false},
	{"4 a Shutdown that gives up", Program{
		Workers: 1, First: []Call{job(ignores, 2)}, Actors: [][]Call{{{Do: actShutdownImpatient, N: 1}}, {{Do: actShutdown}}},
	}, unbounded, []reached{
		{"it named the work", func(h *history) bool { u := h.endings[0].unfinished(); return u != nil && len(u.Running) == 1 }},
	}, false},
	{"5 a cancel of work that a worker comes for", Program{
		Workers: 1, Actors: [][]Call{{job(obeys, 1), {Do: actCancel}}, {{Do: actShutdown}}},
	}, unbounded, []reached{
		{"it never began", func(h *history) bool {
			return len(h.works) > 0 && len(h.works[0].cancels) > 0 && h.works[0].cancels[0].prevented
		}},
		{"its context was cancelled", func(h *history) bool { return len(h.works) > 0 && h.works[0].cause == loop.ErrCanceled }},
	}, true},
	{"6 ends from everywhere", Program{
		Workers: 1, Runner: true, Actors: [][]Call{{{Do: actShutdown, From: inCallback}}, {{Do: actClose, From: inOtherLoop}}},
	}, unbounded, nil, true},
	{"6 an end from work beside an end", Program{
		Workers: 1, Runner: true, Actors: [][]Call{{{Do: actShutdown, From: inWork}}, {{Do: actClose}}},
	}, 1, nil, false},
	{"6 a submit that waits for room beside a Shutdown", Program{
		Workers: 1, Queue: 1, First: []Call{job(ignores, 1), job(returns, 0)}, Actors: [][]Call{{{Do: actShutdown}}, {job(returns, 0)}},
	}, unbounded, []reached{
		{"it was refused", func(h *history) bool { return h.works[len(h.works)-1].refused == loop.ErrClosed }},
	}, false},
	{"6 work that waits for work", Program{
		Workers: 1, First: []Call{job(nests, 0)}, Actors: [][]Call{{{Do: actShutdown}}, {{Do: actWait, N: 1}}},
	}, unbounded, []reached{
		{"the inner one ran", func(h *history) bool { return h.final.Returned == 2 }},
	}, true},
}
