package bugs

import (
	"flag"
	"fmt"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

var long = flag.Bool("long", false, "run each mended twin 20,000 times")

func TestMain(m *testing.M) { sim.Main(m) }

// TestBroken: the default strategy finds each broken twin within 200 schedules, for each of 20 seeds, as the kind of failure that is
// written down.
func TestBroken(t *testing.T) {
	for _, b := range All() {
		t.Run(b.Name, func(t *testing.T) {
			sum, most := 0, 0
			for seed := range uint64(20) {
				r, err := sim.Config{Name: b.Name, Schedules: 200, Seed: seed + 1}.Explore(b.Broken)
				if err != nil {
					t.Fatal(err)
				}
				if r.OK() {
					t.Errorf("seed %d: not found in %d schedules", seed+1, r.Schedules)
					continue
				}
				f := r.Failures[0]
				if f.Kind != b.Kind {
					t.Errorf("seed %d: %s, want %s: %s\n%s", seed+1, f.Kind, b.Kind, f.Message, f.Trace)
				}
				sum, most = sum+f.Schedule, max(most, f.Schedule)
			}
			t.Logf("found after %.1f schedules, %d at most", float64(sum)/20, most)
		})
	}
}

// TestMended: the mended twin is clean.
func TestMended(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 100
	}
	if *long {
		n = 20_000
	}
	for _, b := range All() {
		t.Run(b.Name, func(t *testing.T) {
			r, err := sim.Config{Name: b.Name, Schedules: n}.Explore(b.Mended)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Failures {
				t.Errorf("%s: %s\n%s", f.Kind, f.Message, f.Trace)
			}
		})
	}
}

// TestMendedComplete runs every interleaving of the mended twin.
func TestMendedComplete(t *testing.T) {
	for _, b := range All() {
		t.Run(b.Name, func(t *testing.T) {
			r, err := sim.Config{Name: b.Name, Strategy: scheduler.Exhaustive(), Schedules: 100_000}.Explore(b.Mended)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Failures {
				t.Errorf("%s: %s\n%s", f.Kind, f.Message, f.Trace)
			}
			t.Log(r)
		})
	}
}

var _ = fmt.Sprint
