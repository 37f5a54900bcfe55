package sim

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// around is an enclosing test that may fail.
type around struct {
	testing.TB
	failed, skipped bool
}

func (a *around) Failed() bool  { return a.failed }
func (a *around) Skipped() bool { return a.skipped }

// TestEnclosingFailed: a body that fails the test around it is told so at once, and not after a thousand schedules of which each does.
func TestEnclosingFailed(t *testing.T) {
	for _, c := range []Config{{Name: "x"}, {Name: "x", KeepGoing: true}, {Name: "x", Grace: time.Second}} {
		tb := &around{TB: t}
		r, err := c.explore(tb, func(*T) {
			if tb.failed = true; c.Grace > 0 {
				runtime.Goexit() // as Fatal does
			}
		}, time.Time{})
		require.NoError(t, err)
		require.Len(t, r.Failures, 1)
		assert.Equal(t, 1, r.Schedules)
		assert.Equal(t, Assertion, r.Failures[0].Kind)
		assert.Contains(t, r.Failures[0].Message, "on the *sim.T that the body is handed")
	}
	// One that had failed before says nothing of the schedules.
	r, err := Config{Name: "x", Schedules: 10}.explore(&around{TB: t, failed: true}, func(*T) {}, time.Time{})
	require.NoError(t, err)
	assert.True(t, r.OK() && r.Schedules == 10)
}

// TestEnclosingSkipped: Skip of the test around is a skip, though the body does not return.
func TestEnclosingSkipped(t *testing.T) {
	tb := &around{TB: t}
	r, err := Config{Name: "x"}.explore(tb, func(*T) { tb.skipped = true; runtime.Goexit() }, time.Time{})
	require.NoError(t, err)
	assert.True(t, r.OK() && r.Skipped, "%v", r.Failures)
}

func TestNoBody(t *testing.T) {
	_, err := Config{}.Explore(nil)
	assert.ErrorContains(t, err, "is nil")
}

// TestLongTrace: a hundred thousand steps are too many to read.
func TestLongTrace(t *testing.T) {
	tr := Trace{Goroutines: 1}
	for i := range 5000 {
		tr.Steps = append(tr.Steps, Step{Op: fmt.Sprintf("op%d", i+1)}, Step{Log: "line"})
	}
	s := tr.String()
	assert.Equal(t, 1+headShown+1+tailShown, strings.Count(s, "\n"))
	for _, want := range []string{"   300  *             op300\n", "  ...  9000 more lines\n", "  4801  *             op4801\n", "  5000  *             op5000\n"} {
		assert.True(t, strings.Contains(s, want), want)
	}
}

// TestStepLimitIsCheap: a schedule that is too long is not replayed thousands of times.
func TestStepLimitIsCheap(t *testing.T) {
	runs := 0
	r, err := Config{Name: "x", Steps: 50_000}.Explore(func(*T) {
		for runs++; ; {
			time.Sleep(time.Millisecond)
		}
	})
	require.NoError(t, err)
	require.Len(t, r.Failures, 1)
	assert.Equal(t, StepLimit, r.Failures[0].Kind)
	assert.LessOrEqual(t, runs, 2_000_000/50_000+10)
}

// TestStepLimitAtFreeLock: who has come to a lock that is free does not wait for somebody outside.
func TestStepLimitAtFreeLock(t *testing.T) {
	r, err := Config{Name: "x", Steps: 1000}.Explore(func(*T) {
		for mu := new(sync.Mutex); ; {
			mu.Lock()
			mu.Unlock()
		}
	})
	require.NoError(t, err)
	require.Len(t, r.Failures, 1)
	assert.Contains(t, r.Failures[0].Message, "main waits: lock mutex")
	assert.NotContains(t, r.Failures[0].Message, "not made")
}

// TestPanicValue: what is no error and no string is shown with its type, in the trace as well.
func TestPanicValue(t *testing.T) {
	type point struct{ x, y int }
	r, err := Config{Name: "x"}.Explore(func(*T) { panic(point{1, 2}) })
	require.NoError(t, err)
	require.Len(t, r.Failures, 1)
	assert.Contains(t, r.Failures[0].Message, "(sim.point) {1 2}")
	assert.Contains(t, r.Failures[0].Trace.String(), "! ")
	assert.Contains(t, r.Failures[0].Trace.String(), "(sim.point) {1 2}")
}

// TestEmptyLoopPlace: the compiler says that a loop without a body stands in line 1.
func TestEmptyLoopPlace(t *testing.T) {
	pc, _, line, _ := runtime.Caller(0)
	f := runtime.FuncForPC(pc)
	assert.Equal(t, fmt.Sprintf("misuse_test.go:%d", line-1), position(runtime.Frame{Func: f, File: "misuse_test.go", Line: 1}))
}

func TestOneOfAKind(t *testing.T) {
	assert.Contains(t, Explanation{Tried: 1, Preemptions: 1}.String(), "there is one")
	assert.Contains(t, Explanation{Reversed: 1, AllReversed: true}.String(), "the one pair")
}

// TestMisspelt: a setting that nobody reads is told; what only looks a little like one is somebody else's.
func TestMisspelt(t *testing.T) {
	for name, want := range map[string]string{
		"SIM_SCHEDULE": "SIM_SCHEDULES", "SIM_SHEDULES": "SIM_SCHEDULES", "SIM_SEEDS": "SIM_SEED", "SIM_SEDE": "SIM_SEED", "SIM_PROC": "SIM_PROCS",
		"SIM_STARTEGY": "SIM_STRATEGY", "SIM_BUGDET": "SIM_BUDGET", "SIM_REPLAYS": "SIM_REPLAY", "SIM_SHRAD": "SIM_SHARD",
	} {
		assert.Equal(t, "lastcall: "+name+" is set, which is no setting: is "+want+" meant?", misspelt([]string{"A=b", name + "=1"}))
	}
	fine := []string{"SIM_SPEED=1", "SIM_LOG=1", "SIM_PORT=1", "SIM_CARD=1", "SIM_RESULT=1", "SIM_=1", "SIMULATE=1", "SIM_TEST_PROCS=1", "SIM_SCHEDULE="}
	for i := range settings {
		fine = append(fine, "SIM_"+strings.ToUpper(settings[i].name)+"=1")
	}
	assert.Empty(t, misspelt(fine))
}

// TestMalformed: a value that cannot be meant panics with its name, the value and what is wanted.
func TestMalformed(t *testing.T) {
	none := func(string) (string, bool) { return "", false }
	for name, tt := range map[string]struct{ value, want string }{
		"seed": {"x", "whole number from 0"}, "schedules": {"1e6", "whole number, at least 1"}, "procs": {"0", "whole number, at least 1"},
		"budget": {"10", "missing unit"}, "shard": {"2/2", "0 <= i < n"},
	} {
		given := func(key string) (string, bool) { return tt.value, key == name || key == "SIM_"+strings.ToUpper(name) }
		func() {
			defer func() { assert.Contains(t, recover(), "SIM_"+strings.ToUpper(name)+"="+tt.value+": ") }()
			new(Config).apply(given, none)
		}()
		func() {
			defer func() { assert.Contains(t, recover(), tt.want) }()
			new(Config).apply(none, given)
		}()
	}
}
