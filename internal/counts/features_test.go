package counts

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

var (
	featureCount = flag.Int("features", 25, "how many random programs of each family of features to hold the search to brute force with")
	featureSeed  = flag.Uint64("featureseed", 1, "what they are drawn with")
	featureMost  = flag.Int("featuremost", 6, "operations in one of them, at most")
)

// outcomes are how the runs ended that came to their end.
func (t *tally) outcomes() map[end]bool {
	all := map[end]bool{}
	for _, e := range t.classes {
		all[e] = true
	}
	return all
}

// misses says what got has otherwise than want, which is of brute force, or of the classes that there are within a bound.
func (got *tally) misses(want *tally) error {
	if got.odd != "" {
		return errors.New(got.odd)
	}
	ran, there := got.outcomes(), want.outcomes()
	for e := range there {
		if !ran[e] {
			return fmt.Errorf("an outcome is lost, complete %t: %v", got.complete, e)
		}
	}
	if len(ran) != len(there) {
		return fmt.Errorf("%d outcomes of %d", len(ran), len(there))
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

// featured holds the exhaustive search to brute force.
type featured struct {
	m                     *scheduler.Machine
	left, classes, spared int
	digest                uint64
}

func (x *featured) check(p mixture) error {
	want, ok := search(x.m, scheduler.DepthFirst(), p, oracleMax)
	if !ok {
		x.left++
		return nil
	}
	if want.odd != "" || !want.complete {
		return fmt.Errorf("brute force: %s, complete %t", want.odd, want.complete)
	}
	if want.hidden {
		return fmt.Errorf("something hidden waits")
	}
	got, ok := search(x.m, scheduler.Exhaustive(), p, 2*want.runs+100)
	if !ok {
		return fmt.Errorf("more runs than brute force has")
	}
	if err := got.misses(want); err != nil {
		return err
	}
	x.classes += len(got.classes)
	x.digest = x.digest*31 + got.digest
	if p.guesses() && (!got.complete || got.runs != len(got.classes)) {
		x.spared++
		return nil
	}
	if !got.complete {
		return fmt.Errorf("not complete")
	}
	if len(got.cut) == 0 && got.runs != len(got.classes) {
		return fmt.Errorf("%d runs for %d classes", got.runs, len(got.classes))
	}
	return nil
}

// guesses reports whether there is something in it of which it is guessed how it turns out in another order: see docs/reduction.md.
func (p mixture) guesses() bool {
	return p.of == "timers" || strings.Contains(p.String(), "value compare and swap")
}

// TestFeatures holds the exhaustive search to brute force with random programs of what is met thinly in the others: trees of contexts, timers that reset each other, what panics or exits
// in a Once, every method of sync.Map, conditions that are waited for in a loop, channels of channels. It begins nothing twice and says that it is complete, but where timers' channels
// are polled. The digest that is logged is the same each time, whatever the collector and GOMAXPROCS are set to.
func TestFeatures(t *testing.T) {
	if testing.Short() {
		*featureCount = min(*featureCount, 8)
	}
	for _, of := range slices.Sorted(maps.Keys(families)) {
		t.Run(of, func(t *testing.T) {
			x, r := &featured{m: scheduler.NewMachine()}, rand.New(rand.NewPCG(*featureSeed, 0))
			for range *featureCount {
				p := drawMixture(r, of, *featureMost)
				if err := x.check(p); err != nil {
					p = p.smaller(func(q mixture) bool { return x.check(q) != nil })
					t.Errorf("%v: %v", p, x.check(p))
				}
			}
			t.Logf("%d programs, %d left out; %d classes; guesses mattered in %d; digest %x", *featureCount, x.left, x.classes, x.spared, x.digest)
		})
	}
}

// TestFeaturesOnce has programs with which something was wrong once: a plan of a select that could send and receive on a closed channel took the receive to change something, so
// that a class was begun twice or the search not complete; and the Lock inside Cause was an operation, so that what held it otherwise was hidden, and classes were not run; and
// who stops a timer that is due, and has it not be received any more, touched the timer and not its channel, so that of four classes two were not run.
func TestFeaturesOnce(t *testing.T) {
	x := &featured{m: scheduler.NewMachine()}
	for _, p := range []struct{ of, text string }{
		{"channels", "receive 0; close 0, both ways 0"},
		{"channels", "close 1, receive 0; range 1; ; both ways 1"},
		{"contexts", "timeout of 1, wait for own"},
		{"timers", "sleep 2, stop; reset 2, sleep 2, receive"},
	} {
		q := parseMixture(t, p.of, p.text)
		if err := x.check(q); err != nil {
			t.Errorf("%v: %v", q, err)
		}
	}
}

func parseMixture(t *testing.T, of, text string) mixture {
	q := mixture{of: of}
	for _, g := range strings.Split(text, "; ") {
		q.goroutines = append(q.goroutines, nil)
		for _, name := range strings.Split(g, ", ") {
			if i := slices.IndexFunc(families[of], func(f feature) bool { return f.name == name }); i >= 0 {
				q.goroutines[len(q.goroutines)-1] = append(q.goroutines[len(q.goroutines)-1], i)
			} else if name != "" {
				t.Fatalf("no feature %q", name)
			}
		}
	}
	return q
}
