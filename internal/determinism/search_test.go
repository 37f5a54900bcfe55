package determinism

import (
	"runtime"
	"slices"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// searched is a run of a search, with what it did and which objects it touched.
type searched struct {
	scheduler.Recorder
	log
	homes []uint64
}

func (s *searched) Pick(d *scheduler.Decision) int {
	s.keep(d.Since)
	return s.Recorder.Pick(d)
}

func (s *searched) End(o *scheduler.Outcome) {
	s.keep(o.Since)
	s.homes = append(s.homes[:0], o.Homes...)
	s.Recorder.End(o)
}

// next runs the search's next schedule, and reports whether there was one.
func (s *searched) next(m *scheduler.Machine, search scheduler.Strategy, body func(see)) bool {
	r, ok := search.Next()
	if !ok {
		return false
	}
	s.log = s.log[:0]
	m.Run(s.Record(r), func() { body(func(any) {}) }, scheduler.Options{Steps: 100_000})
	return true
}

// litter leaves the heap otherwise than it was: what is allocated next has other neighbours, and memory that has been used.
type litter struct{ kept []any }

func (l *litter) leave(i int) {
	l.kept = append(l.kept, make(chan int, i%7), make([]*int, 1+i%200), new([100]*int), new(int64))
	if i%50 == 49 {
		for k := range l.kept {
			if k%3 != 0 {
				l.kept[k] = nil
			}
		}
		runtime.GC()
	}
	if i%500 == 499 {
		l.kept = nil
	}
}

// TestSearchTwice: a search runs the same schedules whatever the heap is like, and knows the objects by the same names.
func TestSearchTwice(t *testing.T) {
	_, end := seeds(t)
	for _, b := range bodies {
		t.Run(b.name, func(t *testing.T) {
			for _, engine := range []scheduler.Maker{scheduler.Exhaustive(), scheduler.Parsimonious} {
				searchTwice(t, engine, b.run, 10*end)
			}
		})
	}
}

func searchTwice(t *testing.T, engine scheduler.Maker, body func(see), schedules int) {
	m := scheduler.NewMachine()
	first, second := engine(1), engine(1)
	var x, y searched
	var l litter
	for i := range schedules {
		more := x.next(m, first, body)
		l.leave(i)
		if y.next(m, second, body) != more {
			t.Fatalf("%v, schedule %d: there is one in one search only", first, i+1)
		}
		if !more {
			break
		}
		if k := differ(x.log, y.log); k >= 0 {
			t.Fatalf("%v, schedule %d: step %d differs:\n%+v\n%+v", first, i+1, k+1, at(x.log, k), at(y.log, k))
		}
		if !slices.Equal(x.homes, y.homes) {
			t.Fatalf("%v, schedule %d: %d and %d objects, known by other names:\n%x\n%x", first, i+1, len(x.homes), len(y.homes), x.homes, y.homes)
		}
		if d := x.Diverged(); d != nil {
			t.Fatalf("%v, schedule %d: %v", first, i+1, d)
		}
	}
	if a, b := first.(scheduler.Completer).Complete(), second.(scheduler.Completer).Complete(); a != b {
		t.Errorf("%v: one search is complete, the other is not", first)
	}
}
