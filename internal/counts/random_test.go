package counts

import (
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/prop"
)

var (
	programCount = flag.Int("programs", 60, "how many random programs to hold the search to brute force with")
	programSeed  = flag.Int64("programseed", 1, "what they are drawn with")
	everyPair    = flag.Int("everypair", 5, "TestPairs runs one of so many pairs of operations, of 7 with -short; all of them with 1")
)

const oracleMax = 10_000 // schedules: a program that has more is left out

// end is how a schedule ended, as far as others of its class must agree with it.
type end struct {
	verdict string
	saw     string
}

// tally is what a search ran: the classes that were run to their end, and the verdicts that cut others short.
type tally struct {
	classes  map[uint64]end
	cut      map[string]bool
	runs     int
	odd      string // what should not be
	complete bool   // the search says so
	hidden   bool   // an operation of the standard library's own had to wait
	digest   uint64 // of the runs, in order
}

// subject is a program of which a run can be told once it has ended: what its goroutines saw and, where it passed, what it has left.
type subject interface {
	told() (body func(), tells func(passed bool) string)
}

// watched is a run of which is seen whether something hidden waits.
type watched struct {
	scheduler.Diverger
	t *tally
}

func (w watched) Pick(d *scheduler.Decision) int {
	w.see(d.Since)
	return w.Diverger.Pick(d)
}

func (w watched) End(o *scheduler.Outcome) {
	w.see(o.Since)
	w.Diverger.End(o)
}

func (w watched) see(events []scheduler.Event) {
	for i := range events {
		w.t.hidden = w.t.hidden || events[i].Quiet
	}
}

// search runs all schedules of a strategy, or gives up at most.
func search(m *scheduler.Machine, make scheduler.Maker, p subject, most int) (*tally, bool) {
	s, h := make(1), fnv.New64a()
	t := &tally{classes: map[uint64]end{}, cut: map[string]bool{}}
	for run, ok := s.Next(); ok; run, ok = s.Next() {
		if t.runs++; t.runs > most {
			return t, false
		}
		if _, ok := run.(scheduler.Locator); !ok {
			run = watched{run.(scheduler.Diverger), t}
		}
		body, tells := p.told()
		r := m.Run(run, body, scheduler.Options{Steps: 1000})
		if r.Passed {
			t.runs-- // on the way to the parts of one that is divided
			continue
		}
		e := end{verdict: r.Kind}
		switch r.Kind {
		case "", scheduler.KindDeadlock, scheduler.KindLeak:
			e.saw = tells(r.Kind == "")
			if was, ok := t.classes[r.Class]; ok && was != e {
				t.odd = fmt.Sprintf("class %x ends with %v and with %v", r.Class, was, e)
			}
			t.classes[r.Class] = e
		case scheduler.KindDivergence:
			t.odd = r.Divergence.Error()
		default:
			t.cut[r.Kind+": "+r.Message] = true
		}
		fmt.Fprint(h, r.Class, e, r.Message, r.Steps, ";")
	}
	t.complete, t.digest = s.(scheduler.Completer).Complete(), h.Sum64()
	return t, true
}

// comparison holds the search to brute force.
type comparison struct {
	m                      *scheduler.Machine
	spare                  int // how many programs may have a class begun a second time by the search that may, and of how many a search may not say that it is complete
	skipped, classes, runs int
	lost                   int // of how many programs a search that is not complete has not run a class
	notes                  []string
	again                  map[string]int // by engine: how many programs had a class begun a second time
	partial                map[string]int // and of how many it does not say that it is complete, though nothing waits that is hidden
}

func (x *comparison) check(p program) error {
	want, ok := search(x.m, scheduler.DepthFirst(), p, oracleMax)
	if !ok {
		x.skipped++
		return nil
	}
	if want.odd != "" || !want.complete {
		return fmt.Errorf("brute force: %s, complete %t", want.odd, want.complete)
	}
	for _, e := range engines() {
		if err := x.hold(p, e, want); err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return nil
}

// hold holds one search to what brute force found.
func (x *comparison) hold(p program, e engine, want *tally) error {
	got, ok := search(x.m, e.make, p, 2*want.runs+100)
	if !ok {
		return fmt.Errorf("more runs than brute force has")
	}
	if got.odd != "" {
		return errors.New(got.odd)
	}
	for c, seen := range want.classes {
		if got.classes[c] != seen {
			if e.name == "parsimonious" && !got.complete && p.selects() {
				x.notes = append(x.notes, fmt.Sprint(e.name, ": ", p, "a class is not run, and the search is not complete"))
				x.lost++
				return nil
			}
			return fmt.Errorf("class %x, %v, of %d is not run", c, seen, len(want.classes))
		}
	}
	if len(got.classes) != len(want.classes) || !maps.Equal(want.cut, got.cut) {
		return fmt.Errorf("%d classes of %d; verdicts %v, not %v", len(got.classes), len(want.classes),
			slices.Sorted(maps.Keys(got.cut)), slices.Sorted(maps.Keys(want.cut)))
	}
	if len(want.cut) == 0 && got.runs != len(got.classes) && !(e.name == "shared" && p.selects()) { // which begins again
		x.notes = append(x.notes, fmt.Sprint(e.name, ": ", p, got.runs, " runs for ", len(got.classes)))
		if count(&x.again, e.name) > x.spare || e.name == "exhaustive" && x.spare < 1<<30 {
			return fmt.Errorf("%d runs for %d classes", got.runs, len(got.classes))
		}
	}
	if !got.complete && !want.hidden && !(e.name == "parsimonious" && p.selects()) {
		x.notes = append(x.notes, fmt.Sprint(e.name, ": ", p, "not complete"))
		if count(&x.partial, e.name) > x.spare {
			return fmt.Errorf("not complete")
		}
	}
	x.classes, x.runs = x.classes+len(got.classes), x.runs+got.runs
	return nil
}

func count(of *map[string]int, name string) int {
	if *of == nil {
		*of = map[string]int{}
	}
	(*of)[name]++
	return (*of)[name]
}

// TestLost has programs of which a class was lost once.
func TestLost(t *testing.T) {
	for _, text := range []string{
		"select default; select default; select default, trysend 1",
		"select default; send 0; tryreceive 1",
		"select 0 0, select 0 1, select 0 0; select 0 0, select 0 1; select 0 1",
		"send 2; select 1 2; tryreceive 1",
		"trysend 1, select 1 2; trysend 1; send 2",
		"trysend 1, select 1 2; trysend 1; trysend 1, send 2",
	} {
		x := &comparison{m: scheduler.NewMachine(), spare: 1}
		var p program
		for _, g := range strings.Split(text, "; ") {
			p.Goroutines = append(p.Goroutines, named(t, g))
		}
		if err := x.check(p); err != nil || x.lost > 0 {
			t.Errorf("%v: %v, %d lost", p, err, x.lost)
		}
		if got, _ := search(x.m, scheduler.Parsimonious, p, oracleMax); got.complete {
			t.Errorf("%v: the parsimonious search says that it is complete", p)
		}
	}
}

// TestBegunTwice has a program of which a class was begun twice once: a select was planned before a step that the case it would take does not depend on.
// (The parsimonious search still begins two of it a second time.)
func TestBegunTwice(t *testing.T) {
	var p program
	for _, g := range []string{"trysend 0, select default, trysend 0", "send 0, select default", "select default, trysend 0"} {
		p.Goroutines = append(p.Goroutines, named(t, g))
	}
	x := &comparison{m: scheduler.NewMachine()}
	want, ok := search(x.m, scheduler.DepthFirst(), p, oracleMax)
	if !ok {
		t.Fatal("too large for brute force")
	}
	if err := x.hold(p, engine{"exhaustive", scheduler.Exhaustive()}, want); err != nil {
		t.Error(err)
	}
}

// TestUnpairedRUnlock: RLock and RUnlock commute, unless an RUnlock has no RLock of its own that comes before it in any order.
func TestUnpairedRUnlock(t *testing.T) {
	m := scheduler.NewMachine()
	verdicts := map[string]bool{}
	s := scheduler.Exhaustive()(1)
	for run, ok := s.Next(); ok; run, ok = s.Next() {
		r := m.Run(run, func() {
			var mu sync.RWMutex
			go mu.RUnlock()
			mu.RLock()
		}, scheduler.Options{Steps: 100})
		verdicts[r.Kind] = true
	}
	if want := (map[string]bool{"": true, scheduler.KindFatal: true}); !maps.Equal(verdicts, want) || !s.(scheduler.Completer).Complete() {
		t.Errorf("verdicts %v, want %v; complete %t", verdicts, want, s.(scheduler.Completer).Complete())
	}
}

// named are operations by their names.
func named(t *testing.T, text string) (ops []byte) {
	for _, name := range strings.Split(text, ", ") {
		if i := slices.IndexFunc(operations, func(o operation) bool { return o.name == name }); i >= 0 {
			ops = append(ops, byte(i))
		} else if name != "" {
			t.Fatalf("no operation %q", name)
		}
	}
	return ops
}

// TestPairs runs two operations, every two with -everypair 1, in both orders, from several states: if the two do not depend on each other, as the table has it, then
// both orders are one class, and the goroutines see the same in both, and leave the same behind.
func TestPairs(t *testing.T) {
	x := &comparison{m: scheduler.NewMachine(), spare: 1 << 30}
	some, every := befores, *everyPair
	if !*large {
		some = befores[:2]
	}
	if testing.Short() {
		every = max(every, 7)
	}
	for _, before := range some {
		p := program{Before: named(t, before)}
		for a := range operations {
			for b := a % every; b <= a; b += every {
				p.Goroutines = [][]byte{{}, {byte(a)}, {byte(b)}}
				if err := x.check(p); err != nil {
					t.Errorf("%v: %v", p, err)
				}
			}
		}
	}
	t.Logf("%d pairs left out; %d classes in %d runs", x.skipped, x.classes, x.runs)
}

// befores are states to begin with.
var befores = []string{
	"", "send 1", "send 2", "send 2, send 2", "close 0", "lock 0", "rlock", "wlock", "store 0", "wg add, wg add", "after reset", "cancel", "once",
}

// TestRandomPrograms: of every class of every program that is small enough for brute force a schedule is run, with the same verdict, and
// whatever the order of independent steps, the goroutines see the same. The exhaustive search begins no class a second time; the parsimonious one, alone or shared, does in some
// programs with selects and WaitGroups, four in a thousand at most; alone it may lose one where there are selects, and says so. In as many a search does not say that it is complete although nothing waits that is hidden (docs/reduction.md tells when).
func TestRandomPrograms(t *testing.T) {
	randomPrograms(t, firstOperations(len(operations)-ofContexts))
}

// TestRandomFlows is [TestRandomPrograms] with channels that have buffers, and little else.
func TestRandomFlows(t *testing.T) {
	randomPrograms(t, named(t, "send 1, send 1, send 2, send 2, send 2, receive 1, receive 1, receive 2, receive 2, receive 2, len, close 1, trysend 1, tryreceive 1, "+
		"select 0 1, select 1 2, select default, select timeout, add 0"))
}

// TestRandomContexts is [TestRandomPrograms] with a context whose channel is made when it is first asked for, by whoever that is.
func TestRandomContexts(t *testing.T) {
	randomPrograms(t, named(t, "done, cancel, cancel, err, select done 1, select done 1, select done into 2, select done into 2, send 1, receive 1, close 1, receive 2, add 0"))
}

// TestRandomTrees is [TestRandomPrograms] with contexts that are derived from others.
func TestRandomTrees(t *testing.T) {
	randomPrograms(t, named(t, "end root, end root, end left, end right, end leaf, err of root, err of left, err of leaf, cause of root, cause of leaf, await left, try leaf, "+
		"derive from root, derive from left, derive with timeout, after left, stop that, send 1, receive 1, lock 0, unlock 0, add 0"))
}

func randomPrograms(t *testing.T, pool []byte) {
	if testing.Short() {
		*programCount = min(*programCount, 50)
	}
	x := &comparison{m: scheduler.NewMachine(), spare: 1 + *programCount/250}
	parameters := gopter.DefaultTestParametersWithSeed(*programSeed)
	parameters.MinSuccessfulTests, parameters.Workers = *programCount, 1
	result := prop.ForAll(func(p program) (bool, error) {
		err := x.check(p)
		return err == nil, err
	}, programs(7, pool)).Check(parameters)
	t.Logf("%d programs, %d of them left out; %d classes in %d runs; runs to spare in so many programs: %v; not said to be complete: %v; of %d a class was not run",
		*programCount, x.skipped, x.classes, x.runs, x.again, x.partial, x.lost)
	for _, n := range x.notes {
		t.Log(n)
	}
	if !result.Passed() {
		t.Errorf("%v", result)
		for _, a := range result.Args {
			p := a.Arg.(program)
			t.Errorf("%v: %v", p, x.check(p))
		}
	}
}
