package pool

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

type pool interface {
	Submit(func()) error
	Close()
}

// submitWhileClosing says what must hold: a job that was accepted runs before Close returns.
func submitWhileClosing(t *sim.T, p pool) {
	var accepted, ran atomic.Int32
	var wg sync.WaitGroup
	wg.Go(func() {
		if p.Submit(func() { ran.Add(1) }) == nil {
			accepted.Add(1)
		}
	})
	p.Close()
	wg.Wait()
	if a, r := accepted.Load(), ran.Load(); a != r {
		t.Errorf("%d jobs accepted, %d ran", a, r)
	}
}

func TestMended(t *testing.T) {
	sim.Test(t, func(t *sim.T) { submitWhileClosing(t, NewMended(1)) })
}

// TestBroken shows that the mistake is found. In a test of your own it would be sim.Test, which prints it.
func TestBroken(t *testing.T) {
	r, err := sim.Config{}.Explore(func(t *sim.T) { submitWhileClosing(t, NewBroken(1)) })
	if err != nil {
		t.Fatal(err)
	}
	if r.OK() {
		t.Fatalf("not found in %d schedules", r.Schedules)
	}
	// With -race the detector is first: it reports the close and the send that nothing orders.
	if k := r.Failures[0].Kind; k != sim.Panic && k != sim.DataRace {
		t.Fatalf("%s: %s", k, r.Failures[0].Message)
	}
	t.Logf("%s: %s\n%s", r.Failures[0].Kind, r.Failures[0].Message, r.Failures[0].Trace)
}
