package scenarios

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
	"github.com/lastcall-go/lastcall/sim"
)

var errDontLike2 = errors.New("ValueError: don't like 2")

// blocking is the function that the question's program hands to the pool.
func blocking(n int) func() error {
	return func() error {
		time.Sleep(time.Duration(n) * time.Second)
		if n == 2 {
			return errDontLike2
		}
		return nil
	}
}

// start is what the question's program does first: five blocking calls, and wait until one fails.
func start(t *sim.T) (*asyncio.Loop, *asyncio.Executor, []*asyncio.Future) {
	loop := asyncio.NewLoop()
	pool := asyncio.NewExecutor(5, 5)
	logged := func(err error) { t.Errorf("exception calling callback in a worker: %v", err) }
	var futures []*asyncio.Future
	for n := range 5 {
		futures = append(futures, loop.RunInExecutor(pool, blocking(n), logged))
	}
	loop.RunUntilComplete(asyncio.Wait(loop, futures, true))
	return loop, pool, futures
}

func cancel(futures []*asyncio.Future) {
	for _, f := range futures {
		if !f.Done() {
			f.Cancel()
		}
	}
}

// question is the program of the question: one of five calls fails, the others are cancelled, the loop is stopped and closed.
// Those that run go on, and hand their results to the closed loop.
func question(t *sim.T) {
	loop, pool, futures := start(t)
	cancel(futures)
	loop.Stop()
	loop.RunForever()
	loop.Close()
	pool.Shutdown(true) // the interpreter's exit joins the pool's threads
}

// noClose is the question's program without close: there is nothing to be refused by, and nobody tells the workers to end.
func noClose(t *sim.T) {
	loop, _, futures := start(t)
	cancel(futures)
	loop.Stop()
	loop.RunForever()
}

// waitThenClose is the first answer: nothing is cancelled, the workers poll a flag, and the loop is closed when all results are in.
func waitThenClose(t *sim.T) {
	loop := asyncio.NewLoop()
	pool := asyncio.NewExecutor(2, 2)
	logged := func(err error) { t.Errorf("exception calling callback in a worker: %v", err) }
	var stop atomic.Bool
	poll := func() error {
		for !stop.Load() {
			time.Sleep(time.Second)
		}
		return nil
	}
	futures := []*asyncio.Future{loop.RunInExecutor(pool, blocking(2), logged), loop.RunInExecutor(pool, poll, logged)}
	loop.RunUntilComplete(asyncio.Wait(loop, futures, true))
	stop.Store(true)
	loop.RunUntilComplete(asyncio.Wait(loop, futures, false))
	loop.Close()
	pool.Shutdown(true)
}
