package determinism

import (
	"runtime"
	"slices"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// located keeps which objects a run touched, as a search knows them again in other runs.
type located struct {
	scheduler.Run
	homes []uint64
}

func (l *located) Locates() bool { return true }

func (l *located) End(o *scheduler.Outcome) {
	l.homes = slices.Clone(o.Homes)
	l.Run.End(o)
}

// TestCollectionMakesNothing: which object is which does not hang on whether a goroutine came to start a collection, which makes a channel
// where it needs more workers than it has: the first in a process, mostly.
func TestCollectionMakesNothing(t *testing.T) {
	m := scheduler.NewMachine()
	var seen [2][]uint64
	for i := range seen {
		if i == 1 {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 8))
		}
		r, _ := scheduler.Random(1).Next()
		l := &located{Run: r}
		res := m.Run(l, func() {
			if i == 1 {
				runtime.GC()
			}
			c := make(chan int, 1)
			c <- 1
		}, scheduler.Options{Steps: 100})
		if res.Kind != "" {
			t.Fatal(res.Kind, res.Message)
		}
		seen[i] = l.homes
	}
	if len(seen[0]) < 2 || seen[0][1] == 0 || !slices.Equal(seen[0], seen[1]) {
		t.Errorf("without a collection %x, with one %x", seen[0], seen[1])
	}
}

// TestNeighbours: nor does it hang on what lies beside an object in memory. A value of more than 512 bytes with pointers lies eight bytes further on than its slot.
func TestNeighbours(t *testing.T) {
	type large struct {
		next *large
		_    [1000]byte
	}
	m := scheduler.NewMachine()
	var first []uint64
	for run := range 20 {
		r, _ := scheduler.Random(1).Next()
		l := &located{Run: r}
		var all *large
		m.Run(l, func() {
			var chans []chan int
			for range 300 {
				chans = append(chans, make(chan int))
				for range 8 {
					all = &large{next: all}
				}
			}
			for _, c := range chans {
				close(c)
			}
		}, scheduler.Options{Steps: 1000})
		if run == 0 {
			first = l.homes
		}
		if sorted := slices.Sorted(slices.Values(l.homes)); len(sorted) < 300 || len(slices.Compact(sorted)) != len(l.homes) {
			t.Fatalf("run %d: %d objects, %d different ones", run, len(l.homes), len(slices.Compact(sorted)))
		}
		if !slices.Equal(l.homes, first) {
			t.Fatalf("run %d: other objects than in the first", run)
		}
	}
}
