package bugs

import (
	"context"
	"sync"
	"time"

	"github.com/lastcall-go/lastcall/sim"
)

var leakBugs = []Bug{
	{
		Name: "kubernetes-25331", Family: LeakOnCancel, Kind: sim.Leak,
		Source: "kubernetes #25331, read as the GoBench kernel",
		What:   "A watcher sends its result to a channel that nobody reads once the watch was cancelled.",
		Mend:   "A select with done beside the send.",
		Broken: func(*sim.T) { watcherSends(false) },
		Mended: func(*sim.T) { watcherSends(true) },
	},
	{
		Name: "cockroach-10790", Family: LeakOnCancel, Kind: sim.Leak,
		Source: "cockroach #10790, read as the GoBench kernel",
		What:   "Those who were to report to a result channel are left when the collector has given up.",
		Mend:   "A channel with room for all results.",
		Broken: func(*sim.T) { collectorGivesUp(0) },
		Mended: func(*sim.T) { collectorGivesUp(2) },
	},
	{
		Name: "goja_nodejs-81", Family: LeakOnCancel, Kind: sim.Leak,
		Source: "goja_nodejs #81; #82, 6a689e9",
		What:   "An interval's goroutine blocks for ever as it sends to the job channel of a loop that has stopped.",
		Mend:   "Terminate cancels the intervals and drains the channel until the last of them has ended.",
		Broken: func(*sim.T) { intervalSends(false) },
		Mended: func(*sim.T) { intervalSends(true) },
	},
	{
		Name: "istio-8967", Family: LeakOnCancel, Kind: sim.Leak,
		Source: "istio #8967, read as the GoBench kernel",
		What:   "Stop closes the done channel and sets the field to nil, and the goroutine that comes to its select later waits for nil.",
		Mend:   "The field stays; once closed, for ever closed.",
		Broken: func(*sim.T) { nilsDone(false) },
		Mended: func(*sim.T) { nilsDone(true) },
	},
}

func watcherSends(mended bool) {
	ctx, cancel := context.WithCancel(context.Background())
	results := make(chan int)
	go func() { // the watcher has an error to report
		if !mended {
			results <- 1
			return
		}
		select {
		case results <- 1:
		case <-ctx.Done():
		}
	}()
	go cancel()
	select {
	case <-results:
	case <-ctx.Done():
	}
}

func collectorGivesUp(room int) {
	ctx, cancel := context.WithCancel(context.Background())
	results := make(chan int, room)
	for i := range 2 {
		go func() { results <- i }()
	}
	go cancel()
	for range 2 {
		select {
		case <-results:
		case <-ctx.Done():
			return
		}
	}
}

func intervalSends(mended bool) {
	jobs, stop := make(chan func()), make(chan struct{})
	ended := false // in the loop's hands
	go func() {
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		for open := true; open; {
			select {
			case <-stop:
				open = false
			case <-ticker.C:
				jobs <- func() {}
			}
		}
		if mended {
			jobs <- func() { ended = true }
		}
	}()
	timeout := time.NewTimer(time.Millisecond)
	for running := true; running; {
		select {
		case job := <-jobs:
			job()
		case <-timeout.C:
			running = false
		}
	}
	close(stop)
	for mended && !ended {
		(<-jobs)()
	}
}

func nilsDone(mended bool) {
	var mu sync.Mutex
	done := make(chan struct{})
	go func() {
		mu.Lock()
		d := done
		mu.Unlock()
		<-d
	}()
	mu.Lock()
	close(done)
	if !mended {
		done = nil
	}
	mu.Unlock()
}
