package asyncio_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
)

// TestRunInExecutor: a result and an exception arrive, in every order of steps and every version.
func TestRunInExecutor(t *testing.T) {
	for _, v := range asyncio.Versions() {
		everyOrder(t, v, func(w *world) {
			good, err := w.loop.RunInExecutor(nil, job(7))
			w.must(err)
			bad, err := w.loop.RunInExecutor(nil, func() (any, error) { return nil, asyncio.Raise("ValueError", "no") })
			w.must(err)
			r, err := w.loop.RunUntilComplete(good)
			w.must(err)
			assert.Equal(w, 7, r)
			_, err = w.loop.RunUntilComplete(bad)
			assert.EqualError(w, err, "ValueError: no")
			w.must(w.loop.Close())
			w.py.Exit()
			assert.Empty(w, w.logged)
		})
	}
}

// TestCancelQueued: cancelling takes a queued job out, but only in the next turn; a job that runs goes on and its result is thrown away.
func TestCancelQueued(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		pool := w.py.NewThreadPoolExecutor(1)
		release, ran := make(chan struct{}), false
		first, err := w.loop.RunInExecutor(pool, func() (any, error) { <-release; return 1, nil })
		w.must(err)
		queued, err := w.loop.RunInExecutor(pool, func() (any, error) { ran = true; return nil, nil })
		w.must(err)
		w.later(0.5, w.note("ran"))
		w.later(1, asyncio.Do("stop", w.stop))
		for _, f := range []*asyncio.Future{first, queued} {
			ok, err := f.Cancel()
			w.must(err)
			assert.True(w, ok)
		}
		w.must(w.loop.RunForever())
		close(release)
		pool.Shutdown(true)
		w.turn()
		assert.False(w, ran)
		assert.True(w, first.Cancelled())
		assert.Empty(w, w.logged)
	})
}

// TestThreads: as many are started as there are jobs at once; before 3.8, as there are jobs.
func TestThreads(t *testing.T) {
	for v, started := range map[asyncio.Version]int{asyncio.V2015: 3, asyncio.V2018: 1, asyncio.V2022: 1, asyncio.V2025: 1} {
		inOrder(t, v, func(w *world) {
			pool := w.py.NewThreadPoolExecutor(0)
			for range 3 {
				f, err := pool.Submit(job(nil))
				w.must(err)
				f.Result()
				time.Sleep(time.Second) // the worker comes back
			}
			assert.Equal(w, started, pool.Threads(), "%s", v)
			pool.Shutdown(true)
			_, err := pool.Submit(job(nil))
			assert.Equal(w, asyncio.ErrShutdown, err)
		})
	}
}

// TestInterpreterShutdown: what comes after it is refused, where a version knows that.
func TestInterpreterShutdown(t *testing.T) {
	for _, v := range asyncio.Versions() {
		everyOrder(t, v, func(w *world) {
			pool := w.py.NewThreadPoolExecutor(2)
			_, err := pool.Submit(job(nil))
			w.must(err)
			w.py.Exit()
			if v == asyncio.V2015 {
				return
			}
			_, err = pool.Submit(job(nil))
			assert.Contains(w, []error{asyncio.ErrShutdown, asyncio.ErrInterpreterShutdown}, err)
		})
	}
}

// TestShutdownDefaultExecutor joins the workers while the loop turns, so that all results arrive; later jobs are refused, but not by
// other executors.
func TestShutdownDefaultExecutor(t *testing.T) {
	for _, v := range asyncio.Versions()[1:] {
		everyOrder(t, v, func(w *world) {
			f, err := w.loop.RunInExecutor(nil, job(7))
			w.must(err)
			for range 2 {
				_, err = w.loop.RunUntilComplete(w.loop.ShutdownDefaultExecutor())
				w.must(err)
			}
			w.turn()
			assert.True(w, f.Done(), "%s", v)
			_, err = w.loop.RunInExecutor(nil, job(7))
			assert.Equal(w, asyncio.ErrExecutorShutdown, err)
			private := w.py.NewThreadPoolExecutor(1)
			g, err := w.loop.RunInExecutor(private, job(8))
			w.must(err)
			r, err := w.loop.RunUntilComplete(g)
			w.must(err)
			assert.Equal(w, 8, r)
			w.must(w.loop.Close())
			w.py.Exit()
			assert.Empty(w, w.logged)
		})
	}
}

// TestShutdownDefaultExecutor2015: there was none, and no timeout before 3.12.
func TestShutdownDefaultExecutor2015(t *testing.T) {
	inOrder(t, asyncio.V2015, func(w *world) {
		_, err := w.loop.RunUntilComplete(w.loop.ShutdownDefaultExecutor())
		assert.ErrorContains(w, err, "AttributeError: ")
	})
	inOrder(t, asyncio.V2018, func(w *world) {
		_, err := w.loop.RunUntilComplete(w.loop.ShutdownDefaultExecutorWithin(1))
		assert.ErrorContains(w, err, "TypeError: ")
	})
}

// TestShutdownWithin: a timeout that runs out leaves the worker behind and says so; one that does not is as without.
func TestShutdownWithin(t *testing.T) {
	for _, v := range []asyncio.Version{asyncio.V2022, asyncio.V2025} {
		for timeout, warned := range map[float64]bool{0.5: true, 2: false} {
			inOrder(t, v, func(w *world) {
				_, err := w.loop.RunInExecutor(nil, func() (any, error) { time.Sleep(time.Second); return 7, nil })
				w.must(err)
				_, err = w.loop.RunUntilComplete(w.loop.ShutdownDefaultExecutorWithin(timeout))
				w.must(err)
				assert.Equal(w, min(timeout, 1), w.loop.Time())
				assert.Equal(w, warned, len(w.logged) > 0)
				if warned {
					assert.Equal(w, "RuntimeWarning: The executor did not finishing joining its threads within 0.5 seconds.", w.logged[0])
				}
				w.must(w.loop.Close())
				w.py.Exit()
			})
		}
	}
}

// TestDoShutdownHealsItself: a loop that is closed while its executor is joined makes no noise since 2022, and two tracebacks before.
func TestDoShutdownHealsItself(t *testing.T) {
	for v, noise := range map[asyncio.Version]int{asyncio.V2018: 2, asyncio.V2022: 0, asyncio.V2025: 0} {
		inOrder(t, v, func(w *world) {
			_, err := w.loop.RunInExecutor(nil, func() (any, error) { time.Sleep(time.Second); return 7, nil })
			w.must(err)
			_, err = w.loop.CreateTask(w.loop.ShutdownDefaultExecutor())
			w.must(err)
			w.turn()
			w.must(w.loop.Close())
			time.Sleep(2 * time.Second)
			w.mu.Lock()
			defer w.mu.Unlock()
			assert.Len(w, w.logged, noise, "%s: %q", v, w.logged)
			w.py.Destroy()
		})
	}
}
