package determinism

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"testing"

	catalogue "github.com/lastcall-go/lastcall/scenarios/matrix"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// watch is a search whose runs are kept as hashes of what they did and of which objects they touched.
type watch struct {
	scheduler.Strategy
	seen []uint64
	run  searched
	heap *litter
}

func (w *watch) Unwrap() scheduler.Strategy { return w.Strategy }

func (w *watch) Next() (scheduler.Run, bool) {
	r, ok := w.Strategy.Next()
	if !ok {
		return nil, false
	}
	w.run.log = w.run.log[:0]
	w.run.Record(r)
	return &watched{&w.run, w}, true
}

type watched struct {
	*searched
	of *watch
}

func (r *watched) End(o *scheduler.Outcome) {
	r.searched.End(o)
	h := fnv.New64a()
	for i := range r.log {
		r.log[i].PC = 0
		fmt.Fprintln(h, r.log[i])
	}
	fmt.Fprintln(h, r.homes, o.Kind, r.Diverged() != nil)
	w := r.of
	if w.seen = append(w.seen, h.Sum64()); w.heap != nil {
		w.heap.leave(len(w.seen))
	}
}

// TestScenariosTwice: the same of the catalogue.
func TestScenariosTwice(t *testing.T) {
	_, end := seeds(t)
	for _, c := range catalogue.Cells() {
		if c.Expected.Verdict == catalogue.Broken {
			continue // to minimise what is found there takes most of the time
		}
		bodies := c.Bodies()
		for _, name := range slices.Sorted(maps.Keys(bodies)) {
			t.Run(name, func(t *testing.T) {
				for _, engine := range []scheduler.Maker{scheduler.Exhaustive(), scheduler.Parsimonious} {
					scenarioTwice(t, name, engine, bodies[name], end)
				}
			})
		}
	}
}

func scenarioTwice(t *testing.T, name string, engine scheduler.Maker, body func(*sim.T), schedules int) {
	var seen [2][]uint64
	var complete [2]bool
	for i := range seen {
		w := &watch{}
		if i == 1 {
			w.heap = new(litter)
		}
		maker := func(seed uint64) scheduler.Strategy {
			w.Strategy = engine(seed)
			return w
		}
		r, err := sim.Config{Name: name, Strategy: maker, Schedules: schedules, KeepGoing: true}.Explore(body)
		if err != nil {
			t.Fatal(err)
		}
		seen[i], complete[i] = w.seen, r.Complete
	}
	if !slices.Equal(seen[0], seen[1]) || complete[0] != complete[1] {
		k := 0
		for k < min(len(seen[0]), len(seen[1])) && seen[0][k] == seen[1][k] {
			k++
		}
		t.Errorf("%d and %d schedules, complete %v and %v; the first that differs is schedule %d", len(seen[0]), len(seen[1]), complete[0], complete[1], k+1)
	}
}
