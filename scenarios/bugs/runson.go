package bugs

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lastcall-go/lastcall/sim"
)

var runsOnBugs = []Bug{
	{
		Name: "goja_nodejs-20", Family: RunsOn, Kind: sim.Assertion,
		Source: "goja_nodejs #20; 5dc79c9",
		What:   "After Stop's job has run, the same iteration still runs the auxiliary jobs: code on a loop that has stopped.",
		Mend:   "Whether the loop may run is looked at before the auxiliary jobs.",
		Broken: func(t *sim.T) { auxAfterStop(t, false) },
		Mended: func(t *sim.T) { auxAfterStop(t, true) },
	},
	{
		Name: "http-shutdown-accept", Family: RunsOn, Kind: sim.Assertion,
		Source: "Go net/http #20239, #33313, #34163, #36819",
		What:   "Shutdown comes to its end between Accept and the registration of the connection, which is then served.",
		Mend:   "Shutdown waits for those who accept before it counts connections.",
		Broken: func(t *sim.T) { shutdownAccept(t, false) },
		Mended: func(t *sim.T) { shutdownAccept(t, true) },
	},
	{
		Name: "waitgroup-add-wait", Family: RunsOn, Kind: sim.Assertion,
		Source: "Go #23842, #39013; x/sync #70284; go-winio #29, dcrd #2477, puddle 558756d",
		What:   "Close waits for a WaitGroup whose count is zero while a new operation adds to it: Wait returns early.",
		Mend:   "Add is ordered against Close under a mutex.",
		Broken: func(t *sim.T) { addAgainstWait(t, false) },
		Mended: func(t *sim.T) { addAgainstWait(t, true) },
	},
	{
		Name: "afterfunc-stop", Family: RunsOn, Kind: sim.Assertion,
		Source: "Go #14383, #37196, #69312, #17600; documented at time.Timer.Stop",
		What:   "The function of time.AfterFunc may be running when Stop returns false.",
		Mend:   "Where Stop returns false, wait for the function.",
		Broken: func(t *sim.T) { timerFuncRuns(t, false) },
		Mended: func(t *sim.T) { timerFuncRuns(t, true) },
	},
	{
		Name: "context-57928", Family: RunsOn, Kind: sim.Assertion,
		Source: "Go #57928; #60156",
		What:   "The stop of context.AfterFunc does not wait for the function: false means that it was started, or stopped before.",
		Mend:   "Where stop returns false, wait for the function.",
		Broken: func(t *sim.T) { contextFuncRuns(t, false) },
		Mended: func(t *sim.T) { contextFuncRuns(t, true) },
	},
	{
		Name: "cpython-34037", Family: RunsOn, Kind: sim.Assertion,
		Source: "CPython bpo-34037 (gh-78218); GH-15735",
		What:   "close() shuts the executor down without waiting: its threads outlive the loop.",
		Mend:   "shutdown_default_executor joins them, and is called before close.",
		Broken: func(t *sim.T) { threadsOutlive(t, false) },
		Mended: func(t *sim.T) { threadsOutlive(t, true) },
	},
}

func auxAfterStop(t *sim.T, mended bool) {
	var mu sync.Mutex
	var aux []func()
	canRun, stopped := true, false
	jobs := make(chan func(), 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			(<-jobs)()
			mu.Lock()
			batch := aux
			aux = nil
			run := canRun
			mu.Unlock()
			if mended && !run {
				return
			}
			for _, f := range batch {
				f()
			}
			if !run {
				return
			}
		}
	}()
	go func() {
		mu.Lock()
		defer mu.Unlock()
		aux = append(aux, func() {
			if stopped {
				t.Error("a job runs on a loop that has stopped")
			}
		})
	}()
	jobs <- func() {
		mu.Lock()
		defer mu.Unlock()
		canRun, stopped = false, true
	}
	<-ended
}

func shutdownAccept(t *sim.T, mended bool) {
	var mu sync.Mutex
	var listeners sync.WaitGroup
	var over atomic.Bool
	shut, conns := false, 0
	incoming := make(chan struct{}, 1)
	incoming <- struct{}{}
	closed := make(chan struct{})
	listeners.Add(1)
	go func() { // Serve
		defer listeners.Done()
		select {
		case <-closed:
			return
		case <-incoming:
		}
		mu.Lock()
		conns++
		mu.Unlock()
		if over.Load() {
			t.Error("a connection is served after Shutdown has returned")
		}
		mu.Lock()
		conns--
		mu.Unlock()
	}()
	mu.Lock()
	shut = true
	close(closed)
	mu.Unlock()
	if mended {
		listeners.Wait()
	}
	for idle := false; !idle && shut; {
		mu.Lock()
		idle = conns == 0
		mu.Unlock()
		if !idle {
			time.Sleep(time.Millisecond)
		}
	}
	over.Store(true)
}

func addAgainstWait(t *sim.T, mended bool) {
	var mu sync.Mutex
	var operations sync.WaitGroup
	var closing, closed atomic.Bool
	operate := func() {
		mu.Lock()
		if closing.Load() {
			mu.Unlock()
			return
		}
		if !mended {
			mu.Unlock()
		}
		operations.Add(1)
		if mended {
			mu.Unlock()
		}
		defer operations.Done()
		if closed.Load() {
			t.Error("an operation runs on what is closed")
		}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		operate()
	}()
	mu.Lock()
	closing.Store(true)
	mu.Unlock()
	operations.Wait()
	closed.Store(true)
	<-ended
}

func timerFuncRuns(t *sim.T, mended bool) {
	var freed atomic.Bool
	ran := make(chan struct{})
	timer := time.AfterFunc(time.Millisecond, func() {
		defer close(ran)
		if freed.Load() {
			t.Error("the function runs although its timer was stopped and what it uses is freed")
		}
	})
	time.Sleep(time.Millisecond)
	if !timer.Stop() && mended {
		<-ran
	}
	freed.Store(true)
}

func contextFuncRuns(t *sim.T, mended bool) {
	ctx, cancel := context.WithCancel(context.Background())
	var freed atomic.Bool
	ran := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ran)
		if freed.Load() {
			t.Error("the function runs although it was stopped and what it uses is freed")
		}
	})
	go cancel()
	if !stop() && mended {
		<-ran
	}
	freed.Store(true)
}

func threadsOutlive(t *sim.T, mended bool) {
	var closed atomic.Bool
	var threads sync.WaitGroup
	threads.Go(func() {
		if closed.Load() {
			t.Error("a thread of the executor runs although its loop is closed")
		}
	})
	if mended {
		threads.Wait()
	}
	closed.Store(true)
}
