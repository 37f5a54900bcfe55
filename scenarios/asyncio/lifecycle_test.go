package asyncio_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// TestClosedLoop: everything is refused but stop and create_future.
func TestClosedLoop(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		f := asyncio.NewFuture(w.loop)
		pool := w.py.NewThreadPoolExecutor(1)
		w.loop.SetDefaultExecutor(pool)
		w.must(w.loop.Close())
		w.must(w.loop.Close())
		_, err := pool.Submit(job(nil))
		assert.Equal(w, asyncio.ErrShutdown, err, "the loop's executor")
		for what, call := range map[string]func() error{
			"call_soon":            func() error { _, err := w.loop.CallSoon(w.note("")); return err },
			"call_soon_threadsafe": func() error { _, err := w.loop.CallSoonThreadsafe(w.note("")); return err },
			"call_later":           func() error { _, err := w.loop.CallLater(1, w.note("")); return err },
			"run_forever":          w.loop.RunForever,
			"run_until_complete":   func() error { _, err := w.loop.RunUntilComplete(f); return err },
			"run_in_executor":      func() error { _, err := w.loop.RunInExecutor(nil, job(nil)); return err },
			"create_task":          func() error { _, err := w.loop.CreateTask(returns(nil)); return err },
			"run_coroutine_threadsafe": func() error {
				_, err := asyncio.RunCoroutineThreadsafe(returns(nil), w.loop)
				return err
			},
		} {
			assert.Equal(w, asyncio.ErrClosed, call(), what)
		}
		w.must(w.loop.Stop())
		asyncio.NewFuture(w.loop)
	})
}

// TestCloseDrops: what was accepted and is still queued when the loop is closed never runs, and nobody is told; futures stay as they are.
func TestCloseDrops(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		h, err := w.loop.CallSoonThreadsafe(w.note("post"))
		w.must(err)
		w.later(0, w.note("timer"))
		f := asyncio.NewFuture(w.loop)
		w.must(w.loop.Close())
		assert.False(w, h.Cancelled())
		assert.False(w, f.Done())
		assert.Zero(w, w.loop.Ready())
		assert.Empty(w, w.ran)
		assert.Empty(w, w.logged)
	})
}

// TestFutureOfAClosedLoop: the state changes first, then comes the error, if there is a callback to schedule.
func TestFutureOfAClosedLoop(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		with, without := asyncio.NewFuture(w.loop), asyncio.NewFuture(w.loop)
		w.must(with.AddDoneCallback(w.noteDone("done")))
		w.must(w.loop.Close())
		ok, err := with.Cancel()
		assert.True(w, ok)
		assert.Equal(w, asyncio.ErrClosed, err)
		assert.True(w, with.Cancelled())
		w.must(without.SetResult(1))
	})
}

// TestCloseRunning: a running loop cannot be closed, from a callback nor from another thread.
func TestCloseRunning(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		var inside, outside error
		w.soon(asyncio.Do("close", func() {
			inside = w.loop.Close()
			other := make(chan error)
			go func() { other <- w.loop.Close() }()
			outside = <-other
			w.stop()
		}))
		w.must(w.loop.RunForever())
		assert.Equal(w, asyncio.ErrCloseRunning, inside)
		assert.Equal(w, asyncio.ErrCloseRunning, outside)
		assert.False(w, w.loop.IsClosed())
	})
}

// TestCloseDoesNotWait for a worker that runs.
func TestCloseDoesNotWait(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		f, err := w.loop.RunInExecutor(nil, func() (any, error) { time.Sleep(time.Second); return 1, nil })
		w.must(err)
		w.must(w.loop.Close())
		assert.Zero(w, w.loop.Time())
		w.py.Exit()
		assert.Equal(w, 1.0, w.loop.Time())
		assert.False(w, f.Done())
	})
}

// TestTwoClosers: the second may meet what the first has taken away. That is how it is; it must be seen.
func TestTwoClosers(t *testing.T) {
	seen := make(map[string]bool)
	cfg := sim.Config{Strategy: scheduler.Exhaustive(scheduler.Preemptions(2)), Schedules: 100_000}
	cfg.Test(t, func(t *sim.T) {
		w := newWorld(t, asyncio.V2022)
		errs := make(chan error, 2)
		for range 2 {
			go func() { errs <- w.loop.Close() }()
		}
		for range 2 {
			if err := <-errs; err != nil {
				seen[err.Error()] = true
			}
		}
		assert.True(w, w.loop.IsClosed())
	})
	assert.Contains(t, seen, "AttributeError: 'NoneType' object has no attribute 'fileno'")
}

// TestRunWithin: a loop that runs cannot be run, nor can another in the same thread; what was refused has changed nothing.
func TestRunWithin(t *testing.T) {
	for _, v := range asyncio.Versions()[1:] {
		inOrder(t, v, func(w *world) {
			other := w.py.NewEventLoop()
			var same, nested, inTask error
			w.soon(asyncio.Do("run", func() { same, nested = w.loop.RunForever(), other.RunForever() }))
			_, err := w.loop.CreateTask(func(*asyncio.Task) (any, error) {
				inTask = other.RunForever()
				return nil, nil
			})
			w.must(err)
			w.later(1, asyncio.Do("stop", w.stop))
			w.must(w.loop.RunForever())
			assert.Equal(w, asyncio.ErrRunning, same)
			assert.Equal(w, asyncio.ErrOtherRunning, nested)
			assert.Equal(w, asyncio.ErrOtherRunning, inTask)
			assert.Equal(w, 1.0, w.loop.Time())
		})
	}
}

// TestTwoThreads: each may run a loop of its own.
func TestTwoThreads(t *testing.T) {
	everyOrder(t, asyncio.V2022, func(w *world) {
		other := w.py.NewEventLoop()
		done := make(chan error)
		go func() {
			other.Stop()
			done <- other.RunForever()
		}()
		w.turn()
		w.must(<-done)
	})
}

// TestRunUntilComplete: a run that is stopped early can be resumed, and a future that is done turns the loop once.
func TestRunUntilComplete(t *testing.T) {
	for _, v := range asyncio.Versions() {
		inOrder(t, v, func(w *world) {
			f := asyncio.NewFuture(w.loop)
			w.soon(asyncio.Do("stop", w.stop))
			_, err := w.loop.RunUntilComplete(f)
			assert.Equal(w, asyncio.ErrStopped, err)
			assert.Equal(w, "<Future pending>", f.String())
			w.soon(asyncio.Callback{Name: "set", Call: func() error { return f.SetResult(7) }})
			r, err := w.loop.RunUntilComplete(f)
			w.must(err)
			assert.Equal(w, 7, r)
			w.soon(w.note("turned"))
			_, err = w.loop.RunUntilComplete(f)
			w.must(err)
			assert.Equal(w, []string{"turned"}, w.ran)
		})
	}
}
