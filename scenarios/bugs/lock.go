package bugs

import (
	"sync"

	"github.com/lastcall-go/lastcall/sim"
)

var lockBugs = []Bug{
	{
		Name: "cockroach-1055", Family: LockHeld, Kind: sim.Deadlock,
		Source: "cockroach #1055, read as the GoBench kernel",
		What:   "Stop holds the lock and waits for tasks that need the lock to end.",
		Mend:   "The lock is dropped before the wait.",
		Broken: func(*sim.T) { stopsUnderLock(false) },
		Mended: func(*sim.T) { stopsUnderLock(true) },
	},
	{
		Name: "fx-1219", Family: LockHeld, Kind: sim.Deadlock,
		Source: "uber/fx #1219, #1220",
		What:   "Stop waits under a lock that what is being stopped needs.",
		Mend:   "Separate locks.",
		Broken: func(*sim.T) { receiverStops(false) },
		Mended: func(*sim.T) { receiverStops(true) },
	},
	{
		Name: "tokio-3752", Family: LockHeld, Kind: sim.Deadlock,
		Source: "tokio #3752; #3869, #3870",
		What:   "At shutdown tasks are shut too early, under a lock that their drop handlers take.",
		Mend:   "There the condition was narrowed. Here: a task is dropped when the lock is free.",
		Broken: func(*sim.T) { dropsUnderLock(false) },
		Mended: func(*sim.T) { dropsUnderLock(true) },
	},
}

func stopsUnderLock(mended bool) {
	var mu sync.Mutex
	drained := sync.NewCond(new(sync.Mutex)) // of the count, which has a lock of its own
	tasks, draining := 0, false
	begin := func() bool {
		mu.Lock()
		defer mu.Unlock()
		if draining {
			return false
		}
		drained.L.Lock()
		defer drained.L.Unlock()
		tasks++
		return true
	}
	end := func() {
		mu.Lock()
		defer mu.Unlock()
		drained.L.Lock()
		defer drained.L.Unlock()
		tasks--
		drained.Broadcast()
	}
	go func() {
		if begin() {
			end()
		}
	}()
	mu.Lock()
	draining = true
	if mended {
		mu.Unlock()
	} else {
		defer mu.Unlock()
	}
	drained.L.Lock()
	for tasks > 0 {
		drained.Wait()
	}
	drained.L.Unlock()
}

func receiverStops(mended bool) {
	var mu, last sync.Mutex // last guards what the relay writes down; the broken twin uses mu
	stop, ended := make(chan struct{}), make(chan struct{})
	signals := make(chan int, 1)
	record := func() {
		lock := &mu
		if mended {
			lock = &last
		}
		lock.Lock()
		defer lock.Unlock()
	}
	go func() { // the relay
		defer close(ended)
		for {
			select {
			case <-signals:
				record()
			case <-stop:
				return
			}
		}
	}()
	go func() { signals <- 1 }()
	mu.Lock()
	defer mu.Unlock()
	close(stop)
	<-ended
}

func dropsUnderLock(mended bool) {
	var mu sync.Mutex
	shutdown, live := false, 0
	drop := func() { // a task's drop handler takes itself off the list
		mu.Lock()
		defer mu.Unlock()
		live--
	}
	spawn := func() {
		mu.Lock()
		live++
		late := shutdown
		if late && !mended {
			defer mu.Unlock()
			drop()
			return
		}
		mu.Unlock()
		drop() // late, or after it has run
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		spawn()
	}()
	mu.Lock()
	shutdown = true
	mu.Unlock()
	<-ended
}
