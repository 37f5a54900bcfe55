package bugs

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

var (
	long  = flag.Bool("long", false, "run each mended twin 20,000 times")
	write = flag.Bool("write", false, "write the table to docs/bugs.md")
)

func TestMain(m *testing.M) { sim.Main(m) }

// TestBroken: the default strategy finds each broken twin within 200 schedules, for each of 20 seeds, as the kind of failure that is
// written down.
func TestBroken(t *testing.T) {
	for _, b := range All() {
		t.Run(b.Name, func(t *testing.T) {
			sum, most := 0, 0
			for seed := range uint64(20) {
				r, err := sim.Config{Name: b.Name, Schedules: 200, Seed: seed + 1}.Explore(b.Broken)
				if err != nil {
					t.Fatal(err)
				}
				if r.OK() {
					t.Errorf("seed %d: not found in %d schedules", seed+1, r.Schedules)
					continue
				}
				f := r.Failures[0]
				if !is(f, b.Kind) {
					t.Errorf("seed %d: %s, want %s: %s\n%s", seed+1, f.Kind, b.Kind, f.Message, f.Trace)
				}
				sum, most = sum+f.Schedule, max(most, f.Schedule)
			}
			t.Logf("found after %.1f schedules, %d at most", float64(sum)/20, most)
		})
	}
}

// is reports whether a failure is of the kind that is expected. The race detector also reports a channel's close that nothing orders with
// a send, in schedules in which the send comes first.
func is(f *sim.Failure, kind sim.Kind) bool {
	return f.Kind == kind || kernel.Race && f.Kind == sim.DataRace
}

// TestMended: the mended twin is clean.
func TestMended(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 100
	}
	if *long {
		n = 20_000
	}
	for _, b := range All() {
		t.Run(b.Name, func(t *testing.T) {
			r, err := sim.Config{Name: b.Name, Schedules: n}.Explore(b.Mended)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Failures {
				t.Errorf("%s: %s\n%s", f.Kind, f.Message, f.Trace)
			}
		})
	}
}

// TestMendedComplete runs every interleaving of the mended twin that ends.
func TestMendedComplete(t *testing.T) {
	for _, b := range All() {
		t.Run(b.Name, func(t *testing.T) {
			r, err := sim.Config{Name: b.Name, Strategy: scheduler.Exhaustive(), Schedules: 100_000}.Explore(b.Mended)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Failures {
				t.Errorf("%s: %s\n%s", f.Kind, f.Message, f.Trace)
			}
			if r.Complete == b.Polls {
				t.Errorf("complete: %v: %s", r.Complete, r)
			}
		})
	}
}

// TestBrokenComplete: the exhaustive search finds the same.
func TestBrokenComplete(t *testing.T) {
	for _, b := range All() {
		t.Run(b.Name, func(t *testing.T) {
			r, err := sim.Config{Name: b.Name, Strategy: scheduler.Exhaustive(), Schedules: 100_000}.Explore(b.Broken)
			if err != nil {
				t.Fatal(err)
			}
			if r.OK() || !is(r.Failures[0], b.Kind) {
				t.Errorf("want %s: %s", b.Kind, r)
			}
		})
	}
}

// TestRegistry: a name is a key, and nothing is left out.
func TestRegistry(t *testing.T) {
	seen := make(map[string]bool)
	families := make(map[string]int)
	for _, b := range All() {
		if seen[b.Name] || b.Name == "" || b.Family == "" || b.Source == "" || b.What == "" || b.Mend == "" || b.Kind == "" || b.Broken == nil || b.Mended == nil {
			t.Errorf("%+v", b)
		}
		seen[b.Name] = true
		families[b.Family]++
	}
	for _, f := range []string{PostToClosed, LostWakeUp, LostResult, DoubleClose, LockHeld, JoinInside, LeakOnCancel, NeverEnds, Reentry, RunsOn} {
		if families[f] < 2 {
			t.Errorf("%d of the family %q", families[f], f)
		}
	}
}

// TestTable holds docs/bugs.md to the registry. It is written by go test ./scenarios/bugs -run Table -args -write.
func TestTable(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	head, _, ok := strings.Cut(string(text), tableBegins)
	if !ok {
		t.Fatalf("%s has no line %q", document, tableBegins)
	}
	want := head + tableBegins + table()
	if *write {
		if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(text) != want {
		t.Errorf("%s is not what the registry says; run go test ./scenarios/bugs -run Table -args -write", document)
	}
}

const (
	document    = "../../docs/bugs.md"
	tableBegins = "<!-- made by go test ./scenarios/bugs -run Table -args -write -->\n"
)

func table() string {
	var b strings.Builder
	family := ""
	for _, bug := range All() {
		if bug.Family != family {
			family = bug.Family
			fmt.Fprintf(&b, "\n## %s%s\n\n| bug | source | mechanism | mended by | verdict |\n|---|---|---|---|---|\n", strings.ToUpper(family[:1]), family[1:])
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", bug.Name, bug.Source, bug.What, bug.Mend, bug.Kind)
	}
	return b.String()
}
