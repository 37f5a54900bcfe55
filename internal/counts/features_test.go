package counts

import (
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

var (
	featureCount = flag.Int("features", 25, "how many random programs of each family of features to hold the search to brute force with")
	featureSeed  = flag.Uint64("featureseed", 1, "what they are drawn with")
	featureMost  = flag.Int("featuremost", 6, "operations in one of them, at most")
)

// result is what a search of a mixture ran.
type result struct {
	classes  map[uint64]end
	outcomes map[end]bool // of the runs that came to their end
	cut      map[string]bool
	runs     int
	odd      string
	complete bool
	hidden   bool
	digest   uint64 // of the runs, in order
}

// explored runs all schedules of a search of a mixture, or gives up at most.
func explored(m *scheduler.Machine, make scheduler.Maker, p mixture, most int) (*result, bool) {
	s, t := make(1), &tally{}
	r := &result{classes: map[uint64]end{}, outcomes: map[end]bool{}, cut: map[string]bool{}}
	h := fnv.New64a()
	for run, ok := s.Next(); ok; run, ok = s.Next() {
		if r.runs++; r.runs > most {
			return r, false
		}
		if _, ok := run.(scheduler.Locator); !ok {
			run = watched{run.(scheduler.Diverger), t}
		}
		body, tells := p.body()
		o := m.Run(run, body, scheduler.Options{Steps: 1000})
		if o.Passed {
			r.runs--
			continue
		}
		e := end{o.Kind, ""}
		switch o.Kind {
		case "", scheduler.KindDeadlock, scheduler.KindLeak:
			e.saw = tells(o.Kind == "")
			if was, ok := r.classes[o.Class]; ok && was != e {
				r.odd = fmt.Sprintf("class %x ends with %v and with %v", o.Class, was, e)
			}
			r.classes[o.Class], r.outcomes[e] = e, true
		case scheduler.KindDivergence:
			r.odd = o.Divergence.Error()
		default:
			r.cut[o.Kind+": "+o.Message] = true
		}
		fmt.Fprint(h, o.Class, e, o.Message, o.Steps, ";")
	}
	r.complete, r.hidden, r.digest = s.(scheduler.Completer).Complete(), t.hidden, h.Sum64()
	return r, true
}

// misses says what got has otherwise than want, which is of brute force, or of the classes that there are within a bound.
func (got *result) misses(want *result) error {
	if got.odd != "" {
		return fmt.Errorf("%s", got.odd)
	}
	for e := range want.outcomes {
		if !got.outcomes[e] {
			return fmt.Errorf("an outcome is lost, complete %t: %v", got.complete, e)
		}
	}
	if len(got.outcomes) != len(want.outcomes) {
		return fmt.Errorf("%d outcomes of %d", len(got.outcomes), len(want.outcomes))
	}
	if !maps.Equal(got.cut, want.cut) {
		return fmt.Errorf("verdicts %v, not %v", slices.Sorted(maps.Keys(got.cut)), slices.Sorted(maps.Keys(want.cut)))
	}
	if !maps.Equal(got.classes, want.classes) {
		return fmt.Errorf("%d classes, not %d, or others", len(got.classes), len(want.classes))
	}
	return nil
}

// drawMixture draws a program of 2 to 4 goroutines with so many operations at most, of a few kinds.
func drawMixture(r *rand.Rand, of string, most int) mixture {
	kinds := make([]int, 2+r.IntN(4))
	for i := range kinds {
		kinds[i] = r.IntN(len(families[of]))
	}
	p := mixture{of, make([][]int, 2+r.IntN(3))}
	for range 2 + r.IntN(most-1) {
		i := r.IntN(len(p.goroutines))
		p.goroutines[i] = append(p.goroutines[i], kinds[r.IntN(len(kinds))])
	}
	return p
}

// smaller drops goroutines and operations as long as what is left fails.
func (p mixture) smaller(fails func(mixture) bool) mixture {
	for again := true; again; {
		again = false
		for i := range p.goroutines {
			for j := range p.goroutines[i] {
				q := mixture{p.of, slices.Clone(p.goroutines)}
				q.goroutines[i] = slices.Delete(slices.Clone(q.goroutines[i]), j, j+1)
				if fails(q) {
					p, again = q, true
					break
				}
			}
			if !again && i > 0 {
				q := mixture{p.of, slices.Delete(slices.Clone(p.goroutines), i, i+1)}
				if fails(q) {
					p, again = q, true
				}
			}
			if again {
				break
			}
		}
	}
	return p
}

// TestFeatures holds the exhaustive search to brute force with random programs of what is met thinly in the others: trees of contexts, timers that reset each other, what panics or exits
// in a Once, every method of sync.Map, conditions that are waited for in a loop, channels of channels. The digest that it logs is the same on every machine, whatever the collector and GOMAXPROCS are set to.
func TestFeatures(t *testing.T) {
	for _, of := range slices.Sorted(maps.Keys(families)) {
		t.Run(of, func(t *testing.T) { holdFamily(t, of) })
	}
}

func holdFamily(t *testing.T, of string) {
	m, r, h := scheduler.NewMachine(), rand.New(rand.NewPCG(*featureSeed, 0)), fnv.New64a()
	var left, classes, partial, hidden, again int
	check := func(p mixture) error {
		want, ok := explored(m, scheduler.DepthFirst(), p, oracleMax)
		if !ok {
			left++
			return nil
		}
		if want.odd != "" || !want.complete {
			return fmt.Errorf("brute force: %s, complete %t", want.odd, want.complete)
		}
		got, ok := explored(m, scheduler.Exhaustive(), p, 2*want.runs+100)
		if !ok {
			return fmt.Errorf("more runs than brute force has")
		}
		fmt.Fprint(h, got.digest)
		if want.hidden {
			hidden++
		}
		if !got.complete {
			if partial++; !want.hidden {
				t.Logf("%v not complete", p)
			}
		}
		if len(got.cut) == 0 && got.runs != len(got.classes) {
			again++
			t.Logf("%v %d runs for %d classes", p, got.runs, len(got.classes))
		}
		classes += len(got.classes)
		return got.misses(want)
	}
	for range *featureCount {
		p := drawMixture(r, of, *featureMost)
		if err := check(p); err != nil {
			p = p.smaller(func(q mixture) bool { return check(q) != nil })
			t.Errorf("%v: %v", p, check(p))
		}
	}
	t.Logf("%d programs, %d left out; %d classes; %d not complete; in %d something hidden waited; runs to spare in %d; digest %x",
		*featureCount, left, classes, partial, hidden, again, h.Sum64())
}
