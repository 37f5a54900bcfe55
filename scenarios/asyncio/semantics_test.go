package asyncio_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
)

// TestOrderOfATurn: what is ready comes before a timer that is due in the same turn.
func TestOrderOfATurn(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		w.later(0, w.note("timer"))
		w.soon(w.note("soon"))
		w.turn()
		assert.Equal(w, []string{"soon", "timer"}, w.ran)
	})
}

// TestEqualDeadlines: heapq's order, which is none that one would expect.
func TestEqualDeadlines(t *testing.T) {
	for want, n := range map[string]int{"[0 2 1 3 4]": 5, "[0 2 6 5 7 1 3 4]": 8} {
		inOrder(t, asyncio.V2022, func(w *world) {
			at := w.loop.Time() + 1
			for i := range n {
				_, err := w.loop.CallAt(at, w.note(fmt.Sprint(i)))
				w.must(err)
			}
			w.later(2, asyncio.Do("stop", w.stop))
			w.must(w.loop.RunForever())
			assert.Equal(w, want, fmt.Sprint(w.ran))
		})
	}
}

// TestNegativeDelays are allowed, and come in the order of their deadlines.
func TestNegativeDelays(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		for _, d := range []float64{0, -1, -2} {
			w.later(d, w.note(fmt.Sprint(d)))
		}
		w.turn()
		assert.Equal(w, []string{"-2", "-1", "0"}, w.ran)
	})
}

// TestNextTurn: what a callback schedules runs in the next turn, after stop in the next run.
func TestNextTurn(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		w.soon(asyncio.Do("first", func() {
			w.soon(w.note("child"))
			w.stop()
		}))
		w.soon(w.note("second"))
		w.must(w.loop.RunForever())
		assert.Equal(w, []string{"second"}, w.ran)
		w.turn()
		assert.Equal(w, []string{"second", "child"}, w.ran)
	})
}

// TestStopBeforeRun gives one turn, which does not wait, and once only.
func TestStopBeforeRun(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		w.later(1, asyncio.Do("stop", w.stop))
		w.turn()
		assert.Zero(w, w.loop.Time())
		w.must(w.loop.RunForever())
		assert.Equal(w, 1.0, w.loop.Time())
	})
}

// TestStop2015: stop went through the queue, and cut the batch where it came: what was behind it waits for the next run.
func TestStop2015(t *testing.T) {
	inOrder(t, asyncio.V2015, func(w *world) {
		w.soon(w.note("before"))
		w.stop()
		w.soon(w.note("behind"))
		w.must(w.loop.RunForever())
		assert.Equal(w, []string{"before"}, w.ran)
		assert.Equal(w, 1, w.loop.Ready())
		w.must(w.loop.Close())
		assert.Equal(w, asyncio.ErrClosed, w.loop.Stop())
	})
}

// TestHandleCancel: a handle that is cancelled in its own batch is passed over.
func TestHandleCancel(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		var second *asyncio.Handle
		w.soon(asyncio.Do("first", func() { second.Cancel() }))
		second = w.soon(w.note("second"))
		timer := w.later(0, w.note("timer"))
		assert.Equal(w, "<TimerHandle when=0.0 timer()>", timer.String())
		timer.Cancel()
		assert.Equal(w, "<TimerHandle cancelled when=0.0>", timer.String())
		w.turn()
		assert.Empty(w, w.ran)
		assert.True(w, second.Cancelled())
		assert.Equal(w, "<Handle cancelled>", second.String())
	})
}

// TestManyCancelledTimers: the heap is made anew where more than 100 timers are more than half cancelled.
func TestManyCancelledTimers(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		var handles []*asyncio.Handle
		for i := range 120 {
			handles = append(handles, w.later(float64(i%7), w.note(fmt.Sprint(i))))
		}
		for i, h := range handles {
			if i%4 != 0 {
				h.Cancel()
			}
		}
		w.later(8, asyncio.Do("stop", w.stop))
		w.must(w.loop.RunForever())
		assert.Len(w, w.ran, 30)
	})
}

// TestThreadsafeWakes: a post from another thread wakes the loop; a plain one does not.
func TestThreadsafeWakes(t *testing.T) {
	everyOrder(t, asyncio.V2022, func(w *world) {
		go func() { w.loop.CallSoonThreadsafe(asyncio.Do("stop", w.stop)) }()
		w.must(w.loop.RunForever())
	})
}

// TestExceptions: what a callback raises is told, and the callbacks behind it run; SystemExit leaves them in the queue.
func TestExceptions(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		exit := asyncio.Raise("SystemExit", "")
		w.soon(asyncio.Callback{Name: "fails", Call: func() error { return asyncio.Raise("ValueError", "no") }})
		w.soon(w.note("second"))
		w.soon(asyncio.Callback{Name: "exits", Call: func() error { return exit }})
		w.soon(w.note("last"))
		assert.Equal(w, exit, w.loop.RunForever())
		assert.Equal(w, []string{"second"}, w.ran)
		assert.Equal(w, []string{"Exception in callback fails()\nhandle: <Handle fails()>: ValueError: no"}, w.logged)
		assert.False(w, w.loop.IsRunning())
		w.turn()
		assert.Equal(w, []string{"second", "last"}, w.ran)
	})
}

// TestExceptionHandler: one of the program's own takes the default one's place, and where it fails, the default one tells.
func TestExceptionHandler(t *testing.T) {
	inOrder(t, asyncio.V2022, func(w *world) {
		fails := asyncio.Callback{Name: "fails", Call: func() error { return asyncio.Raise("ValueError", "no") }}
		var got *asyncio.Context
		w.loop.SetExceptionHandler(func(_ *asyncio.Loop, c *asyncio.Context) error { got = c; return nil })
		w.soon(fails)
		w.turn()
		assert.Equal(w, "Exception in callback fails()", got.Message)
		assert.Empty(w, w.logged)
		w.loop.SetExceptionHandler(func(*asyncio.Loop, *asyncio.Context) error { return asyncio.Raise("KeyError", "k") })
		w.soon(fails)
		w.turn()
		assert.Len(w, w.logged, 1)
		assert.Contains(w, w.logged[0], "Unhandled error in exception handler\ncontext: {'message': 'Exception in callback fails()', 'exception': ValueError('no')")
	})
}
