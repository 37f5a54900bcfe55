package matrix

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// TestQuestion is the question in detail: no preemption is needed, the worker that slept on complains, and the token leads there again.
func TestQuestion(t *testing.T) {
	c := Find("question/asyncio 2015")
	r := explored(t, c)
	if d := r.Difference(); d != "" {
		t.Fatal(d)
	}
	f := r.Failures[0]
	if want := "uncaught: exception calling callback for <Future state=finished returned int>: RuntimeError: Event loop is closed"; !strings.HasPrefix(f.Message, want) {
		t.Errorf("the message is %q, want %q first", f.Message, want)
	}
	replays(t, c, f)
}

// TestQuestionComplaints counts what CPython prints (asyncio.md 1.4, pre-fix body put back): two tracebacks, since two calls sleep on
// when the loop is closed.
func TestQuestionComplaints(t *testing.T) {
	asThere := scheduler.DepthFirst(scheduler.ClockMoves(0)) // its sleeps are long against its steps
	r, err := sim.Config{Strategy: asThere, Schedules: 1000}.Explore(func(t *sim.T) {
		var complaints atomic.Int32
		python := asyncio.Start(asyncio.V2015, func(_ string, err error) {
			if err == asyncio.ErrClosed {
				complaints.Add(1)
			}
		})
		loop := python.NewEventLoop()
		cancelAndStop(t, loop, runUntilFailure(t, loop))
		must(t, loop.Close())
		python.Exit()
		if n := complaints.Load(); n != 2 {
			t.Errorf("%d calls complained", n)
		}
	})
	if err != nil || !r.OK() {
		t.Fatal(err, r.Failures)
	}
}

// TestWaitThenCloseHasTeeth takes the wait from the clean cell: the same search finds that broken.
func TestWaitThenCloseHasTeeth(t *testing.T) {
	c := *Find("wait, then close/asyncio 2015")
	c.parts = []part{{name: c.Name(), body: func(bool, *losses) func(*sim.T) { return withoutTheWait }}}
	if got, want := explored(t, &c).Difference(), "broken where clean was expected"; got != want {
		t.Errorf("difference %q, want %q", got, want)
	}
}

func withoutTheWait(t *sim.T) {
	python := startPython(t)
	loop := python.NewEventLoop()
	pool := python.NewThreadPoolExecutor(2)
	stop := make(chan struct{})
	fails := func() (any, error) { return nil, errDontLike2 }
	untilStopped := func() (any, error) { <-stop; return nil, nil }
	tasks := []*asyncio.Future{call(t, loop, pool, fails), call(t, loop, pool, untilStopped)}
	waitFor(t, loop, tasks, asyncio.FirstException)
	close(stop)
	must(t, loop.Close())
	python.Exit()
}
