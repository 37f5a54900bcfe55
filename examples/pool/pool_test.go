package pool

import (
	"flag"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// TestClose is the README's first test. It fails, so it is skipped unless it is asked for:
//
//	go test -run TestClose ./examples/pool
func TestClose(t *testing.T) {
	onlyByName(t)
	sim.Test(t, submitDuringClose)
}

func submitDuringClose(t *sim.T) {
	p := NewBroken(1)
	go p.Submit(func() {})
	p.Close()
}

// TestMended holds the mended pool to a stronger promise: what was accepted has run when Close returns.
func TestMended(t *testing.T) {
	sim.Test(t, func(t *sim.T) {
		p := NewMended(1)
		var accepted, ran atomic.Int32
		var wg sync.WaitGroup
		wg.Go(func() {
			if p.Submit(func() { ran.Add(1) }) == nil {
				accepted.Add(1)
			}
		})
		p.Close()
		done := ran.Load()
		wg.Wait()
		if n := accepted.Load(); n != done {
			t.Errorf("%d jobs accepted, %d ran before Close returned", n, done)
		}
		t.Sometimes(done == 0, "closed first")
		t.Sometimes(done == 1, "submitted first")
	})
}

// TestBrokenIsFound keeps go test ./... green and says that the mistake is found: Explore reports where Test fails.
func TestBrokenIsFound(t *testing.T) {
	r, err := sim.Config{}.Explore(submitDuringClose)
	if err != nil {
		t.Fatal(err)
	}
	if r.OK() {
		t.Fatalf("not found in %d schedules", r.Schedules)
	}
	// With -race the detector may be first: nothing orders the close and the send.
	if f := r.Failures[0]; f.Kind != sim.Panic && f.Kind != sim.DataRace {
		t.Errorf("%s: %s\n%s", f.Kind, f.Message, f.Trace)
	}
}

// onlyByName skips the test unless -run names it.
func onlyByName(t *testing.T) {
	if !strings.Contains(flag.Lookup("test.run").Value.String(), t.Name()) {
		t.Skipf("it fails, as it should; to see it: go test -run %s ./examples/pool", t.Name())
	}
}
