// Package determinism runs a corpus of bodies twice under each seed and compares the runs, operation by operation.
//
// The whole matrix, under every combination of (-race, plain), GOMAXPROCS, GOGC and Go releases, takes hours:
//
//	go test -count=1 -timeout 10h -run Matrix ./internal/determinism -args -matrix
//
// LASTCALL_SEEDS=500 before it makes that a share, and LASTCALL_FIRST=500 LASTCALL_SEEDS=5000 what is then left. Each combination is
// also a command by itself, such as
//
//	LASTCALL_SEEDS=5000 GOGC=1 GOTOOLCHAIN=go1.25.12 go test -count=1 -race -cpu 1,2,8 -timeout 10h -run Twice ./internal/determinism
//
// The -count=1 is needed: GOGC is not among what go test looks at before it answers from its cache.
package determinism

import (
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// seeds are which seeds each body is run under: from LASTCALL_FIRST, else 0, up to but not including LASTCALL_SEEDS, else 50, 10 with -short.
func seeds(t *testing.T) (first, end int) {
	end = 50
	if testing.Short() {
		end = 10
	}
	first, end = number(t, "LASTCALL_FIRST", 0), number(t, "LASTCALL_SEEDS", end)
	if first >= end {
		t.Fatalf("LASTCALL_FIRST=%d leaves no seed below LASTCALL_SEEDS=%d", first, end)
	}
	return first, end
}

func number(t *testing.T, name string, otherwise int) int {
	v := os.Getenv(name)
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 {
		t.Fatalf("%s=%s: want a number", name, v)
	}
	return n
}

// run is what two runs must agree on.
type run struct {
	events []scheduler.Event
	seen   uint64
	kind   string
}

// once runs the body. The events are kept in the memory of room.
func once(m *scheduler.Machine, r scheduler.Run, body func(see), room []scheduler.Event) run {
	h := fnv.New64a()
	see := func(v any) { kernel.Quiet(func() { fmt.Fprintf(h, "%d %v\n", kernel.Self(), v) }) }
	keep := &keeper{Run: r, log: room[:0]}
	res := m.Run(keep, func() { body(see) }, scheduler.Options{Steps: 100_000})
	return run{keep.log, h.Sum64(), res.Kind + res.Message}
}

// keeper keeps the events of a run.
type keeper struct {
	scheduler.Run
	log
}

func (k *keeper) Pick(d *scheduler.Decision) int {
	k.keep(d.Since)
	return k.Run.Pick(d)
}

func (k *keeper) End(o *scheduler.Outcome) {
	k.keep(o.Since)
	k.Run.End(o)
}

// log is what was carried out, but for what is good within one run only.
type log []scheduler.Event

func (l *log) keep(events []scheduler.Event) {
	for _, e := range events {
		if e.Kind >= kernel.AtomicLoad && e.Kind <= kernel.AtomicCAS {
			e.Was, e.Arg = 0, 0 // may be made of an address
		}
		*l = append(*l, e)
	}
}

func TestTwice(t *testing.T) {
	from, end := seeds(t)
	for _, b := range bodies {
		t.Run(b.name, func(t *testing.T) {
			m := scheduler.NewMachine()
			first, second := scheduler.Random(7), scheduler.Random(7)
			var x, y run
			for seed := range end {
				r1, _ := first.Next()
				r2, _ := second.Next()
				if seed < from {
					continue
				}
				x, y = once(m, r1, b.run, x.events), once(m, r2, b.run, y.events)
				if x.kind+y.kind != "" {
					t.Fatalf("seed %d: %s; the second time %s", seed, x.kind, y.kind)
				}
				if i := differ(x.events, y.events); i >= 0 {
					t.Fatalf("seed %d: step %d differs:\n%+v\n%+v", seed, i+1, at(x.events, i), at(y.events, i))
				}
				if x.seen != y.seen {
					t.Fatalf("seed %d: the same steps, but the body saw other values", seed)
				}
			}
		})
	}
}

// TestEveryKind: the corpus has each kind of operation in it.
func TestEveryKind(t *testing.T) {
	seen := map[kernel.Kind]bool{
		kernel.Start: true, // the first stretch of a goroutine, which is no operation
		kernel.Cap:   true, // never changes
	}
	m, s := scheduler.NewMachine(), scheduler.Random(7)
	for range 20 {
		for _, b := range bodies {
			r, _ := s.Next()
			for _, e := range once(m, r, b.run, nil).events {
				seen[e.Kind] = true
			}
		}
	}
	for k := kernel.None + 1; k.String() != "kind?"; k++ {
		if !seen[k] {
			t.Errorf("no body has the operation %q", k)
		}
	}
}

// differ returns the first index at which the events differ, -1 for none.
func differ(a, b []scheduler.Event) int {
	if slices.Equal(a, b) {
		return -1
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func at(e []scheduler.Event, i int) any {
	if i < len(e) {
		return e[i]
	}
	return "the run has ended"
}
