package bugs

import (
	"sync"
	"sync/atomic"

	"github.com/lastcall-go/lastcall/sim"
)

var wakeUpBugs = []Bug{
	{
		Name: "trio-2392", Family: LostWakeUp, Kind: sim.Deadlock,
		Source: "trio #2392; #2832",
		What:   "A thread hands the result over and wakes its host before the host has gone back to sleep.",
		Mend:   "The hand-off is re-ordered: the host looks for the result and goes to sleep in one step.",
		Broken: func(*sim.T) { hostSleeps(false) },
		Mended: func(*sim.T) { hostSleeps(true) },
	},
	{
		Name: "cpython-156054", Family: LostWakeUp, Polls: true, Kind: sim.Deadlock,
		Source: "CPython gh-156054 (open, 2026)",
		What:   "_write_to_self swallows every OSError: the callback is queued, the wake-up is lost, and the loop sleeps for ever.",
		Mend:   "Open there. Here: an error that does not say that the pipe is full is not swallowed; the wake-up is tried again.",
		Broken: func(*sim.T) { writeToSelf(false) },
		Mended: func(*sim.T) { writeToSelf(true) },
	},
}

func hostSleeps(mended bool) {
	var mu sync.Mutex
	woken := sync.NewCond(&mu)
	done := false
	go func() {
		mu.Lock()
		defer mu.Unlock()
		done = true
		woken.Signal()
	}()
	mu.Lock()
	for !done {
		if !mended { // the host still has something to do before it sleeps
			mu.Unlock()
			mu.Lock()
		}
		woken.Wait()
	}
	mu.Unlock()
}

// writeToSelf has a pipe whose reader is interrupted now and then: a write that meets this fails, and is no sign that a wake-up is on its way.
func writeToSelf(mended bool) {
	var mu sync.Mutex
	var queue []func()
	var interrupted atomic.Bool
	pipe := make(chan struct{}, 1)
	write := func() bool {
		if interrupted.Load() {
			return false
		}
		select {
		case pipe <- struct{}{}:
		default: // full: a wake-up is on its way
		}
		return true
	}
	ran := make(chan struct{})
	go func() {
		mu.Lock()
		queue = append(queue, func() { close(ran) })
		mu.Unlock()
		for !write() && mended {
		}
	}()
	go func() {
		interrupted.Store(true)
		interrupted.Store(false)
	}()
	<-pipe
	mu.Lock()
	queue[0]()
	mu.Unlock()
	<-ran
}
