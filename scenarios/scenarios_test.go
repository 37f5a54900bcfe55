package scenarios

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// run explores a cell as the catalogue has it.
func run(t *testing.T, c *Cell) *Result {
	t.Helper()
	r, err := c.Run(sim.Config{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestVerdicts holds every cell to what the catalogue states.
func TestVerdicts(t *testing.T) {
	for _, c := range Cells() {
		t.Run(c.Name(), func(t *testing.T) {
			r := run(t, c)
			if d := r.Difference(); d != "" {
				t.Errorf("%s, after %d schedules", d, r.Report.Schedules)
				for _, f := range r.Report.Failures {
					t.Errorf("%s: %s\n%s", f.Kind, f.Message, f.Trace)
				}
			}
		})
	}
}

// TestQuestion is the question in detail: no preemption is needed, the two calls that sleep on both complain if they may, and
// the token leads there again.
func TestQuestion(t *testing.T) {
	c := Find("question/asyncio 2015")
	f := run(t, c).Report.Failures[0]
	if f.Preemptions != 0 {
		t.Errorf("shown with %d preemptions", f.Preemptions)
	}
	if want := "exception calling callback for <Future state=finished returned int>: RuntimeError: Event loop is closed"; !strings.HasPrefix(f.Message, want) {
		t.Errorf("the message is %q, want %q first", f.Message, want)
	}
	again, err := c.Run(sim.Config{Replay: f.Token}, nil)
	if err != nil || again.Report.OK() {
		t.Fatalf("the token passes: %v", err)
	}
	if g := again.Report.Failures[0]; g.Kind != f.Kind || g.Message != f.Message || g.Trace.String() != f.Trace.String() {
		t.Errorf("the token leads elsewhere: %s: %s\n%s", g.Kind, g.Message, g.Trace)
	}
}

// TestQuestionComplaints counts what CPython prints (asyncio.md 1.4, pre-fix body put back): two tracebacks, since two calls sleep on
// when the loop is closed.
func TestQuestionComplaints(t *testing.T) {
	asThere := scheduler.Exhaustive(scheduler.ClockMoves(0)) // its sleeps are long against its steps
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
	c.Body = func(t *sim.T) {
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
	r := run(t, &c)
	if got, want := r.Difference(), "broken where clean was expected"; got != want {
		t.Errorf("difference %q, want %q", got, want)
	}
}

func TestDifference(t *testing.T) {
	broken := func(k sim.Kind) *sim.Report { return &sim.Report{Failures: []*sim.Failure{{Kind: k}}} }
	for _, tt := range []struct {
		cell    Cell
		verdict Verdict
		report  *sim.Report
		want    string
	}{
		{Cell{Expected: Clean}, Clean, &sim.Report{}, ""},
		{Cell{Expected: Clean, Complete: true}, Clean, &sim.Report{}, "not explored to the end"},
		{Cell{Expected: Clean, Complete: true}, Clean, &sim.Report{Complete: true}, ""},
		{Cell{Expected: Clean}, Broken, broken(sim.Panic), "broken where clean was expected"},
		{Cell{Expected: Broken, Kind: sim.Leak}, Clean, &sim.Report{}, "clean where broken was expected"},
		{Cell{Expected: Broken, Kind: sim.Leak}, Broken, broken(sim.Panic), "Panic where Leak was expected"},
		{Cell{Expected: Broken, Kind: sim.Leak}, Broken, broken(sim.Leak), ""},
	} {
		r := &Result{Cell: &tt.cell, Verdict: tt.verdict, Report: tt.report}
		if got := r.Difference(); got != tt.want || r.AsExpected() != (tt.want == "") {
			t.Errorf("%s %+v of %+v: %q, want %q", tt.verdict, r.Report, tt.cell, got, tt.want)
		}
	}
}

// TestWatch: every schedule is told of, in order.
func TestWatch(t *testing.T) {
	last := 0
	r, err := Find("wait, then close/asyncio 2015").Run(sim.Config{Schedules: 50}, func(n int) {
		if n != last+1 {
			t.Errorf("schedule %d is told of after %d", n, last)
		}
		last = n
	})
	if err != nil {
		t.Fatal(err)
	}
	if last != r.Report.Schedules || last != 50 {
		t.Errorf("%d schedules were told of, %d run", last, r.Report.Schedules)
	}
	if d := r.Difference(); d != "not explored to the end" {
		t.Errorf("difference %q", d)
	}
}

// TestCatalogue: names are the key in tokens, and every verdict has its source.
func TestCatalogue(t *testing.T) {
	seen := make(map[string]bool)
	for _, c := range Cells() {
		if seen[c.Name()] || c.Scenario == "" || c.Implementation == "" || c.What == "" || c.Source == "" || c.Expected == "" {
			t.Errorf("%+v", c)
		}
		if (c.Expected == Broken) != (c.Kind != "") {
			t.Errorf("%s: kind %q expected of a %s cell", c.Name(), c.Kind, c.Expected)
		}
		seen[c.Name()] = true
	}
}
