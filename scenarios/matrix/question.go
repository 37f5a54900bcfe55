package matrix

import (
	"errors"
	"time"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
	"github.com/lastcall-go/lastcall/sim"
)

// question returns the question's program in three forms, as it was asked, on asyncio as it was then.
func question() []*Cell {
	seed := func(scenario, what string, e Expectation, body func(*sim.T)) *Cell {
		c := &Cell{Scenario: scenario, Implementation: "asyncio 2015", What: what, On: "CPython 3.4 to 3.6.5", Expected: e, first: true}
		c.parts = []part{{name: c.Name(), body: func(bool, *losses) func(*sim.T) { return body }}}
		return c
	}
	return []*Cell{
		seed("question", "5 calls, 1 fails; cancel, stop, close",
			broken(0, "python/asyncio#258, bpo-33469: a worker that was running posts its result to the closed loop", Uncaught), theQuestion),
		seed("wait, then close", "2 calls, 1 fails; set a flag, wait, close",
			clean("the first answer: nothing is cancelled, so every result has arrived before the loop is closed"), waitThenClose),
		seed("no close", "5 calls, 1 fails; cancel, stop",
			broken(0, "nothing is posted to a closed loop, and the pool's threads are left behind", Running), noClose),
	}
}

// The program, in three forms. Its coroutines only wait for the futures of their calls, and its tasks are those
// futures here.

var errDontLike2 = errors.New("ValueError: don't like 2")

// blocking is the question's blocking call: num seconds, and an exception if num is 2.
func blocking(num int) asyncio.Job {
	return func() (any, error) {
		time.Sleep(time.Duration(num) * time.Second)
		if num == 2 {
			return nil, errDontLike2
		}
		return num, nil
	}
}

// startPython starts an interpreter for which a callback that fails in a worker is a failure: nobody else is told of it.
func startPython(t *sim.T) *asyncio.Interpreter {
	python := asyncio.Start(asyncio.V2015, func(message string, err error) { t.Errorf("%s: %s: %v", Uncaught, message, err) })
	t.Cleanup(python.Destroy)
	return python
}

// runUntilFailure is what the question's program does first: five blocking calls on the default executor, and wait until one
// has failed. It returns those that have not ended.
func runUntilFailure(t *sim.T, loop *asyncio.Loop) []*asyncio.Future {
	var tasks []*asyncio.Future
	for num := range 5 {
		tasks = append(tasks, call(t, loop, nil, blocking(num)))
	}
	return waitFor(t, loop, tasks, asyncio.FirstException)
}

// call is run_in_executor on a loop that is open.
func call(t *sim.T, loop *asyncio.Loop, pool *asyncio.ThreadPoolExecutor, fn asyncio.Job) *asyncio.Future {
	f, err := loop.RunInExecutor(pool, fn)
	must(t, err)
	return f
}

// waitFor is run_until_complete(wait(futures, return_when)). It returns those that are still pending.
func waitFor(t *sim.T, loop *asyncio.Loop, futures []*asyncio.Future, when asyncio.ReturnWhen) []*asyncio.Future {
	waited, err := loop.RunUntilComplete(asyncio.Wait(futures, when))
	must(t, err)
	return waited.(*asyncio.Waited).Pending
}

// must fails the schedule where the program's own thread gets an exception.
func must(t *sim.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// cancelAndStop cancels what is pending, and gives the loop one turn to tell the jobs.
func cancelAndStop(t *sim.T, loop *asyncio.Loop, pending []*asyncio.Future) {
	for _, f := range pending {
		_, err := f.Cancel()
		must(t, err)
	}
	must(t, loop.Stop())
	must(t, loop.RunForever())
}

// theQuestion is the program of the question. The calls that run go on although they are cancelled, and hand their results to
// the closed loop.
func theQuestion(t *sim.T) {
	python := startPython(t)
	loop := python.NewEventLoop()
	pending := runUntilFailure(t, loop)
	cancelAndStop(t, loop, pending)
	must(t, loop.Close())
	python.Exit()
}

// noClose is the question's program without close, in a process that lives on.
func noClose(t *sim.T) {
	python := startPython(t)
	loop := python.NewEventLoop()
	pending := runUntilFailure(t, loop)
	cancelAndStop(t, loop, pending)
}

// waitThenClose is the first answer: nothing is cancelled, what runs looks at a flag, here a threading.Event that it waits for,
// and the loop is closed when all are done. No call sleeps, so that nothing but the order of steps decides who is first.
func waitThenClose(t *sim.T) {
	python := startPython(t)
	loop := python.NewEventLoop()
	pool := python.NewThreadPoolExecutor(2)
	stop := make(chan struct{})
	fails := func() (any, error) { return nil, errDontLike2 }
	untilStopped := func() (any, error) { <-stop; return nil, nil }
	tasks := []*asyncio.Future{call(t, loop, pool, fails), call(t, loop, pool, untilStopped)}
	pending := waitFor(t, loop, tasks, asyncio.FirstException)
	close(stop)
	waitFor(t, loop, pending, asyncio.AllCompleted)
	must(t, loop.Close())
	python.Exit()
}
