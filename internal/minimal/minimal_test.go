package minimal

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

var long = flag.Bool("long", false, "100 seeds, and the programs that take long")

// least returns the least number of preemptions of each failure, by kind and place, of which is given with how many it was seen. A bounded exhaustive search looks
// for it with fewer, its bound raised from 0; where it does not come to an end nothing is returned for those that it was to find.
func least(t *testing.T, p program, seen map[string]int) map[string]int {
	t.Helper()
	found := map[string]int{}
	if p.big {
		for k := range seen {
			found[k] = 1
		}
		return found
	}
	body := p.body
	if p.search != nil {
		body = p.search
	}
	for n := 0; ; n++ {
		left := 0
		for k, with := range seen {
			if _, ok := found[k]; !ok && with == n {
				found[k] = n // it is not there with fewer
			} else if !ok {
				left++
			}
		}
		if left == 0 {
			return found
		}
		c := sim.Config{Name: p.name, Strategy: scheduler.Exhaustive(scheduler.Preemptions(n)), Schedules: 300_000, KeepGoing: true}
		r, err := c.Explore(body)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Failures {
			if _, ok := found[key(f)]; !ok {
				found[key(f)] = n
			}
		}
		if !r.Complete {
			t.Logf("%s: the search within %d preemptions does not end within %d schedules", p.name, n, r.Schedules)
			return found
		}
	}
}

func key(f *sim.Failure) string { return fmt.Sprintf("%s at %s", f.Kind, f.Place) }

// TestLeastPreemptions: what a random failure is minimised to has as few preemptions as any schedule that fails in the same way,
// in at least 95 of 100 seeds.
func TestLeastPreemptions(t *testing.T) {
	if kernel.Race {
		t.Skip("with the race detector some of them are data races first, at places that the search without a race does not have")
	}
	seeds := 10
	if *long {
		seeds = 100
	}
	for _, p := range programs() {
		t.Run(p.name, func(t *testing.T) {
			seeds := seeds
			if p.big {
				seeds = max(seeds/5, 2)
			}
			if !*long && (strings.HasSuffix(p.name, "_50") || strings.HasSuffix(p.name, "_100") || strings.Contains(p.name, "/")) {
				t.Skip("takes long")
			}
			var all []*sim.Failure
			seen := map[string]int{}
			for seed := range uint64(seeds) {
				r, err := sim.Config{Name: p.name, Seed: seed + 1, Schedules: 100_000}.Explore(p.body)
				if err != nil {
					t.Fatal(err)
				}
				if r.OK() {
					t.Fatalf("seed %d: nothing found in %d schedules", seed+1, r.Schedules)
				}
				all = append(all, r.Failures[0])
				k, n := key(r.Failures[0]), r.Failures[0].Preemptions
				if with, ok := seen[k]; !ok || n < with {
					seen[k] = n
				}
			}
			found, minimal := least(t, p, seen), 0
			for _, f := range all {
				if n, ok := found[key(f)]; ok && f.Preemptions < n {
					t.Errorf("%d preemptions where the exhaustive search has %d at least: %s", f.Preemptions, n, f.Token)
				} else if ok && f.Preemptions == n {
					minimal++
				}
			}
			t.Logf("%d of %d seeds minimal; least %v", minimal, seeds, found)
			if minimal < (seeds*95+99)/100 {
				t.Errorf("minimal in %d of %d seeds; least %v", minimal, seeds, found)
			}
		})
	}
}
