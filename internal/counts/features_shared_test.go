package counts

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// stopping stops a search now and then, and goes on with another one.
type stopping struct {
	scheduler.Strategy
	make func() scheduler.Strategy
	r    *rand.Rand
	t    *testing.T
	ran  bool
}

func (s *stopping) Next() (scheduler.Run, bool) {
	if s.ran && s.r.IntN(3) == 0 {
		position, err := s.Strategy.(scheduler.Resumer).Position()
		if err != nil {
			s.t.Fatal(err)
		}
		s.Strategy = s.make()
		if err := s.Strategy.(scheduler.Resumer).Resume(position); err != nil {
			s.t.Fatal(err)
		}
	}
	s.ran = true
	return s.Strategy.Next()
}

func (s *stopping) Complete() bool { return s.Strategy.(scheduler.Completer).Complete() }
func (s *stopping) Bounded() bool  { return s.Strategy.(scheduler.Completer).Bounded() }

// TestFeaturesShared: a search that is shared runs the classes that brute force finds, and what is stopped runs what it would have run, in the same order.
func TestFeaturesShared(t *testing.T) {
	m, r := scheduler.NewMachine(), rand.New(rand.NewPCG(*featureSeed, 2))
	shared, stopped, again := 0, 0, 0
	for _, of := range slices.Sorted(maps.Keys(families)) {
		for range *featureCount / 4 {
			p := drawMixture(r, of, *featureMost)
			want, ok := search(m, scheduler.DepthFirst(), p, oracleMax)
			if !ok {
				continue
			}
			got, ok := search(m, newShared, p, 4*want.runs+200)
			if !ok {
				t.Errorf("%v: more runs than brute force has", p)
			} else if err := got.misses(want); err != nil {
				t.Errorf("%v: shared: %v", p, err)
			}
			if shared++; len(got.cut) == 0 && got.runs > len(got.classes) {
				again++
			}
			for _, make := range []func() scheduler.Strategy{
				func() scheduler.Strategy { return scheduler.Exhaustive()(1) },
				func() scheduler.Strategy { return scheduler.Parsimonious(1) },
				func() scheduler.Strategy { return scheduler.Exhaustive(scheduler.Preemptions(1))(1) },
				func() scheduler.Strategy { return sharded(1, 2)(1) },
			} {
				one, _ := search(m, func(uint64) scheduler.Strategy { return make() }, p, 1<<30)
				two, _ := search(m, func(uint64) scheduler.Strategy { return &stopping{make(), make, r, t, false} }, p, 1<<30)
				if one.digest != two.digest || one.complete != two.complete || one.runs != two.runs {
					t.Errorf("%v: stopped: %d runs, not %d; complete %t, not %t", p, two.runs, one.runs, two.complete, one.complete)
				}
				stopped++
			}
		}
	}
	t.Logf("%d shared searches, of which %d run a class twice; %d stopped ones", shared, again, stopped)
}
