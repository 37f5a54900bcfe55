package bugs

import (
	"sync"
	"sync/atomic"

	"github.com/lastcall-go/lastcall/sim"
)

var doubleBugs = []Bug{
	{
		Name: "nats-1953", Family: DoubleClose, Kind: sim.Panic,
		Source: "nats.go #1953, #2059",
		What:   "Stop and Drain both close a channel.",
		Mend:   "Once.",
		Broken: func(*sim.T) { stopAndDrain(false) },
		Mended: func(*sim.T) { stopAndDrain(true) },
	},
	{
		Name: "tokio-7922", Family: DoubleClose, Kind: sim.Assertion,
		Source: "tokio #7922 (f21f269, 2026), #7910",
		What:   "The count of idle threads is decremented twice when notify and shutdown interleave.",
		Mend:   "Each thread keeps whether it is counted as idle.",
		Broken: func(t *sim.T) { idleThread(t, false) },
		Mended: func(t *sim.T) { idleThread(t, true) },
	},
	{
		Name: "k6-2582", Family: DoubleClose, Kind: sim.Assertion,
		Source: "k6 #2582; #3004, #2612",
		What:   "What RegisterCallback returned is called twice, and the loop's count of those who may still post is wrong: it ends too early.",
		Mend:   "A second call is refused (k6 panics).",
		Broken: func(t *sim.T) { calledTwice(t, false) },
		Mended: func(t *sim.T) { calledTwice(t, true) },
	},
}

func stopAndDrain(mended bool) {
	var once sync.Once
	done := make(chan struct{})
	var closed atomic.Bool
	end := func() {
		if mended {
			once.Do(func() { close(done) })
		} else if !closed.Load() {
			close(done)
			closed.Store(true)
		}
	}
	go end() // Drain has come to its end
	end()    // Stop
	<-done
}

// idleThread is one idle thread of a pool: whoever notifies it takes it off the count, and when it finds that the pool shuts down it does so itself.
func idleThread(t *sim.T, mended bool) {
	var mu sync.Mutex
	wake := sync.NewCond(&mu)
	idle, counted, notified, shutdown := 1, true, false, false
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		mu.Lock()
		defer mu.Unlock()
		for !notified && !shutdown {
			wake.Wait()
		}
		if shutdown && (!mended || counted) {
			idle--
		}
		if idle < 0 {
			t.Errorf("%d threads are idle", idle)
		}
	}()
	go func() { // spawn
		mu.Lock()
		defer mu.Unlock()
		if shutdown || idle == 0 {
			return
		}
		idle--
		counted, notified = false, true
		wake.Signal()
	}()
	mu.Lock()
	shutdown = true
	wake.Broadcast()
	mu.Unlock()
	<-ended
}

func calledTwice(t *sim.T, mended bool) {
	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	registered, ended := 0, false
	var queue []func()
	register := func() func(func()) {
		mu.Lock()
		defer mu.Unlock()
		registered++
		called := false
		return func(f func()) {
			mu.Lock()
			defer mu.Unlock()
			if mended && called {
				return
			}
			called = true
			if ended {
				t.Error("a callback comes to a loop that has ended, although it was registered")
			}
			registered--
			queue = append(queue, f)
			changed.Signal()
		}
	}
	first, second := register(), register()
	go func() {
		first(func() {})
		first(func() {})
	}()
	go second(func() {})
	mu.Lock()
	defer mu.Unlock()
	for registered > 0 || len(queue) > 0 {
		if len(queue) == 0 {
			changed.Wait()
			continue
		}
		queue = queue[1:]
	}
	ended = true
}
