package asyncio_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
)

// TestTask: a coroutine runs in steps of its own turn, and its end is the task's.
func TestTask(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		task, err := w.loop.CreateTask(func(t *asyncio.Task) (any, error) {
			w.ran = append(w.ran, "begun")
			if _, err := t.Await(asyncio.Sleep(1)); err != nil {
				return nil, err
			}
			return 7, nil
		})
		w.must(err)
		assert.Empty(w, w.ran)
		r, err := w.loop.RunUntilComplete(task)
		w.must(err)
		assert.Equal(w, 7, r)
		assert.Equal(w, 1.0, w.loop.Time())
		assert.EqualError(w, task.SetResult(1), "RuntimeError: Task does not support set_result operation")
	})
}

// TestTaskCancel: the coroutine is told where it waits, and may go on none the less.
func TestTaskCancel(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		deaf, err := w.loop.CreateTask(func(t *asyncio.Task) (any, error) {
			_, err := t.Await(asyncio.Sleep(10))
			assert.Equal(w, asyncio.ErrCancelled, err)
			return "went on", nil
		})
		w.must(err)
		unborn, err := w.loop.CreateTask(func(*asyncio.Task) (any, error) { w.Error("it has begun"); return nil, nil })
		w.must(err)
		_, err = unborn.Cancel()
		w.must(err)
		w.turn()
		_, err = deaf.Cancel()
		w.must(err)
		assert.False(w, deaf.Done())
		r, err := w.loop.RunUntilComplete(deaf)
		w.must(err)
		assert.Equal(w, "went on", r)
		assert.True(w, unborn.Cancelled())
		assert.Zero(w, w.loop.Time())
	})
}

// TestAwaitItself is an error, and so is a future of another loop.
func TestAwaitItself(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		_, err := w.loop.RunUntilComplete(asyncio.Coroutine(func(t *asyncio.Task) (any, error) { return t.Await(t) }))
		assert.EqualError(w, err, "RuntimeError: Task cannot await on itself: <Task pending name='Task-1' coro=<coroutine> cb=[_run_until_complete_cb()]>")
		foreign := asyncio.NewFuture(w.py.NewEventLoop())
		_, err = w.loop.RunUntilComplete(asyncio.Coroutine(func(t *asyncio.Task) (any, error) { return t.Await(foreign) }))
		assert.ErrorContains(w, err, "attached to a different loop")
	})
}

// TestDestroyed: a task that nobody ends says so at exit.
func TestDestroyed(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		_, err := w.loop.CreateTask(asyncio.Sleep(10))
		w.must(err)
		w.turn()
		w.must(w.loop.Close())
		w.py.Exit()
		assert.Len(w, w.logged, 1)
		assert.Contains(w, w.logged[0], "Task was destroyed but it is pending!\ntask: <Task pending name='Task-1'")
	})
}

// TestWait: done and pending, and nothing is cancelled. An exception trips FIRST_EXCEPTION, a cancellation does not.
func TestWait(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		var fs []*asyncio.Future
		for range 4 {
			fs = append(fs, asyncio.NewFuture(w.loop))
		}
		wait := func(when asyncio.ReturnWhen) *asyncio.Waited {
			r, err := w.loop.RunUntilComplete(asyncio.WaitWithin(fs, when, 1))
			w.must(err)
			return r.(*asyncio.Waited)
		}
		w.must(fs[0].SetResult(1))
		_, err := fs[1].Cancel()
		w.must(err)
		assert.Len(w, wait(asyncio.FirstCompleted).Pending, 2)
		assert.Zero(w, w.loop.Time())
		assert.Len(w, wait(asyncio.FirstException).Pending, 2)
		assert.Equal(w, 1.0, w.loop.Time(), "it ran into its timeout")
		w.must(fs[2].SetException(asyncio.Raise("ValueError", "no")))
		assert.Len(w, wait(asyncio.FirstException).Done, 3)
		assert.Equal(w, 1.0, w.loop.Time())
		wait(asyncio.AllCompleted)
		assert.Equal(w, 2.0, w.loop.Time())
		assert.False(w, fs[3].Done())
		_, err = w.loop.RunUntilComplete(asyncio.Wait(nil, asyncio.AllCompleted))
		assert.EqualError(w, err, "ValueError: Set of Tasks/Futures is empty.")
	})
}

// TestGather: its cancellation is its children's.
func TestGather(t *testing.T) {
	for _, v := range asyncio.Versions() {
		inOrder(t, v, func(w *world) {
			a, b := asyncio.NewFuture(w.loop), asyncio.NewFuture(w.loop)
			all, err := asyncio.Gather(w.loop, []*asyncio.Future{a, b}, true)
			w.must(err)
			w.must(a.SetException(asyncio.Raise("ValueError", "no")))
			w.must(b.SetResult(2))
			r, err := w.loop.RunUntilComplete(all)
			w.must(err)
			assert.Equal(w, "[ValueError('no'), 2]", repr(r))
			c := asyncio.NewFuture(w.loop)
			all, err = asyncio.Gather(w.loop, []*asyncio.Future{c}, false)
			w.must(err)
			_, err = all.Cancel()
			w.must(err)
			assert.True(w, c.Cancelled())
			_, err = w.loop.RunUntilComplete(all)
			assert.Equal(w, asyncio.ErrCancelled, err)
		})
	}
}

// TestRunCoroutineThreadsafe: another thread gets the answer, and can cancel.
func TestRunCoroutineThreadsafe(t *testing.T) {
	for _, v := range asyncio.Versions() {
		everyOrder(t, v, func(w *world) {
			answers := make(chan any, 2)
			go func() {
				c, err := asyncio.RunCoroutineThreadsafe(returns(7), w.loop)
				if err == nil {
					r, _ := c.Result()
					answers <- r
				}
				c, err = asyncio.RunCoroutineThreadsafe(asyncio.Sleep(1000), w.loop)
				if err == nil {
					c.Cancel()
					_, err = c.Result()
				}
				answers <- err
				w.loop.CallSoonThreadsafe(asyncio.Do("stop", w.stop))
			}()
			w.must(w.loop.RunForever())
			assert.Equal(w, 7, <-answers)
			assert.Equal(w, asyncio.ErrCancelled, <-answers)
		})
	}
}

// TestRunner: first the tasks are cancelled and awaited, then the default executor is joined, then the loop is closed.
func TestRunner(t *testing.T) {
	for _, v := range asyncio.Versions()[1:] {
		inOrder(t, v, func(w *world) {
			r := w.py.NewRunner()
			loop, err := r.Loop()
			w.must(err)
			_, err = r.Run(func(t *asyncio.Task) (any, error) {
				_, err := loop.CreateTask(func(t *asyncio.Task) (any, error) {
					_, err := t.Await(asyncio.Sleep(100))
					w.mu.Lock()
					defer w.mu.Unlock()
					w.ran = append(w.ran, "cancelled")
					return nil, err
				})
				w.must(err)
				_, err = loop.CreateTask(func(t *asyncio.Task) (any, error) {
					t.Await(asyncio.Sleep(100))
					return nil, asyncio.Raise("ValueError", "late")
				})
				w.must(err)
				_, err = loop.RunInExecutor(nil, func() (any, error) {
					time.Sleep(time.Second)
					w.mu.Lock()
					defer w.mu.Unlock()
					w.ran = append(w.ran, "job done, closed: "+repr(loop.IsClosed()))
					return nil, nil
				})
				w.must(err)
				return t.Await(asyncio.Sleep(0))
			})
			w.must(err)
			w.must(r.Close())
			w.must(r.Close())
			assert.Equal(w, []string{"cancelled", "job done, closed: False"}, w.ran, "%s", v)
			assert.Equal(w, 1.0, loop.Time())
			assert.True(w, loop.IsClosed())
			assert.Len(w, w.logged, 1)
			assert.Contains(w, w.logged[0], "unhandled exception during asyncio.run() shutdown\ntask: ")
			_, err = r.Loop()
			assert.EqualError(w, err, "RuntimeError: Runner is closed")
		})
	}
}

// TestRun: from within a loop it is refused, and what was raised comes out after the loop is closed.
func TestRun(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		_, err := w.py.Run(func(t *asyncio.Task) (any, error) {
			_, err := w.py.Run(returns(1))
			assert.EqualError(w, err, "RuntimeError: asyncio.run() cannot be called from a running event loop")
			return nil, asyncio.Raise("ValueError", "no")
		})
		assert.EqualError(w, err, "ValueError: no")
	})
}
