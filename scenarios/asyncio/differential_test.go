package asyncio_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

var (
	programs  = flag.Int("programs", 3000, "how many random programs to compare, at most 1,000 with -short")
	firstSeed = flag.Uint64("first", 1, "the first program's seed")
)

const together = 100 // programs in one line

// releases are the CPythons that can be compared with. Two of them are rendered; in the rest is left out what is known to be otherwise there.
var releases = []release{
	{"3.8.", asyncio.V2018, []string{"gather"}},                                   // what gather's callback is called
	{"3.9.", asyncio.V2018, nil},                                                  //
	{"3.10.", asyncio.V2022, []string{"wait", "f_repr"}},                          // wait and a cancelled task's repr as in 3.9
	{"3.11.", asyncio.V2022, nil},                                                 //
	{"3.12.", asyncio.V2022, []string{"gather"}},                                  // gather looks at what is done already
	{"3.13.", asyncio.V2025, []string{"wrap", "threadsafe", "job", "nested run"}}, // the chain is that of 2022; a run that is refused stops the other
}

type release struct {
	prefix  string
	version asyncio.Version
	omit    []string
}

// releaseOf returns how a CPython is compared.
func releaseOf(t *testing.T, python string) *release {
	t.Helper()
	i := slices.IndexFunc(releases, func(r release) bool { return strings.HasPrefix(python, r.prefix) })
	switch {
	case i >= 0:
	case os.Getenv(pythonKey) != "":
		t.Fatalf("there is no rendering of CPython %s to compare with, and %s is %q", python, pythonKey, os.Getenv(pythonKey))
	default:
		t.Skipf("there is no rendering of CPython %s to compare with (set %s to the path of another)", python, pythonKey)
	}
	return &releases[i]
}

// TestDifferential: random programs do the same on the rendering and on the real thing, in the same order and with the same words.
func TestDifferential(t *testing.T) {
	for _, path := range pythons(t) {
		p := startPython(t, path)
		t.Run(p.version, func(t *testing.T) { differential(t, p) })
	}
}

func differential(t *testing.T, p *python) {
	r := releaseOf(t, p.version)
	version, omit := r.version, make(map[string]bool)
	for _, name := range r.omit {
		omit[name] = true
	}
	n := *programs
	if testing.Short() {
		n = min(n, 1000)
	}
	counts := make(map[string]int)
	for first := *firstSeed; first < *firstSeed+uint64(n); first += together {
		var batch [][]*op
		for seed := first; seed < first+together; seed++ {
			batch = append(batch, newProgram(seed, omit))
		}
		here, there := both(t, p, version, batch)
		for i, ops := range batch {
			if !slices.Equal(here[i], there[i]) {
				report(t, p, version, ops, first+uint64(i), here[i], there[i])
			}
			for _, e := range here[i] {
				counts[sort(e)]++
			}
		}
	}
	t.Logf("CPython %s, %s: %d programs, no difference; %v", p.version, version, n, counts)
	for _, s := range []string{"cb", "job", "raised", "log", "handler"} {
		if counts[s] == 0 && !omit[s] {
			t.Errorf("no event of the sort %q in any program", s)
		}
	}
}

// both runs programs on the rendering and on the real thing at once.
func both(t *testing.T, p *python, version asyncio.Version, batch [][]*op) (here, there [][]string) {
	t.Helper()
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		there, err = p.run(batch)
	}()
	for _, ops := range batch {
		here = append(here, actAlone(t, version, ops))
	}
	<-done
	if err != nil {
		t.Fatal(err)
	}
	return here, there
}

// sort is the sort of an event, for counting.
func sort(event string) string {
	for _, s := range []string{"cb", "job", "log", "handler"} {
		if strings.HasPrefix(event, s) {
			return s
		}
	}
	if strings.Contains(event, " raised ") {
		return "raised"
	}
	return "other"
}

// actAlone runs a program on the rendering in a bubble, so that the clock is a virtual one. No two goroutines have anything to do at one time
// that the other could tell, so one schedule is enough.
func actAlone(t *testing.T, version asyncio.Version, ops []*op) (events []string) {
	t.Helper()
	inOrder := scheduler.Exhaustive(scheduler.Preemptions(0), scheduler.ClockMoves(0))
	r, err := sim.Config{Strategy: inOrder, Schedules: 1, Steps: 20_000}.Explore(func(*sim.T) { events = act(version, ops) })
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() {
		events = append(events, fmt.Sprint(r.Failures[0].Kind, ": ", r.Failures[0].Message))
	}
	return events
}

// report makes the program small and shows where the two sides part.
func report(t *testing.T, p *python, version asyncio.Version, ops []*op, seed uint64, here, there []string) {
	t.Helper()
	ops = shrink(ops, func(less []*op) bool {
		events, err := p.run([][]*op{less})
		if err != nil {
			t.Fatal(err)
		}
		h := actAlone(t, version, less)
		if slices.Equal(h, events[0]) {
			return false
		}
		here, there = h, events[0]
		return true
	})
	program, _ := json.Marshal(ops)
	t.Fatalf("seed %d: the rendering differs from CPython %s\nprogram: %s\nhere:\n\t%s\nthere:\n\t%s", seed, p.version, program,
		strings.Join(here, "\n\t"), strings.Join(there, "\n\t"))
}
