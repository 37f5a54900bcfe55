package asyncio_test

import (
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// world is an interpreter with a loop in a bubble, and what happens there.
type world struct {
	*sim.T
	py     *asyncio.Interpreter
	loop   *asyncio.Loop
	mu     sync.Mutex // for logged; for ran where threads add to it
	logged []string
	ran    []string
}

// inOrder runs f once, without preemption.
func inOrder(t *testing.T, version asyncio.Version, f func(w *world)) {
	t.Helper()
	strategy := scheduler.Exhaustive(scheduler.Preemptions(0), scheduler.ClockMoves(0))
	sim.Config{Strategy: strategy, Schedules: 1}.Test(t, func(t *sim.T) { f(newWorld(t, version)) })
}

// everyOrder runs f in as many orders as the default search has.
func everyOrder(t *testing.T, version asyncio.Version, f func(w *world)) {
	t.Helper()
	sim.Test(t, func(t *sim.T) { f(newWorld(t, version)) })
}

func newWorld(t *sim.T, version asyncio.Version) *world {
	w := &world{T: t}
	w.py = asyncio.Start(version, func(message string, err error) {
		if err != nil {
			message += ": " + err.Error()
		}
		w.mu.Lock()
		w.logged = append(w.logged, message)
		w.mu.Unlock()
	})
	t.Cleanup(w.py.Destroy)
	w.loop = w.py.NewEventLoop()
	return w
}

// note makes a callback that says that it ran.
func (w *world) note(name string) asyncio.Callback {
	return asyncio.Do(name, func() { w.ran = append(w.ran, name) })
}

// noteDone is note for a future.
func (w *world) noteDone(name string) *asyncio.DoneCallback {
	return &asyncio.DoneCallback{Name: name, Call: func(*asyncio.Future) error { w.ran = append(w.ran, name); return nil }}
}

// soon is call_soon on a loop that is open.
func (w *world) soon(cb asyncio.Callback) *asyncio.Handle {
	w.Helper()
	h, err := w.loop.CallSoon(cb)
	w.must(err)
	return h
}

// later is call_later on a loop that is open.
func (w *world) later(delay float64, cb asyncio.Callback) *asyncio.Handle {
	w.Helper()
	h, err := w.loop.CallLater(delay, cb)
	w.must(err)
	return h
}

// turn lets the loop turn once.
func (w *world) turn() {
	w.Helper()
	w.must(w.loop.Stop())
	w.must(w.loop.RunForever())
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) stop() { w.must(w.loop.Stop()) }

// job is a blocking call that only returns.
func job(result any) asyncio.Job { return func() (any, error) { return result, nil } }

// returns makes a coroutine that only returns.
func returns(result any) asyncio.Coroutine {
	return func(*asyncio.Task) (any, error) { return result, nil }
}
