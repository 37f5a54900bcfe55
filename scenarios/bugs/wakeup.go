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
		Mend:   "An error that is not 'the pipe is full' is not swallowed: the wake-up is tried again.",
		Broken: func(*sim.T) { writeToSelf(false) },
		Mended: func(*sim.T) { writeToSelf(true) },
	},
	{
		Name: "netty-9362", Family: LostWakeUp, Kind: sim.Panic,
		Source: "Netty #9362; #9586, #9616",
		What:   "A waker writes to the eventfd while the loop that is shutting down closes it.",
		Mend:   "Wake-up edges are tracked: the loop closes the eventfd when no waker is on its way.",
		Broken: func(*sim.T) { wakesEventFD(false) },
		Mended: func(*sim.T) { wakesEventFD(true) },
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

func wakesEventFD(mended bool) {
	var mu sync.Mutex
	wakers, shut := 0, false
	none := sync.NewCond(&mu)
	fd := make(chan struct{}, 1)
	waker := func() {
		mu.Lock()
		if shut {
			mu.Unlock()
			return
		}
		wakers++
		mu.Unlock()
		select {
		case fd <- struct{}{}:
		default:
		}
		mu.Lock()
		defer mu.Unlock()
		wakers--
		none.Broadcast()
	}
	go waker()
	mu.Lock()
	shut = true
	for mended && wakers > 0 {
		none.Wait()
	}
	mu.Unlock()
	close(fd)
}
