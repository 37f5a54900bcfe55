package hard

import (
	"iter"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
	"github.com/stretchr/testify/require"
)

// TestOddEnds: what ends oddly has its verdict, the same with every seed that comes to one, and leaves the process as it was.
func TestOddEnds(t *testing.T) {
	for _, tt := range []struct {
		name string
		body func()
		want string // begins the verdict; "" is none
	}{
		{"a bubble in a bubble", func() { synctest.Test(new(testing.T), func(*testing.T) {}) }, "Panic: "},
		{"an exploration in a schedule", func() {
			r, _ := scheduler.Random(1).Next()
			scheduler.NewMachine().Run(r, func() {}, scheduler.Options{})
		}, "Panic: lastcall: a controlled run cannot start inside a synctest bubble"},
		{"Goexit in a goroutine", func() {
			var wg sync.WaitGroup
			wg.Go(runtime.Goexit)
			wg.Go(func() { defer runtime.Goexit(); panicAndRecover() })
			wg.Wait()
		}, ""},
		{"Goexit in a Once", func() {
			var once sync.Once
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() { once.Do(runtime.Goexit) })
			}
			wg.Wait()
		}, ""},
		{"Goexit in a coroutine", func() {
			done := make(chan int)
			go func() {
				defer close(done)
				next, _ := iter.Pull(func(yield func(int) bool) { runtime.Goexit() })
				next()
			}()
			<-done
		}, ""},
		{"a coroutine that is not stopped", func() {
			next, _ := iter.Pull(func(yield func(int) bool) { yield(1); yield(2) })
			next()
		}, ""},
		{"a panic in a coroutine", func() {
			next, _ := iter.Pull(func(yield func(int) bool) { panic("in a coroutine") })
			next()
		}, "Panic: in a coroutine"},
		{"a panic in a deferred call after Goexit", func() {
			go func() {
				defer func() { panic("late") }()
				runtime.Goexit()
			}()
			runtime.Gosched()
		}, "Panic: late"},
		{"a panic while panicking", func() {
			defer func() { panic("second") }()
			panic("first")
		}, "Panic: first\n\tpanic: second"},
		{"a mutex locked twice", func() { var mu sync.Mutex; mu.Lock(); mu.Lock() }, "Deadlock: "},
		{"a read lock inside a read lock, and a writer", func() {
			var rw sync.RWMutex
			rw.RLock()
			go func() { rw.Lock(); rw.Unlock() }()
			for range 20 {
				runtime.Gosched()
			}
			rw.RLock()
		}, "Deadlock: "},
		{"an unlock of an unlocked RWMutex", func() { new(sync.RWMutex).RUnlock() }, "Fatal: sync: RUnlock of unlocked RWMutex"},
		{"a compare-and-swap of nil", func() {
			var n *int32
			go atomic.CompareAndSwapInt32(n, 0, 1)
			runtime.Gosched()
		}, "Panic: runtime error: invalid memory address or nil pointer dereference"},
		{"signals", func() {
			c := make(chan os.Signal, 1)
			signal.Notify(c, os.Interrupt)
			defer signal.Stop(c)
			<-c
		}, "Deadlock: "},
		{"close of a closed channel", func() { c := make(chan int); close(c); close(c) }, "Panic: close of closed channel"},
		{"a negative WaitGroup", func() { new(sync.WaitGroup).Done() }, "Panic: sync: negative WaitGroup counter"},
		{"nothing", func() { runtime.GC() }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := scheduler.NewMachine()
			n := uint64(20)
			if tt.name == "signals" {
				n = 1 // the goroutine that waits for them might go on by what is outside, which takes a second of real time
			}
			for seed := range n {
				_, verdict := run(m, seed+1, tt.body)
				if tt.want == "" && verdict != "" || !strings.HasPrefix(verdict, tt.want) {
					t.Errorf("seed %d: %q, want %q", seed+1, verdict, tt.want)
				}
			}
		})
	}
}

func panicAndRecover() {
	defer func() { recover() }()
	panic("recovered")
}

// TestRequireElsewhere: an assertion of testify's fails the schedule from any goroutine, and ends that goroutine.
func TestRequireElsewhere(t *testing.T) {
	r, err := sim.Config{}.Explore(func(t *sim.T) {
		var wg sync.WaitGroup
		wg.Go(func() {
			require.Equal(t, 1, 2, "from another goroutine")
			panic("goes on after a failed requirement")
		})
		wg.Wait()
	})
	require.NoError(t, err)
	require.Len(t, r.Failures, 1)
	require.Equal(t, sim.Assertion, r.Failures[0].Kind)
	require.Contains(t, r.Failures[0].Message, "from another goroutine")
}
