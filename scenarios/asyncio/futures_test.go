package asyncio_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
)

// TestFuture: it ends once, and never calls back at once.
func TestFuture(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		f := asyncio.NewFuture(w.loop)
		_, err := f.Result()
		assert.Equal(w, asyncio.ErrNotReady, err)
		_, err = f.Exception()
		assert.Equal(w, asyncio.ErrNotSet, err)
		twice := w.noteDone("twice")
		w.must(f.AddDoneCallback(w.noteDone("first")))
		w.must(f.AddDoneCallback(twice))
		w.must(f.AddDoneCallback(twice))
		assert.Equal(w, "<Future pending cb=[first(), <1 more>, twice()]>", f.String())
		assert.Equal(w, 2, f.RemoveDoneCallback(twice))
		w.must(f.SetResult(1))
		assert.Equal(w, asyncio.ErrInvalidState, f.SetResult(2))
		assert.Equal(w, asyncio.ErrInvalidState, f.SetException(asyncio.Raise("ValueError", "")))
		ok, err := f.Cancel()
		w.must(err)
		assert.False(w, ok)
		w.must(f.AddDoneCallback(w.noteDone("late")))
		assert.Empty(w, w.ran)
		w.turn()
		assert.Equal(w, []string{"first", "late"}, w.ran)
		assert.Equal(w, "<Future finished result=1>", f.String())
	})
}

// TestStopIteration cannot be the exception of a future.
func TestStopIteration(t *testing.T) {
	for v, class := range map[asyncio.Version]string{asyncio.V2022: "TypeError", asyncio.V2025: ""} {
		inOrder(t, v, func(w *world) {
			f := asyncio.NewFuture(w.loop)
			err := f.SetException(asyncio.Raise("StopIteration", ""))
			if class == "" {
				w.must(err)
				exc, _ := f.Exception()
				assert.ErrorContains(w, exc, "RuntimeError: StopIteration interacts badly")
				return
			}
			assert.ErrorContains(w, err, class+": StopIteration interacts badly")
			assert.False(w, f.Done())
		})
	}
}

// TestConcurrentFuture: what has started cannot be cancelled, and callbacks run at once in the thread that ends it.
func TestConcurrentFuture(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		note := func(name string) func(*asyncio.ConcurrentFuture) error {
			return func(*asyncio.ConcurrentFuture) error { w.ran = append(w.ran, name); return nil }
		}
		f := w.py.NewConcurrentFuture()
		f.AddDoneCallback(note("first"))
		ok, err := f.SetRunningOrNotifyCancel()
		w.must(err)
		assert.True(w, ok && f.Running() && !f.Cancel())
		_, err = f.ResultWithin(1)
		assert.Equal(w, asyncio.ErrTimeout, err)
		w.must(f.SetResult(1))
		f.AddDoneCallback(note("late"))
		assert.Equal(w, []string{"first", "late"}, w.ran)
		assert.EqualError(w, f.SetResult(2), "InvalidStateError: FINISHED: <Future state=finished returned int>")

		g := w.py.NewConcurrentFuture()
		assert.True(w, g.Cancel() && g.Cancel())
		ok, err = g.SetRunningOrNotifyCancel()
		w.must(err)
		assert.False(w, ok)
		_, err = g.Result()
		assert.Equal(w, asyncio.ErrCancelled, err)
	})
}

// TestResultWaits: a thread that waits for a result gets it, whoever comes first.
func TestResultWaits(t *testing.T) {
	everyOrder(t, asyncio.V2022, func(w *world) {
		f := w.py.NewConcurrentFuture()
		got := make(chan any)
		go func() {
			r, _ := f.Result()
			got <- r
		}()
		w.must(f.SetResult(7))
		assert.Equal(w, 7, <-got)
	})
}

// TestChain: what each form does when a job ends after the close, from the thread that runs no loop.
func TestChain(t *testing.T) {
	for _, tt := range []struct {
		version   asyncio.Version
		cancelled bool
		noise     bool
	}{
		{asyncio.V2015, false, true}, {asyncio.V2015, true, true},
		{asyncio.V2018, false, true}, {asyncio.V2018, true, false},
		{asyncio.V2022, false, false}, {asyncio.V2022, true, false},
		{asyncio.V2025, false, false}, {asyncio.V2025, true, false},
	} {
		inOrder(t, tt.version, func(w *world) {
			c := w.py.NewConcurrentFuture()
			f, err := asyncio.WrapFuture(c, w.loop)
			w.must(err)
			if tt.cancelled {
				_, err := f.Cancel()
				w.must(err)
			}
			w.must(w.loop.Close())
			w.must(c.SetResult(7))
			var noise []string
			if tt.noise {
				noise = []string{"exception calling callback for <Future state=finished returned int>: RuntimeError: Event loop is closed"}
			}
			assert.Equal(w, noise, w.logged, "%s, cancelled: %t", tt.version, tt.cancelled)
			assert.Equal(w, tt.cancelled, f.Done())
		})
	}
}

// TestChainInTheLoopsThread: since 2025 a result that comes up in the thread that runs the loop is set at once, before that in the next turn.
// A task's code counts as its loop's thread.
func TestChainInTheLoopsThread(t *testing.T) {
	for _, v := range asyncio.Versions() {
		inOrder(t, v, func(w *world) {
			var callback, task bool
			set := func(done *bool) error {
				c := w.py.NewConcurrentFuture()
				f, err := asyncio.WrapFuture(c, w.loop)
				w.must(err)
				err = c.SetResult(7)
				*done = f.Done()
				return err
			}
			w.soon(asyncio.Callback{Name: "set", Call: func() error { return set(&callback) }})
			_, err := w.loop.CreateTask(func(*asyncio.Task) (any, error) { return nil, set(&task) })
			w.must(err)
			w.turn()
			assert.Equal(w, v == asyncio.V2025, callback, "%s", v)
			assert.Equal(w, v == asyncio.V2025, task, "%s", v)
		})
	}
}
