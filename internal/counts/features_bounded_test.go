package counts

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
)

// counting counts what a run costs, without the help of the search's own count.
type counting struct {
	scheduler.Diverger
	cost   func(c *counting, choices []scheduler.Choice, i int) int
	last   scheduler.G // whose turn it is, -2 for nobody's
	yields bool
	n      int
}

func (c *counting) Draws() uint64 { return c.Diverger.(scheduler.Drawer).Draws() }

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
	if i >= 0 {
		c.n += c.cost(c, d.Choices, i)
	}
	return i
}

// preempting is 1 where somebody else could have gone on.
func preempting(c *counting, choices []scheduler.Choice, i int) int {
	g := choices[i].G
	if g != c.last && g != scheduler.Clock && !c.yields && slices.ContainsFunc(choices, func(o scheduler.Choice) bool { return o.G == c.last }) {
		return 1
	}
	return 0
}

// delaying is how many are passed over, from the one whose turn it is or the next one round.
func delaying(c *counting, choices []scheduler.Choice, i int) (n int) {
	if choices[i].G == scheduler.Clock {
		return 0
	}
	var able []scheduler.G
	for _, o := range choices {
		if o.G != scheduler.Clock {
			able = append(able, o.G)
		}
	}
	slices.Sort(able)
	able = slices.Compact(able)
	from := c.last
	if c.yields {
		from++
	}
	at := slices.IndexFunc(able, func(g scheduler.G) bool { return g >= from })
	for at = max(at, 0); able[at] != choices[i].G; at = (at + 1) % len(able) {
		n++
	}
	return n
}

// overtaking is 1 where the clock moves though somebody could have gone on.
func overtaking(_ *counting, choices []scheduler.Choice, i int) int {
	if choices[i].Kind == kernel.ClockMove && slices.ContainsFunc(choices, func(o scheduler.Choice) bool { return o.G != scheduler.Clock }) {
		return 1
	}
	return 0
}

// TestFeaturesBounded: a search that is bounded runs the classes that have an interleaving within the bound and no others, and the shards of
// one that is not bounded run together what it runs, each class in one of them.
func TestFeaturesBounded(t *testing.T) {
	m, r := scheduler.NewMachine(), rand.New(rand.NewPCG(*featureSeed, 1))
	held, shared, partial := map[string]int{}, 0, 0
	for _, of := range slices.Sorted(maps.Keys(families)) {
		for range *featureCount / 4 {
			p := drawMixture(r, of, 5)
			for _, b := range []struct {
				of   string
				all  scheduler.Maker
				cost func(*counting, []scheduler.Choice, int) int
				most func(int) scheduler.Bound

				least int // without moves of the clock a schedule draws otherwise in which order a context's children end
			}{
				{"preemptions", scheduler.DepthFirst(), preempting, scheduler.Preemptions, 0},
				{"delays", scheduler.DepthFirst(), delaying, scheduler.Delays, 0},
				{"moves of the clock", scheduler.DepthFirst(scheduler.ClockMoves(50)), overtaking, scheduler.ClockMoves, 1},
			} {
				least := costs(m, p, b.all, b.cost)
				if least == nil {
					continue
				}
				for n := b.least; n < 3; n++ {
					got := costs(m, p, scheduler.Exhaustive(b.most(n)), b.cost)
					for c, cost := range least {
						if _, ran := got[c]; ran != (cost <= n) {
							t.Errorf("%v: with %d %s a class that needs %d is run: %t", p, n, b.of, cost, ran)
						}
					}
					held[b.of]++
				}
			}
			whole, ok := search(m, scheduler.Exhaustive(), p, 2000)
			if !ok || len(whole.cut) > 0 {
				continue // those that a verdict cuts short are not all run
			}
			runs, classes, complete := 0, map[uint64]end{}, true
			for i := range 3 {
				part, _ := search(m, sharded(i, 3), p, 1<<30)
				runs += len(part.classes)
				maps.Copy(classes, part.classes)
				complete = complete && part.complete
			}
			if whole.complete && !complete {
				partial++ // see docs/scale.md
				continue
			}
			if shared++; runs != len(whole.classes) || !maps.Equal(classes, whole.classes) {
				t.Errorf("%v: %d classes in the shards, %d of them different, of %d", p, runs, len(classes), len(whole.classes))
			}
		}
	}
	t.Logf("bounded searches: %v; %d divided ones, and %d that are not complete", held, shared, partial)
}

// TestGoInTwo: two goroutines call the Go of one WaitGroup. Each Done has an Add of its own before it, whichever of them else is before it too, so the counter does not fall below zero in any order and
// Add and Done commute: each shard is complete, and they have no class in common.
func TestGoInTwo(t *testing.T) {
	m, p, classes := scheduler.NewMachine(), parseMixture(t, "composites", "group go; group go"), map[uint64]end{}
	for i := range 3 {
		part, _ := search(m, sharded(i, 3), p, 100)
		for c, e := range part.classes {
			if _, twice := classes[c]; twice || !part.complete {
				t.Errorf("shard %d: complete %t, a class of another one %t", i, part.complete, twice)
			}
			classes[c] = e
		}
	}
	if len(classes) != 2 {
		t.Errorf("%d classes of 2", len(classes))
	}
}

// costs is the least that a schedule of each class costs that no verdict cuts short; nil where there are too many schedules.
func costs(m *scheduler.Machine, p mixture, make scheduler.Maker, cost func(*counting, []scheduler.Choice, int) int) map[uint64]int {
	s, least, runs := make(1), map[uint64]int{}, 0
	for run, ok := s.Next(); ok; run, ok = s.Next() {
		if runs++; runs > 2000 {
			return nil
		}
		c := &counting{Diverger: run.(scheduler.Diverger), cost: cost, last: -2}
		body, _ := p.told()
		o := m.Run(c, body, scheduler.Options{Steps: 1000, Lag: time.Hour})
		if was, ok := least[o.Class]; !ok || c.n < was {
			if o.Kind == "" || o.Kind == scheduler.KindDeadlock || o.Kind == scheduler.KindLeak {
				least[o.Class] = c.n
			}
		}
	}
	return least
}
