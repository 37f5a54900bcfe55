package bugs

import (
	"sync"

	"github.com/lastcall-go/lastcall/sim"
)

var joinBugs = []Bug{
	{
		Name: "asgiref-535", Family: JoinInside, Kind: sim.Deadlock,
		Source: "asgiref #535; #563",
		What:   "The executor's shutdown is called on the loop's thread while a worker waits for that loop.",
		Mend:   "The blocking shutdown runs elsewhere, and the loop turns meanwhile.",
		Broken: func(*sim.T) { joinsOnLoop(false) },
		Mended: func(*sim.T) { joinsOnLoop(true) },
	},
	{
		Name: "homeassistant-45795", Family: JoinInside, Kind: sim.Deadlock,
		Source: "Home Assistant #45795, #56498; the same in Twisted #10124 and Crochet #12, #17",
		What:   "Those who wait for a call on the loop are not told when the loop stops: the worker waits for the loop, and the exit for the worker.",
		Mend:   "All pending results are failed before the join (Crochet), and later calls are refused (Home Assistant).",
		Broken: func(*sim.T) { waitersUntold(false) },
		Mended: func(*sim.T) { waitersUntold(true) },
	},
	{
		Name: "tokio-2789", Family: JoinInside, Kind: sim.Deadlock,
		Source: "tokio #2789; #3228",
		What:   "The shutdown takes core after core and waits for each: a task of one waits for a task of a later one.",
		Mend:   "All tasks are halted before the shutdown waits for any.",
		Broken: func(*sim.T) { coreByCore(false) },
		Mended: func(*sim.T) { coreByCore(true) },
	},
	{
		Name: "k6-5905", Family: JoinInside, Kind: sim.Deadlock,
		Source: "k6 #5905 (d838f20, 2026)",
		What:   "A handler blocks on an unbuffered channel that only the loop's goroutine reads; the loop ends, and waits for the handler.",
		Mend:   "A select on done beside the send.",
		Broken: func(*sim.T) { pingHandler(false) },
		Mended: func(*sim.T) { pingHandler(true) },
	},
}

func joinsOnLoop(mended bool) {
	calls := make(chan func(), 1)
	stop := make(chan struct{})
	var workers sync.WaitGroup
	workers.Go(func() {
		answer := make(chan int, 1)
		select {
		case <-stop:
		case calls <- func() { answer <- 1 }:
			<-answer
		}
	})
	close(stop) // the loop is to end; this is its goroutine
	if !mended {
		workers.Wait()
		return
	}
	joined := make(chan struct{})
	go func() {
		workers.Wait()
		close(joined)
	}()
	for {
		select {
		case call := <-calls:
			call()
		case <-joined:
			return
		}
	}
}

func waitersUntold(mended bool) {
	var mu sync.Mutex
	stopped := false
	var pending []chan error
	callLoop := func() error {
		result := make(chan error, 1)
		mu.Lock()
		if stopped {
			mu.Unlock()
			return errClosed
		}
		pending = append(pending, result)
		mu.Unlock()
		return <-result
	}
	var workers sync.WaitGroup
	workers.Go(func() { _ = callLoop() })
	mu.Lock() // one turn of the loop
	for _, result := range pending {
		result <- nil
	}
	pending = nil
	mu.Unlock()
	mu.Lock() // it stops
	stopped = true
	if mended {
		for _, result := range pending {
			result <- errClosed
		}
	}
	mu.Unlock()
	workers.Wait()
}

func coreByCore(mended bool) {
	type core struct{ halt, ended chan struct{} }
	cores := make([]core, 2)
	for i := range cores {
		cores[i] = core{make(chan struct{}), make(chan struct{})}
	}
	fromSecond := make(chan int)
	go func() { // a task of the first core, in block_in_place
		defer close(cores[0].ended)
		select {
		case <-cores[0].halt:
			return
		default:
		}
		<-fromSecond
	}()
	go func() { // the second core sends what the first one waits for when it is halted
		defer close(cores[1].ended)
		<-cores[1].halt
		close(fromSecond)
	}()
	if mended {
		for _, c := range cores {
			close(c.halt)
		}
		for _, c := range cores {
			<-c.ended
		}
		return
	}
	for _, c := range cores {
		close(c.halt)
		<-c.ended
	}
}

func pingHandler(mended bool) {
	reads, done := make(chan string), make(chan struct{})
	var handlers sync.WaitGroup
	handlers.Go(func() {
		if !mended {
			reads <- "ping"
			return
		}
		select {
		case reads <- "ping":
		case <-done:
		}
	})
	go close(done) // the connection ends
	for open := true; open; {
		select {
		case <-reads:
		case <-done:
			open = false
		}
	}
	handlers.Wait()
}
