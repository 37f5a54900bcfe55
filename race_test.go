package lastcall

import (
	"math/rand"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/sim"
	"go.uber.org/goleak"
)

// TestMain makes the binary an instrumented one, for property_test.go, and looks for goroutines that any test left behind.
func TestMain(m *testing.M) {
	sim.Ensure()
	goleak.VerifyTestMain(m)
}

// TestRealScheduler runs the same programs outside control, in real time. Under -race the detector watches them.
func TestRealScheduler(t *testing.T) {
	mustHold(t, programs(t, 300), func(p Plan) bool {
		p.run()
		return true
	})
}

// TestContractRealScheduler holds the programs of TestContract to the same properties outside control, in real and short time, whatever GOMAXPROCS is.
// For many of them, with the race detector:
//
//	LASTCALL_PROGRAMS=20000 GOMAXPROCS=8 go test -count=1 -race -run TestContractRealScheduler .
func TestContractRealScheduler(t *testing.T) {
	n := programs(t, 1000)
	if testing.Short() {
		n = min(n, 300)
	}
	rng := rand.New(rand.NewSource(20260102))
	for i := range n {
		p := randomProgram(rng)
		h := p.inRealTime(t)
		for _, of := range properties {
			if what := of.broken(h); what != "" {
				t.Fatalf("program %d: %v\n%s: %s", i, p, of.name, what)
			}
		}
	}
}

// patience is how long a program may take on the real scheduler. The longest take some hundred units.
const patience = time.Minute

func (p Program) inRealTime(t *testing.T) *history {
	h := newHistory(new(sync.Mutex))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.perform(h, realUnit)
	}()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-ended:
	case <-late.C:
		stacks := make([]byte, 1<<20)
		t.Fatalf("it hangs: %v\n%s", p, stacks[:runtime.Stack(stacks, true)])
	}
	return h
}
