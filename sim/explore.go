package sim

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/internal/collector"
	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
)

// Explore runs body once per schedule and reports what came of it. It needs no *testing.T and neither reads nor writes
// files. It returns an error where nothing can be explored: in a binary that is not instrumented, or with a bad token.
func (c Config) Explore(body func(t *T)) (*Report, error) {
	if c.Name == "" {
		c.Name = callerName()
	}
	return c.explore(nil, body, time.Time{})
}

// callers counts how often a function without a name of its own explores, for the ordinal.
var callers struct {
	mu sync.Mutex
	n  map[string]int
}

// callerName names an exploration after the function that asks for it, and the how-manyeth of it.
func callerName() string {
	var pcs [8]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	f, _ := frames.Next()
	name := f.Function[strings.LastIndexByte(f.Function, '/')+1:]
	callers.mu.Lock()
	defer callers.mu.Unlock()
	if callers.n == nil {
		callers.n = make(map[string]int)
	}
	callers.n[name]++
	if n := callers.n[name]; n > 1 {
		return fmt.Sprintf("%s#%d", name, n)
	}
	return name
}

// explorer is one exploration.
type explorer struct {
	c        Config
	tb       testing.TB
	body     func(t *T)
	machine  *scheduler.Machine
	recorder scheduler.Recorder
	report   *Report
	classes  map[uint64]struct{}
	again    map[uint64]struct{} // classes of more than one schedule
	runs     int                 // of all kinds
	single   int                 // how many are of just one
	seen     map[string]bool     // kinds and places of failures
	held     map[string]bool     // what Sometimes saw
	state    *schedule           // of the last run
	returned bool                // the body has
	patience int                 // steps that a candidate of the shrinker may take, since one that spins would take them all; 0 means as many as any schedule
	slow     bool                // that run waited in real time: it is not to be repeated at will
	result   *scheduler.Result
	races    raceLog
	deadline time.Time // for exploring
	end      time.Time // for all the rest as well
	strategy scheduler.Strategy
	maker    scheduler.Maker // makes the strategy
	seed     uint64          // from this
	alone    bool            // one schedule, not an exploration
	spoilt   bool            // the enclosing test had failed before it
	astray   bool            // the enclosing test was failed by a schedule, so what the others come to cannot be told

	ordinal int             // the how-manyeth exploration of its name in its test
	begun   int             // how many schedules were run before those that lanes run
	sent    map[string]bool // kinds and places of failures that the lane has told of

	progressFile string // says where the exploration stands when it is stopped
}

func (c Config) explore(tb testing.TB, body func(t *T), deadline time.Time) (*Report, error) {
	if !kernel.Enabled {
		return nil, errors.New(errPlain)
	}
	if body == nil {
		return nil, errors.New("lastcall: the body, the function to run in each schedule, is nil")
	}
	c = c.resolved()
	x := newExplorer(c, tb, body, deadline)
	x.ordinal = ordinalOf(tb, c.Name)
	defer collector.Spare()()
	if role.Name != "" {
		return x.help()
	}
	defer heedInterrupts()()
	start := time.Now()
	var err error
	if c.Replay != "" {
		err = x.replayToken(c.Replay)
	} else {
		err = x.all()
	}
	x.report.Elapsed += time.Since(start)
	return x.report, errorOr(err, x.save())
}

func newExplorer(c Config, tb testing.TB, body func(t *T), deadline time.Time) *explorer {
	end := deadline
	if !end.IsZero() {
		end = end.Add(time.Until(end) / 20)
	}
	if c.Budget > 0 {
		if d := time.Now().Add(c.Budget); deadline.IsZero() || d.Before(deadline) {
			deadline = d
		}
	}
	return &explorer{
		c: c, tb: tb, body: body, deadline: deadline, end: end, spoilt: tb != nil && tb.Failed(),
		machine: scheduler.NewMachine(),
		report:  &Report{Name: c.Name, Strategy: c.strategyName, Seed: c.Seed},
		classes: make(map[uint64]struct{}),
		again:   make(map[uint64]struct{}),
		seen:    make(map[string]bool),
		held:    make(map[string]bool),
	}
}

// run runs one schedule and leaves its result in x.result.
func (x *explorer) run(run scheduler.Run, trace bool) { x.carry(x.recorder.Record(run), trace) }

// runSearch is run for a search that knows when it has tried everything.
func (x *explorer) runSearch(run scheduler.Run) {
	x.carry(x.recorder.RecordSearch(run, x.c.Seed), false)
}

func (x *explorer) carry(run scheduler.Run, trace bool) {
	if x.runs++; x.runs%1024 == 0 {
		collector.Look()
	}
	s := &schedule{name: x.c.Name} // a new one each time: a goroutine that could not be ended may still have the last
	x.state = s
	steps := x.c.Steps
	if x.patience > 0 {
		steps = min(steps, x.patience)
	}
	x.result = x.machine.Run(run, func() { s.body(x.tb, x.body) },
		scheduler.Options{Steps: steps, Grace: x.c.Grace, Lag: max(0, x.c.Lag), Trace: trace})
	x.collect(s)
	x.judge()
}

// collect takes over what the run left in its state.
//
//go:norace
func (x *explorer) collect(s *schedule) {
	for m := s.sometime; m != nil; m = m.next {
		x.held[m.name] = x.held[m.name] || m.held
	}
	x.report.Skipped = x.report.Skipped || s.skipped
	x.returned = s.returned
}

// judge settles the verdict: what the machine cannot know, and which verdict outranks which.
func (x *explorer) judge() {
	r := x.result
	x.slow = r.Kind == scheduler.KindSpin || r.Kind == scheduler.KindBlockedOutside
	if r.Kind == scheduler.KindLeak && x.mayStay() {
		r.Kind, r.Message, r.Left = "", "", r.Left[:0]
	}
	if !x.returned && (r.Kind == "" || r.Kind == scheduler.KindLeak) {
		r.Kind, r.Message = scheduler.KindPanic, "runtime.Goexit was called in the body's goroutine, so the body did not return"
		if x.tb != nil && x.tb.Skipped() {
			x.report.Skipped = true
		}
	}
	if r.Races > 0 {
		if report := x.races.read(); r.Kind != scheduler.KindPanic {
			r.Kind, r.Message = scheduler.KindDataRace, report
		}
	}
	if x.tb != nil && !x.spoilt && x.tb.Failed() {
		x.astray = true
		r.Kind, r.Message, r.Stack, r.Left, r.G = scheduler.KindAssertion, astrayMessage, r.Stack[:0], r.Left[:0], 0
	}
	r.Failed = r.Kind != ""
}

// astrayMessage is for a body that fails the test around it, which each later schedule would then seem to do as well.
const astrayMessage = "the enclosing test was failed while this schedule ran, which is not the schedule's own failure: " +
	"call Error, Fatal and assertions on the *sim.T that the body is handed (with testify: require.New(t), and not the suite's)"

// mayStay reports whether each goroutine that is left may outlive the body.
func (x *explorer) mayStay() bool {
	for i := range x.result.Left {
		if x.c.Outlives == nil || !x.c.Outlives(x.result.Left[i].Functions()) {
			return false
		}
	}
	return true
}

// checkSometimes fails a passing exploration in which a condition of Sometimes never held.
func (x *explorer) checkSometimes() {
	for _, name := range sortedKeys(x.held) {
		if !x.held[name] {
			x.report.Failures = append(x.report.Failures, &Failure{
				Kind:    Assertion,
				Message: fmt.Sprintf("Sometimes(%q) held in none of %d schedules", name, x.report.Schedules),
			})
		}
	}
}

// failed takes up a failing schedule: minimised and traced, unless the like was seen before.
func (x *explorer) failed() {
	key := x.result.Kind + "\n" + x.place()
	if x.seen[key] {
		return
	}
	x.seen[key] = true
	failing := x.recorder.Schedule(x.c.Name)
	f := x.minimised(failing, key)
	f.Schedule = x.report.Schedules
	x.report.Failures = append(x.report.Failures, f)
}

// minimised shrinks a failing schedule, runs the result once more for its trace, and looks for what decides it.
func (x *explorer) minimised(failing *scheduler.Schedule, key string) *Failure {
	if !x.slow && !x.astray && x.result.Kind != scheduler.KindDivergence {
		if x.result.Kind != scheduler.KindStepLimit {
			x.patience = 2*x.result.Steps + 1000
		}
		failing = scheduler.Shrink(x.try, failing, x.failsAs(key), shrinkReplays(x.result))
		x.patience = 0
	}
	if x.astray || x.result.Kind == scheduler.KindDivergence || x.result.Kind == scheduler.KindSpin {
		return x.failure(failing) // it cannot be run again to any use
	}
	run, _ := scheduler.Replay(failing)(x.c.Seed).Next()
	x.run(run, true)
	f := x.failure(failing)
	x.explained(f, failing)
	return f
}

// shrinkReplays is how many replays a failing schedule is worth. One that is long for not coming to an end seldom gets shorter, and each replay of it is
// as long again; the others are few enough where 2,000 of them would take minutes.
func shrinkReplays(r *scheduler.Result) int {
	steps := 20_000_000
	if r.Kind == scheduler.KindStepLimit {
		steps = 2_000_000
	}
	return min(scheduler.ShrinkReplays, max(20, steps/max(1, r.Steps)))
}

// try runs a schedule for those who look for another like it, until it is of no use to go on.
func (x *explorer) try(r scheduler.Run) *scheduler.Outcome {
	x.run(r, false)
	if x.slow || x.astray || Interrupted() || !x.end.IsZero() && time.Now().After(x.end) {
		return nil
	}
	return &x.result.Outcome
}

// failsAs tells whether the last run failed in this way, at this place.
func (x *explorer) failsAs(key string) func(*scheduler.Outcome) bool {
	return func(*scheduler.Outcome) bool { return x.result.Kind+"\n"+x.place() == key }
}

// failure makes a Failure of the last run.
func (x *explorer) failure(s *scheduler.Schedule) *Failure {
	f := &Failure{
		Kind: Kind(x.result.Kind), Message: x.message(), Token: s.Token(), Trace: x.trace(),
		Preemptions: x.recorder.Cost().Preemptions, Place: x.place(), schedule: s, lag: x.c.Lag,
	}
	s.Note = firstLine(fmt.Sprintf("%s: %s", f.Kind, f.Message))
	return f
}

// replayToken runs the one schedule that was asked for, if it is this exploration's.
func (x *explorer) replayToken(token string) error {
	s, err := readSchedule(token)
	if err != nil {
		return fmt.Errorf("lastcall: %w", err)
	}
	mine := s.Name == x.c.Name
	noteReplay(token, x.c.Name, mine)
	if !mine {
		return nil
	}
	x.replay(s)
	return nil
}

// replay runs one schedule, strictly, and takes up how it fails.
func (x *explorer) replay(s *scheduler.Schedule) {
	run, _ := scheduler.Replay(s)(x.c.Seed).Next()
	x.run(run, true)
	r := x.report
	r.Schedules++
	r.Steps += int64(x.result.Steps)
	r.Distinct = 1
	if d := x.recorder.Diverged(); d != nil && x.result.Divergence == nil {
		x.result.Kind, x.result.Divergence = scheduler.KindDivergence, d
	}
	if x.result.Kind != "" {
		r.Failing++
		f := x.failure(s)
		f.Schedule = 1
		r.Failures = append(r.Failures, f)
		x.explained(f, s)
	}
}
