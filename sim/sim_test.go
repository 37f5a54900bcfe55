package sim_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { sim.Main(m) }

// explore explores and fails the test where that cannot be done.
func explore(t *testing.T, c sim.Config, body func(t *sim.T)) *sim.Report {
	t.Helper()
	if c.Name == "" {
		c.Name = t.Name()
	}
	r, err := c.Explore(body)
	require.NoError(t, err)
	return r
}

// found wants a failure of the kind whose message contains all of the texts, and its token to lead to the same again.
func found(t *testing.T, kind sim.Kind, body func(t *sim.T), texts ...string) *sim.Failure {
	t.Helper()
	r := explore(t, sim.Config{}, body)
	if r.OK() {
		t.Fatalf("nothing found in %d schedules", r.Schedules)
	}
	f := r.Failures[0]
	assert.Equal(t, kind, f.Kind, f.Message)
	for _, text := range texts {
		assert.Contains(t, f.Message, text)
	}
	if kind == sim.Spin || kind == sim.BlockedOutside {
		return f
	}
	again := explore(t, sim.Config{Replay: f.Token}, body)
	require.Len(t, again.Failures, 1)
	g := again.Failures[0]
	assert.Equal(t, f.Kind, g.Kind, g.Message)
	assert.Equal(t, f.Trace.String(), g.Trace.String(), "the token leads elsewhere")
	return f
}

// box is checked and then posted to: the oldest mistake.
type box struct {
	mu     sync.Mutex
	closed bool
}

func (b *box) isClosed() bool { b.mu.Lock(); defer b.mu.Unlock(); return b.closed }

func (b *box) post(t *sim.T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	assert.False(t, b.closed, "posted to a closed box")
}

func (b *box) close() { b.mu.Lock(); b.closed = true; b.mu.Unlock() }

func checkThenPost(t *sim.T) {
	b := new(box)
	var wg sync.WaitGroup
	wg.Go(func() {
		if !b.isClosed() {
			t.Log("not closed")
			b.post(t)
		}
	})
	wg.Go(b.close)
	wg.Wait()
}

func TestAssertion(t *testing.T) {
	f := found(t, sim.Assertion, checkThenPost, "posted to a closed box", "sim_test.go:")
	assert.Equal(t, 1, f.Preemptions)
	assert.Contains(t, f.Trace.String(), "\"  |             not closed")
	for _, op := range []string{"lock mutex", "unlock mutex", "add to waitgroup", "go "} {
		assert.Contains(t, f.Trace.String(), op)
	}
}

func TestPanicKinds(t *testing.T) {
	found(t, sim.Panic, func(*sim.T) {
		go func() { panic("in a goroutine") }()
		time.Sleep(1)
	}, "in a goroutine", "in goroutine 1")
	found(t, sim.Panic, func(*sim.T) { panic(errors.New("an error")) }, "an error")
	found(t, sim.Panic, func(*sim.T) { panic(struct{ n int }{7}) }, "{7}")
	found(t, sim.Panic, func(*sim.T) {
		defer func() { panic("second") }()
		panic("first")
	}, "first\n\tpanic: second")
	found(t, sim.Panic, func(*sim.T) { var p *int; *p = 1 }, "nil pointer dereference")
	found(t, sim.Panic, func(*sim.T) { runtime.Goexit() }, "runtime.Goexit")
	found(t, sim.Panic, func(*sim.T) { c := make(chan int); close(c); close(c) }, "close of closed channel")
	r := explore(t, sim.Config{Schedules: 10}, func(*sim.T) {
		defer func() { recover() }()
		panic("recovered")
	})
	assert.True(t, r.OK())
}

func TestFatal(t *testing.T) {
	found(t, sim.Fatal, func(*sim.T) { new(sync.Mutex).Unlock() }, "unlock of unlocked mutex")
	found(t, sim.Fatal, func(*sim.T) { new(sync.RWMutex).RUnlock() }, "RUnlock of unlocked RWMutex")
	found(t, sim.Fatal, func(*sim.T) { new(sync.RWMutex).Unlock() }, "Unlock of unlocked RWMutex")
}

func TestDeadlock(t *testing.T) {
	f := found(t, sim.Deadlock, func(*sim.T) {
		var a, b sync.Mutex
		var wg sync.WaitGroup
		wg.Go(func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() })
		wg.Go(func() { b.Lock(); a.Lock(); a.Unlock(); b.Unlock() })
		wg.Wait()
	}, "3 goroutines wait", "main waits: wait for waitgroup", "goroutine 1 waits: lock mutex", "goroutine 2 waits: lock mutex", "started at sim_test.go:")
	assert.Equal(t, 1, f.Preemptions)
	found(t, sim.Deadlock, func(*sim.T) { select {} }, "main waits: select")
	found(t, sim.Deadlock, func(*sim.T) { var c chan int; <-c }, "receive")
	found(t, sim.Deadlock, func(*sim.T) { <-make(chan int) }, "receive")
	found(t, sim.Deadlock, func(*sim.T) {
		var once sync.Once
		once.Do(func() { once.Do(func() {}) })
	}, "main waits: do once")
	found(t, sim.Deadlock, func(*sim.T) { // a writer that waits holds new readers off
		var mu sync.RWMutex
		mu.RLock()
		go mu.Lock()
		time.Sleep(1)
		mu.RLock()
	}, "main waits: rlock rwmutex", "goroutine 1 waits: acquire rwmutex")
	found(t, sim.Deadlock, func(*sim.T) {
		c := sync.NewCond(new(sync.Mutex))
		c.L.Lock()
		c.Wait()
	}, "main waits")
}

func TestLeak(t *testing.T) {
	found(t, sim.Leak, func(*sim.T) { go func() { select {} }() }, "1 goroutine was left", "goroutine 1 waits: select", "started at sim_test.go:")
	sleeper := func(*sim.T) { go time.Sleep(time.Second) }
	found(t, sim.Leak, sleeper, "sleep")
	assert.True(t, explore(t, sim.Config{Grace: time.Second, Schedules: 10}, sleeper).OK(), "Grace lets it end")
}

func TestOtherKinds(t *testing.T) {
	found(t, sim.Exit, func(*sim.T) { os.Exit(3) }, "os.Exit(3)")
	r := explore(t, sim.Config{Steps: 500}, func(*sim.T) {
		for {
			runtime.Gosched()
		}
	})
	require.False(t, r.OK())
	assert.Equal(t, sim.StepLimit, r.Failures[0].Kind)
	pr, pw, err := os.Pipe()
	require.NoError(t, err)
	defer pw.Close()
	defer pr.Close()
	found(t, sim.BlockedOutside, func(*sim.T) { pr.Read(make([]byte, 1)) }, "does not control", "sim_test.go:")
	// One in a system call has a stack as well.
	found(t, sim.BlockedOutside, func(*sim.T) { exec.Command("sleep", "5").Run() }, "does not control", "sim_test.go:")
}

var outside sync.Mutex

func TestBlockedOutside(t *testing.T) {
	outside.Lock()
	found(t, sim.BlockedOutside, func(*sim.T) { outside.Lock() }, "lock mutex", "not made or taken in the bubble")
	outside.Unlock()
	r := explore(t, sim.Config{Schedules: 20}, func(*sim.T) { outside.Lock(); defer outside.Unlock() })
	assert.True(t, r.OK(), "a lock that is free is like any other")
}

func TestDivergence(t *testing.T) {
	n := 0
	r := explore(t, sim.Config{}, func(t *sim.T) {
		n++
		var wg sync.WaitGroup
		var mu sync.Mutex
		for range 2 + n%2 {
			wg.Go(func() { mu.Lock(); mu.Unlock() })
		}
		wg.Wait()
		t.Error("always")
	})
	require.False(t, r.OK())
	again := explore(t, sim.Config{Replay: r.Failures[0].Token}, func(t *sim.T) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {})
		}
		wg.Wait()
	})
	require.False(t, again.OK())
	assert.Equal(t, sim.Divergence, again.Failures[0].Kind)
	assert.Contains(t, again.Failures[0].Message, "decision ")
}

func TestReplayOfAnother(t *testing.T) {
	r := explore(t, sim.Config{Name: "one"}, func(t *sim.T) { t.Error("x") })
	token := r.Failures[0].Token
	ran := false
	other := explore(t, sim.Config{Name: "another", Replay: token}, func(*sim.T) { ran = true })
	assert.Zero(t, other.Schedules)
	assert.False(t, ran)
	_, err := sim.Config{Replay: "lc9.x.y"}.Explore(func(*sim.T) {})
	assert.ErrorContains(t, err, "version")
}

func TestReport(t *testing.T) {
	body := func(*sim.T) {
		var x atomic.Int32
		go x.Store(1)
		x.Load()
	}
	r := explore(t, sim.Config{Strategy: scheduler.Exhaustive()}, body)
	assert.True(t, r.Complete)
	assert.False(t, r.Bounded)
	assert.Equal(t, 2, r.Distinct, "the load sees 0 or 1")
	r = explore(t, sim.Config{Schedules: 7}, body)
	assert.Equal(t, 7, r.Schedules)
	assert.False(t, r.Complete)
	assert.Contains(t, r.String(), "7 schedules")
}

// TestGaps: a search that has nothing left to run and is not complete says why.
func TestGaps(t *testing.T) {
	polls := func(*sim.T) {
		var x atomic.Bool
		go x.Store(true)
		for !x.Load() {
			runtime.Gosched()
		}
	}
	selects := func(*sim.T) {
		c, d := make(chan int, 1), make(chan int, 1)
		c <- 1
		d <- 1
		select {
		case <-c:
		case <-d:
		}
	}
	for _, c := range []struct {
		search scheduler.Maker
		body   func(*sim.T)
		why    string
	}{
		{scheduler.Exhaustive(), polls, "poll"},
		{scheduler.Exhaustive(scheduler.Preemptions(1)), polls, "poll"},
		{scheduler.Parsimonious, polls, "poll"},
		{scheduler.Parsimonious, selects, "select"},
		{scheduler.Exhaustive(), selects, ""},
	} {
		r := explore(t, sim.Config{Strategy: c.search, Schedules: 10_000}, c.body)
		if c.why == "" {
			assert.True(t, r.Complete)
			assert.Empty(t, r.Gaps)
			continue
		}
		assert.False(t, r.Complete)
		assert.Contains(t, r.Gaps, c.why)
		assert.Contains(t, r.String(), "not complete: "+r.Gaps)
	}
	r := explore(t, sim.Config{Strategy: scheduler.Exhaustive(), Schedules: 2}, polls)
	assert.Empty(t, r.Gaps, "it has not come to its end")
}

func TestKeepGoing(t *testing.T) {
	r := explore(t, sim.Config{KeepGoing: true, Schedules: 50}, func(t *sim.T) {
		var x atomic.Int32
		go x.Store(1)
		if x.Load() == 0 {
			t.Error("zero")
		} else {
			t.Error("one")
		}
	})
	assert.Len(t, r.Failures, 2)
	assert.Equal(t, 50, r.Failing)
}

func TestSometimes(t *testing.T) {
	body := func(t *sim.T) {
		t.Sometimes(true, "fires")
		t.Sometimes(false, "never")
	}
	r := explore(t, sim.Config{Schedules: 5}, body)
	require.Len(t, r.Failures, 1)
	assert.Equal(t, `Sometimes("never") held in none of 5 schedules`, r.Failures[0].Message)
}

func TestCleanup(t *testing.T) {
	var order []string
	var ctxErr error
	body := func(end func(t *sim.T)) func(t *sim.T) {
		return func(t *sim.T) {
			order = nil
			ctx := t.Context()
			t.Cleanup(func() { order = append(order, "first"); ctxErr = ctx.Err() })
			t.Cleanup(func() { order = append(order, "second") })
			end(t)
		}
	}
	for name, end := range map[string]func(t *sim.T){
		"return":   func(*sim.T) {},
		"fatal":    func(t *sim.T) { t.Fatal("x") },
		"deadlock": func(*sim.T) { select {} },
		"panic":    func(*sim.T) { panic("x") },
	} {
		explore(t, sim.Config{Schedules: 1}, body(end))
		assert.Equal(t, []string{"second", "first"}, order, name)
		assert.Equal(t, context.Canceled, ctxErr, "%s: the context ends before the cleanups", name)
	}
}

func TestFailNowFromAnyGoroutine(t *testing.T) {
	found(t, sim.Assertion, func(t *sim.T) {
		go func() {
			require.Equal(t, 1, 2)
			panic("went on")
		}()
		time.Sleep(1)
	}, "Not equal")
}

func TestTMethods(t *testing.T) {
	r := explore(t, sim.Config{Schedules: 2}, func(s *sim.T) {
		assert.Equal(t, t.Name(), s.Name())
		assert.False(t, s.Failed())
		assert.False(t, s.Skipped())
		s.Helper()
		s.Setenv("LASTCALL_TEST_ENV", "1")
		assert.Equal(t, "1", os.Getenv("LASTCALL_TEST_ENV"))
		dir := s.TempDir()
		s.Chdir(dir)
		s.Attr("key", "value")
		s.ArtifactDir()
		s.Output().Write([]byte("line\n"))
		s.Logf("%d", 1)
	})
	for _, f := range r.Failures {
		t.Error(f.Message)
	}
	assert.Empty(t, os.Getenv("LASTCALL_TEST_ENV"))
	r = explore(t, sim.Config{}, func(s *sim.T) { s.Skip("no") })
	assert.True(t, r.OK())
	assert.True(t, r.Skipped)
}

// TestTIsTB holds T to every method of testing.TB on each Go release: none is left to the embedded interface but the one that testing keeps to itself.
func TestTIsTB(t *testing.T) {
	tb := reflect.TypeFor[testing.TB]()
	for m := range tb.NumMethod() {
		name := tb.Method(m).Name
		if !tb.Method(m).IsExported() {
			continue
		}
		own, _ := reflect.TypeFor[*sim.T]().MethodByName(name)
		file, _ := runtime.FuncForPC(own.Func.Pointer()).FileLine(own.Func.Pointer())
		if !strings.HasSuffix(file, "t.go") {
			t.Errorf("T has no %s of its own: %s", name, file)
		}
	}
}

func TestRunInside(t *testing.T) {
	found(t, sim.Assertion, func(t *sim.T) { t.Run("x", func(*testing.T) {}) }, "has no subtests")
	found(t, sim.Panic, func(*sim.T) { t.Run("x", func(*testing.T) {}) }, "t.Run called inside a schedule")
}

func TestDataRace(t *testing.T) {
	if !kernel.Race {
		t.Skip("needs -race")
	}
	body := func(*sim.T) {
		x := 0
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { x++ })
		}
		wg.Wait()
	}
	found(t, sim.DataRace, body, "DATA RACE", "sim_test.go:")
	found(t, sim.DataRace, func(t *sim.T) { // logging orders nothing
		x := 0
		var wg sync.WaitGroup
		for i := range 2 {
			wg.Go(func() { t.Log(i); t.Helper(); x++; t.Log(i) })
		}
		wg.Wait()
	}, "DATA RACE")
	r := explore(t, sim.Config{Schedules: 50}, func(t *sim.T) { // and T's own state is no race
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() { t.Log(i); assert.True(t, true); t.Helper(); t.Sometimes(true, "x"); t.Context().Err() })
		}
		wg.Wait()
	})
	assert.True(t, r.OK())
}

func TestParallel(t *testing.T) {
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			sim.Config{Schedules: 200}.Test(t, func(*sim.T) {
				outside.Lock()
				var wg sync.WaitGroup
				for range 2 {
					wg.Go(func() { time.Sleep(time.Second) })
				}
				wg.Wait()
				outside.Unlock()
			})
		})
	}
}
