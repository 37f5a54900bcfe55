package bugs

import (
	"sync"
	"time"

	"github.com/lastcall-go/lastcall/sim"
)

var endlessBugs = []Bug{
	{
		Name: "goja_nodejs-38", Family: NeverEnds, Kind: sim.Deadlock,
		Source: "goja_nodejs #38; 5d6ef6e, 532bc92",
		What:   "Stop sends on an unbuffered channel; a loop that is not running, or has just ended, does not take it.",
		Mend:   "A flag, and a wake-up channel with room for one.",
		Broken: func(*sim.T) { stopsIdleLoop(false) },
		Mended: func(*sim.T) { stopsIdleLoop(true) },
	},
	{
		Name: "timer-stop-drain", Family: NeverEnds, Kind: sim.Deadlock,
		Source: "Go #14383, #37196, #69312, #17600",
		What:   "if !t.Stop() { <-t.C } waits for ever where somebody else has received the value.",
		Mend:   "From Go 1.23 on nothing is left in the channel when Stop has returned: there is nothing to drain.",
		Broken: func(*sim.T) { drainsTimer(false) },
		Mended: func(*sim.T) { drainsTimer(true) },
	},
	{
		Name: "cpython-111358", Family: NeverEnds, Kind: sim.Deadlock,
		Source: "CPython gh-111358; GH-115622, GH-115641",
		What:   "The timeout of shutdown_default_executor guards the join of the helper thread alone; the wait before it has none.",
		Mend:   "The timeout is around the wait, and the thread is left unjoined.",
		Broken: func(*sim.T) { timesOut(false) },
		Mended: func(*sim.T) { timesOut(true) },
	},
	{
		Name: "suture-34", Family: NeverEnds, Kind: sim.Deadlock,
		Source: "suture #34",
		What:   "The loop that cleans up does not listen to those who tell it that they have ended, and they cannot end before they are heard.",
		Mend:   "The loop that cleans up keeps listening.",
		Broken: func(*sim.T) { deafCleanup(false) },
		Mended: func(*sim.T) { deafCleanup(true) },
	},
}

func stopsIdleLoop(mended bool) {
	room := 0
	if mended {
		room = 1
	}
	stop, idle := make(chan struct{}, room), make(chan struct{})
	ended := make(chan struct{})
	go func() { // the loop ends by itself when it has nothing to do
		defer close(ended)
		select {
		case <-stop:
		case <-idle:
		}
	}()
	go close(idle)
	stop <- struct{}{}
	<-ended
}

func drainsTimer(mended bool) {
	t := time.NewTimer(time.Millisecond)
	done := make(chan struct{})
	go func() {
		select {
		case <-t.C:
		case <-done:
		}
	}()
	time.Sleep(time.Millisecond)
	if !t.Stop() && !mended {
		<-t.C
	}
	close(done)
}

// timesOut has a job that waits for what happens only when the shutdown is over.
func timesOut(mended bool) {
	over := make(chan struct{})
	var executor sync.WaitGroup
	executor.Go(func() { <-over })
	joined := make(chan struct{})
	go func() { // the helper thread
		executor.Wait()
		close(joined)
	}()
	timeout := time.NewTimer(time.Second)
	defer timeout.Stop()
	if !mended {
		<-joined
	}
	select {
	case <-joined:
	case <-timeout.C:
	}
	close(over)
}

func deafCleanup(mended bool) {
	failed, stop := make(chan int), make(chan struct{})
	var services sync.WaitGroup
	services.Go(func() { failed <- 1 }) // a service ends by itself and says so
	go close(stop)
	select {
	case <-failed:
	case <-stop:
	}
	gone := make(chan struct{})
	go func() {
		services.Wait()
		close(gone)
	}()
	for {
		if !mended {
			<-gone
			return
		}
		select {
		case <-failed:
		case <-gone:
			return
		}
	}
}
