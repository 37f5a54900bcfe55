package sim

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
)

// Test runs f once per schedule, each time in a fresh bubble, and fails t at the first schedule that fails.
func Test(t *testing.T, f func(t *T)) {
	t.Helper()
	Config{}.Test(t, f)
}

// Test runs f once per schedule, each time in a fresh bubble, and fails t at the first schedule that fails
// (at the end, with every distinct failure, where KeepGoing is set).
//
// Schedules that failed are kept in testdata/sim/<test>/ and run first from then on; one that no longer fits the
// program is reported, which go test shows with -v, and may be deleted.
func (c Config) Test(t *testing.T, f func(t *T)) {
	t.Helper()
	if c.Name == "" {
		c.Name = t.Name()
	}
	c = c.resolved()
	if !kernel.Enabled {
		t.Fatal(errPlain)
	}
	if c.Replay == "" && role.Name == "" && !c.runKept(t, f) {
		return
	}
	var deadline time.Time
	if d, ok := t.Deadline(); ok {
		deadline = d.Add(-time.Until(d) / 10) // what is left is for shrinking and for other tests' ends
	}
	if c.strategyName == "feedback" {
		inputs, err := fuzzInputs(c.Name)
		if err != nil {
			t.Fatalf("lastcall: %v", err)
		}
		c.Strategy = scheduler.FeedbackFrom(inputs...)
	}
	r, err := c.explore(t, f, deadline)
	if err != nil {
		t.Fatal(err)
	}
	if role.Name == "" {
		c.settle(t, r)
	} // else this process is here for another exploration
}

// settle tells t what an exploration came to.
func (c Config) settle(t *testing.T, r *Report) {
	t.Helper()
	for _, fail := range r.Failures {
		c.keep(t, fail)
		t.Error(fail.format(t, c))
	}
	switch {
	case r.Stopped == Interrupt:
		t.Error(r.interrupted())
	case r.Skipped:
		t.Skip("the body called Skip")
	case testing.Verbose() && r.OK():
		t.Log(r.String())
	}
}

// String is the report in a line.
func (r *Report) String() string {
	state := ""
	switch {
	case r.Complete && r.Bounded:
		state = ", complete within the bounds"
	case r.Complete:
		state = ", complete"
	case r.Gaps != "":
		state = ", not complete: " + r.Gaps
	}
	if r.Stopped != "" {
		state += ", stopped: " + string(r.Stopped)
	}
	rate := float64(r.Schedules) / max(r.Elapsed.Seconds(), 1e-9)
	return fmt.Sprintf("%d schedules (%d distinct%s), %d steps, strategy %s, seed %d, %.0f schedules/s%s",
		r.Schedules, r.Distinct, state, r.Steps, r.Strategy, r.Seed, rate, r.left())
}

// left says what is left, as far as that is known.
func (r *Report) left() string {
	switch {
	case r.Complete && !r.Bounded:
		return "; nothing is left"
	case r.Behind > 0 && r.Behind < 1:
		return fmt.Sprintf("; an estimated %.2g in 100 of the search is behind", 100*r.Behind)
	case r.New > 0:
		return fmt.Sprintf("; an estimated %.2g in 100 of further ones would be distinct from these", 100*r.New)
	}
	return ""
}

// interrupted says what was done until an interrupt.
func (r *Report) interrupted() string {
	s := fmt.Sprintf("lastcall: interrupted after %d schedules", r.Schedules)
	if r.progress != "" {
		s = fmt.Sprintf("%s; the same command goes on from there (SIM_RESUME=%s)", s, r.progress)
	} else {
		s += "; with SIM_RESUME=DIRECTORY it can be gone on with the next time"
	}
	return s + r.left()
}

// format is what a failure prints: the verdict, the trace, and the line that replays it.
func (f *Failure) format(t *testing.T, c Config) string {
	var b strings.Builder
	if f.Token == "" {
		return fmt.Sprintf("%s: %s", f.Kind, f.Message)
	}
	fmt.Fprintf(&b, "%s in schedule %d: %s\n\n", f.Kind, f.Schedule, f.Message)
	if trace := f.Trace.String(); trace != "" {
		fmt.Fprintf(&b, "%s\n", trace)
	}
	if why := f.Why.String(); why != "" {
		fmt.Fprintf(&b, "%s\n", why)
	}
	fmt.Fprintf(&b, "Replay:\n\t%s\n", f.replayLine(t.Name()))
	return b.String()
}

// replayLine is the line to paste.
func (f *Failure) replayLine(test string) string {
	var flags string
	if kernel.Race {
		flags += " -race"
	}
	return fmt.Sprintf("%s go test%s -run '%s' .", f.replayEnv(), flags, runPattern(test))
}

// replayEnv is the environment that replays it. A schedule in which the clock may overtake needs the lag that it was found with.
func (f *Failure) replayEnv() string {
	if f.schedule != nil && f.schedule.Draws&scheduler.Overtake != 0 && f.lag != defaultLag {
		return fmt.Sprintf("SIM_LAG=%v SIM_REPLAY=%s", max(0, f.lag), f.Token)
	}
	return "SIM_REPLAY=" + f.Token
}

// runPattern is the -run pattern that selects just this test.
func runPattern(name string) string {
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	return strings.Join(parts, "/")
}

// runKept runs the schedules that failed before. It reports whether the exploration is still to be run.
func (c Config) runKept(t *testing.T, f func(t *T)) bool {
	t.Helper()
	files, err := keptFiles(c.Name)
	if err != nil {
		t.Fatalf("lastcall: %v", err)
	}
	for _, file := range files {
		s, err := readSchedule(file)
		if err != nil {
			t.Errorf("lastcall: %v; delete the file or restore it", err)
			return false
		}
		one := c
		one.Replay = file
		s.Name = c.Name
		x := one.explorer(t, f)
		x.replay(s)
		if r := x.report; !r.OK() && r.Failures[0].Kind != Divergence {
			t.Errorf("the schedule kept in %s still fails\n%s", file, r.Failures[0].format(t, c))
			return false
		} else if !r.OK() {
			t.Logf("the schedule kept in %s no longer fits the program; delete the file if that is as it should be (%s)",
				file, firstLine(r.Failures[0].Message))
		}
	}
	return true
}
