package pool

import (
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/gen"
	"github.com/leanovate/gopter/prop"

	"github.com/lastcall-go/lastcall/sim"
)

// A load is what a test of a pool varies: how many workers there are, and how many goroutines submit.
type load struct{ workers, submitters int }

type submitter interface {
	Submit(func()) error
	Close()
}

func (l load) on(newPool func(workers int) submitter) func(t *sim.T) {
	return func(t *sim.T) {
		p := newPool(l.workers)
		for range l.submitters {
			go p.Submit(func() {})
		}
		p.Close()
	}
}

func broken(workers int) submitter { return NewBroken(workers) }
func mended(workers int) submitter { return NewMended(workers) }

// FuzzMended lets the fuzzer, which is guided by coverage, choose the schedule:
//
//	go test -fuzz FuzzMended -fuzztime 100000x ./examples/pool
func FuzzMended(f *testing.F) { sim.Fuzz(f, load{2, 2}.on(mended)) }

// smallest is the smallest load under which a schedule of such a pool fails.
func smallest(t *testing.T, newPool func(int) submitter) (found load, ok bool) {
	holds := func(workers, submitters int) bool {
		r, err := sim.Config{Schedules: 100}.Explore(load{workers, submitters}.on(newPool))
		if err != nil {
			t.Fatal(err)
		}
		if !r.OK() {
			found, ok = load{workers, submitters}, true
		}
		return r.OK()
	}
	params := gopter.DefaultTestParametersWithSeed(1)
	params.MinSuccessfulTests, params.Workers = 20, 1
	prop.ForAll(holds, gen.IntRange(1, 5), gen.IntRange(0, 5)).Check(params)
	return found, ok
}

// TestAnyLoad has the input shrunk first, and then the schedule: the smallest load goes to sim.Test, which shows its shortest failing schedule.
func TestAnyLoad(t *testing.T) {
	if l, failed := smallest(t, mended); failed {
		t.Logf("%+v", l)
		sim.Test(t, l.on(mended))
	}
}

func TestSmallestLoad(t *testing.T) {
	if l, failed := smallest(t, broken); !failed || l != (load{1, 1}) {
		t.Errorf("the broken pool fails with %+v (%t), want one worker and one who submits", l, failed)
	}
}
