package sim

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/lastcall-go/lastcall/internal/report"
	"github.com/lastcall-go/lastcall/scheduler"
)

// interruptible is a strategy that is interrupted after so many schedules.
type interruptible struct {
	scheduler.Strategy
	left int
}

func (s *interruptible) Unwrap() scheduler.Strategy { return s.Strategy }

func (s *interruptible) Next() (scheduler.Run, bool) {
	if s.left--; s.left == 0 {
		interrupts.came.Store(true)
	}
	return s.Strategy.Next()
}

func interruptAfter(n int, m scheduler.Maker) scheduler.Maker {
	return func(seed uint64) scheduler.Strategy { return &interruptible{m(seed), n} }
}

// counting increments a counter n times and fails where an update is lost, if it is to.
func counting(n int, fails bool) func(t *T) {
	return func(t *T) {
		var x atomic.Int32
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { x.Store(x.Load() + 1) })
		}
		wg.Wait()
		t.Sometimes(x.Load() == 1, "all but one are lost")
		if fails && x.Load() != int32(n) {
			t.Errorf("%d", x.Load())
		}
	}
}

// TestResume: an exploration that is interrupted again and again comes to the same as one that is not.
func TestResume(t *testing.T) {
	for _, tt := range []struct {
		name  string
		every int
		c     Config
	}{
		{"random", 60, Config{Name: "a/b c", Strategy: scheduler.Random, Schedules: 200, Seed: 7}},
		{"random, all failures", 60, Config{Name: "a/b c", Strategy: scheduler.Random, Schedules: 200, KeepGoing: true}},
		{"exhaustive", 10, Config{Name: "a/b c", Strategy: scheduler.Exhaustive()}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := counting(3, tt.c.KeepGoing)
			want, err := tt.c.Explore(body)
			require.NoError(t, err)
			t.Setenv("SIM_RESUME", t.TempDir())
			var r *Report
			rounds := 0
			for r == nil || r.Stopped == Interrupt {
				c := tt.c
				c.Strategy = interruptAfter(tt.every, c.Strategy)
				r, err = c.Explore(body)
				interrupts.came.Store(false)
				require.NoError(t, err)
				if rounds++; rounds == 1 {
					assert.Equal(t, tt.every, r.Schedules)
					assert.FileExists(t, filepath.Join(os.Getenv("SIM_RESUME"), "a%2Fb%20c.0-of-1.progress"))
				}
			}
			assert.Equal(t, 4, rounds)
			files, err := os.ReadDir(os.Getenv("SIM_RESUME"))
			require.NoError(t, err)
			assert.Empty(t, files, "the file stays after the end")
			r.Elapsed, want.Elapsed = 0, 0
			assert.Equal(t, want, r)
		})
	}
}

func TestResumeElsewhere(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SIM_RESUME", dir)
	c := Config{Name: "x", Strategy: interruptAfter(5, scheduler.Random)}
	_, err := c.Explore(counting(2, false))
	interrupts.came.Store(false)
	require.NoError(t, err)
	path := filepath.Join(dir, "x.0-of-1.progress")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	edit := func(old, new string) []byte { return []byte(strings.Replace(string(text), old, new, 1)) }
	for _, tt := range []struct {
		name string
		text []byte
		c    Config
		err  string
	}{
		{"another seed", text, Config{Name: "x", Strategy: scheduler.Random, Seed: 2},
			"it was written with another seed, 1 where it is 2 now: what was explored does not hold any more; delete the file to explore from the start"},
		{"another strategy", text, Config{Name: "x", Strategy: scheduler.POS}, "it was written with another strategy, random where it is pos now"},
		{"another limit", text, Config{Name: "x", Strategy: scheduler.Random, Steps: 5}, "it was written with another limit of steps, 100000 where it is 5 now"},
		{"another version", edit(`"lastcall_progress": 3`, `"lastcall_progress": 4`), c, "it is of version 4, and this lastcall reads version 3: go on with the lastcall that wrote it, or delete the file"},
		{"edited", edit(`"schedules": 5`, `"schedules": 6`), c, "the file was edited or cut; delete the file to explore from the start"},
		{"cut", text[:40], c, "this does not say where an exploration stands: unexpected end of JSON input; delete the file"},
		{"something else", []byte("{}"), c, "this does not say where an exploration stands: there is no lastcall_progress; delete the file"},
		{"no strategy to go on with", text, Config{Name: "x", Strategy: func(seed uint64) scheduler.Strategy {
			return struct {
				scheduler.Strategy
				stringer
			}{Strategy: scheduler.Bytes(nil)(1)}
		}}, "strategy random cannot be taken up again"},
	} {
		require.NoError(t, os.WriteFile(path, tt.text, 0o666))
		_, err := tt.c.Explore(counting(2, false))
		if assert.Error(t, err, tt.name) {
			assert.Contains(t, err.Error(), tt.err, tt.name)
			assert.True(t, strings.HasPrefix(err.Error(), "lastcall: "+path+": "), err)
		}
		interrupts.came.Store(false)
	}
	p, err := report.ParseProgress(text)
	require.NoError(t, err)
	p.Program = "another"
	text, err = p.Text()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, text, 0o666))
	_, err = Config{Name: "x", Strategy: scheduler.Random}.Explore(counting(2, false))
	assert.ErrorContains(t, err, "it was written with another program (a hash of the executable file), another where it is "+program()+" now")
	t.Setenv("SIM_RESUME", path)
	r, err := Config{Name: "y", Schedules: 10}.Explore(counting(2, false))
	require.NoError(t, err, "the file is another exploration's")
	assert.Equal(t, 10, r.Schedules)
	t.Setenv("SIM_RESUME", filepath.Join(dir, "none.progress"))
	_, err = Config{Name: "y", Schedules: 10}.Explore(counting(2, false))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

type stringer struct{}

func (stringer) String() string { return "random" }

// TestShards: what shards report adds up.
func TestShards(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SIM_REPORT", dir)
	c := Config{Name: "sum", Schedules: 103, KeepGoing: true, Strategy: scheduler.Random}
	classes := make(map[uint64]bool)
	for i := range 4 {
		t.Setenv("SIM_SHARD", string(rune('0'+i))+"/4")
		r, err := c.Explore(counting(3, true))
		require.NoError(t, err)
		assert.Equal(t, 26-i/3, r.Schedules)
	}
	parts, err := report.Read([]string{dir})
	require.NoError(t, err)
	require.Len(t, parts, 4)
	schedules, failing := 0, 0
	for _, p := range parts {
		schedules += p.Schedules
		failing += p.Failing
		for _, h := range p.Classes.Hashes {
			classes[h] = true
		}
	}
	sums, err := report.Merge(parts)
	require.NoError(t, err)
	require.Len(t, sums, 1)
	s := sums[0]
	assert.Equal(t, []any{103, failing, len(classes), true, false}, []any{s.Schedules, s.Failing, s.Distinct, s.Exact, s.Complete})
	assert.Equal(t, 103, schedules)
	require.Len(t, s.Failures, 1)
	f := s.Failures[0]
	assert.Equal(t, []any{"Assertion", 1, []int{0, 1, 2, 3}}, []any{f.Kind, f.Preemptions, f.Shards})
	assert.Contains(t, f.Trace, "load var")
	assert.Contains(t, f.Why, "Decisive: load var")
	assert.False(t, s.OK())
	sums, err = report.Merge(parts[1:])
	require.NoError(t, err)
	assert.Equal(t, []int{0}, sums[0].Missing)
}

// TestStopped: a budget that is spent is said.
func TestStopped(t *testing.T) {
	r, err := Config{Name: "x", Budget: 20 * time.Millisecond, Schedules: 1 << 30}.Explore(counting(2, false))
	require.NoError(t, err)
	assert.Equal(t, OutOfTime, r.Stopped)
	assert.Contains(t, r.String(), "stopped: out of time")
	r, err = Config{Name: "x", Schedules: 3, Strategy: scheduler.Exhaustive()}.Explore(counting(3, false))
	require.NoError(t, err)
	assert.Equal(t, OutOfSchedules, r.Stopped)
}

// TestInterruptedShrinking: a failure that was being minimised is handed back as far as that had come, and its token is good.
func TestInterruptedShrinking(t *testing.T) {
	steps := map[int]bool{}
	for after := range 12 {
		runs := 0
		body := counting(4, true)
		c := Config{Name: "x", Strategy: scheduler.Random, Seed: 3}
		r, err := c.Explore(func(t *T) {
			if runs++; runs == 1+after*12 {
				interrupts.came.Store(true)
			}
			body(t)
		})
		interrupts.came.Store(false)
		require.NoError(t, err)
		if after == 0 {
			continue // it may not have failed before
		}
		require.Len(t, r.Failures, 1)
		steps[len(r.Failures[0].Trace.Steps)] = true
		c.Replay = r.Failures[0].Token
		again, err := c.Explore(body)
		require.NoError(t, err)
		require.Len(t, again.Failures, 1)
		assert.Equal(t, Assertion, again.Failures[0].Kind)
	}
	assert.Greater(t, len(steps), 1, "minimising came equally far each time: %v", steps)
}
