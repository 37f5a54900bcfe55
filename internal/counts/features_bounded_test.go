package counts

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
)

// counting counts the preemptions of a run, without the help of the search's own count.
type counting struct {
	scheduler.Diverger
	last   scheduler.G // whose turn it is, -2 for nobody's
	yields bool
	n      int
}

func (c *counting) Pick(d *scheduler.Decision) int {
	for i := range d.Since {
		switch e := &d.Since[i]; {
		case e.Flags&scheduler.Also != 0 || e.Kind == kernel.TimerFire:
		case e.G == scheduler.Clock:
			c.last, c.yields = -2, false
		default:
			c.last, c.yields = e.G, e.Kind == kernel.Gosched
		}
	}
	i := c.Diverger.Pick(d)
	if i < 0 {
		return i
	}
	g := d.Choices[i].G
	if g != c.last && g != scheduler.Clock && !c.yields && slices.ContainsFunc(d.Choices, func(o scheduler.Choice) bool { return o.G == c.last }) {
		c.n++
	}
	return i
}

// TestFeaturesBounded: a search that is bounded in preemptions runs the classes that have an interleaving within the bound and no others, and the shards of
// one that is not bounded run together what it runs, each class in one of them.
func TestFeaturesBounded(t *testing.T) {
	m, r := scheduler.NewMachine(), rand.New(rand.NewPCG(*featureSeed, 1))
	held, shared := 0, 0
	for _, of := range slices.Sorted(maps.Keys(families)) {
		for range *featureCount / 4 {
			p := drawMixture(r, of, 5)
			least, ok := leastPreemptions(m, p)
			if !ok {
				continue
			}
			for n := range 3 {
				got, _ := search(m, scheduler.Exhaustive(scheduler.Preemptions(n)), p, 1<<30)
				for c, cost := range least {
					if _, ran := got.classes[c]; ran != (cost <= n) {
						t.Errorf("%v: with %d preemptions a class that needs %d is run: %t", p, n, cost, ran)
					}
				}
				held++
			}
			whole, _ := search(m, scheduler.Exhaustive(), p, 1<<30)
			if len(whole.cut) > 0 {
				continue // those that a verdict cuts short are not all run
			}
			runs, classes := 0, map[uint64]end{}
			for i := range 3 {
				part, _ := search(m, func(seed uint64) scheduler.Strategy {
					s := scheduler.Exhaustive()(seed)
					s.(scheduler.Sharder).Shard(i, 3)
					return s
				}, p, 1<<30)
				runs += len(part.classes)
				maps.Copy(classes, part.classes)
			}
			if shared++; runs != len(whole.classes) || !maps.Equal(classes, whole.classes) {
				t.Errorf("%v: %d classes in the shards, %d of them different, of %d", p, runs, len(classes), len(whole.classes))
			}
		}
	}
	t.Logf("%d bounded searches, %d divided ones", held, shared)
}

// leastPreemptions is how many each class needs that no verdict cuts short; false where there are too many schedules.
func leastPreemptions(m *scheduler.Machine, p mixture) (map[uint64]int, bool) {
	s, least, runs := scheduler.DepthFirst()(1), map[uint64]int{}, 0
	for run, ok := s.Next(); ok; run, ok = s.Next() {
		if runs++; runs > 2000 {
			return nil, false
		}
		c := &counting{Diverger: run.(scheduler.Diverger), last: -2}
		body, _ := p.told()
		o := m.Run(c, body, scheduler.Options{Steps: 1000})
		if was, ok := least[o.Class]; !ok || c.n < was {
			if o.Kind == "" || o.Kind == scheduler.KindDeadlock || o.Kind == scheduler.KindLeak {
				least[o.Class] = c.n
			}
		}
	}
	return least, true
}
