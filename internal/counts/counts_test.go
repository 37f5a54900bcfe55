// Package counts holds the kernel, the access table and the exhaustive search to published numbers of
// equivalence classes, on plain Go bodies.
package counts

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

var engineNames = flag.String("engines", "exhaustive,parsimonious,shared", "the reducing searches that are held to the numbers")

// engine is a search that reduces.
type engine struct {
	name string
	make scheduler.Maker
}

func engines() (all []engine) {
	for _, name := range strings.Split(*engineNames, ",") {
		m, err := scheduler.ParseStrategy(name)
		if name == "shared" {
			m, err = newShared, nil
		}
		if err != nil {
			panic(err)
		}
		all = append(all, engine{name, m})
	}
	return all
}

var large = flag.Bool("large", false, "run the rows that take longer than a second or two, too")

// row is a program whose number of Mazurkiewicz traces is known.
type row struct {
	name    string
	classes int
	failing int // some interleavings deadlock; main has returned, so the verdict is a leak
	body    func()
}

func of(name string, f func(int), n, classes int) row {
	return row{name: fmt.Sprintf("%s(%d)", name, n), classes: classes, body: func() { f(n) }}
}

func of2(name string, f func(int, int), n, m, classes int) row {
	return row{name: fmt.Sprintf("%s(%d,%d)", name, n, m), classes: classes, body: func() { f(n, m) }}
}

func of3(name string, f func(int, int, int), n, m, k, classes int) row {
	return row{name: fmt.Sprintf("%s(%d,%d,%d)", name, n, m, k), classes: classes, body: func() { f(n, m, k) }}
}

func deadlocks(n int, r row) row {
	r.failing = n
	return r
}

var rows = []row{
	of("readers", readers, 2, 4), of("readers", readers, 6, 64), of("readers", readers, 8, 256), of("readers", readers, 13, 8192),
	of("lastzero", lastzero, 1, 2), of("lastzero", lastzero, 2, 5), of("lastzero", lastzero, 3, 12), of("lastzero", lastzero, 4, 28),
	of("lastzero", lastzero, 5, 64), of("lastzero", lastzero, 7, 320), of("lastzero", lastzero, 10, 3328), of("lastzero", lastzero, 15, 147456),
	of("filesystem", filesystem, 13, 1), of("filesystem", filesystem, 14, 2), of("filesystem", filesystem, 16, 8),
	of("filesystem", filesystem, 18, 32), of("filesystem", filesystem, 19, 64),
	of("indexer", indexer, 11, 1), of("indexer", indexer, 12, 8), of("indexer", indexer, 13, 64), of("indexer", indexer, 15, 4096),
	{"POPL'14 example 2", 5, 0, poplExample},
	of("control-flow", controlFlow, 2, 18), of("control-flow", controlFlow, 3, 90), of("control-flow", controlFlow, 4, 600), of("control-flow", controlFlow, 5, 5160),
	{"sleeping_races_1", 3, 0, sleepingRaces1},
	{"sleeping_races_6", 10, 0, sleepingRaces6},
	{"combination_lock_1", 6, 0, combinationLock1},
	{"two_writers_readers_1", 9, 0, twoWritersReaders1},
	{"two_writers_readers_2", 18, 0, twoWritersReaders2},
	{"manywrite_2", 16, 0, manywrite2},
	of("ainc", ainc, 2, 2), of("ainc", ainc, 3, 6), of("ainc", ainc, 5, 120), of("ainc", ainc, 6, 720), of("ainc", ainc, 7, 5040),
	of("binc", binc, 2, 4), of("binc", binc, 3, 36), of("binc", binc, 4, 576),
	of("cinc", cinc, 2, 8), of("cinc", cinc, 3, 216), of("cinc", cinc, 4, 13824),
	of("inc", inc, 2, 4), of("inc", inc, 3, 36), of("inc", inc, 4, 576),
	of("rw", rw, 2, 4), of("rw", rw, 3, 36), of("rw", rw, 4, 576),
	of("wrw", wrw, 2, 22), of("wrw", wrw, 3, 300), of("wrw", wrw, 4, 6576),
	of("wainc", wainc, 2, 6), of("wainc", wainc, 4, 120),
	of("N-writers", writers, 5, 720),
	of("cas", cas, 3, 3), of("cas", cas, 5, 5),
	of("casrot", casrot, 2, 2), of("casrot", casrot, 3, 5), of("casrot", casrot, 4, 14), of("casrot", casrot, 5, 43),
	of("casrot", casrot, 6, 144), of("casrot", casrot, 7, 523), of("casrot", casrot, 8, 2048), of("casrot", casrot, 9, 8597),
	of("casw", casw, 2, 6), of("casw", casw, 3, 66), of("casw", casw, 4, 1200), of("casw", casw, 5, 32880),
	of("wcas", wcas, 2, 5), of("wcas", wcas, 3, 13), of("wcas", wcas, 5, 81), of("wcas", wcas, 9, 2305),
	of("CoA", coA, 1, 4), of("CoA", coA, 2, 15), of("CoA", coA, 3, 130), of("CoA", coA, 4, 2028), of("CoA", coA, 5, 49776),
	{"fib_bench(1)", 11, 0, func() { fib(1, true) }},
	{"fib_bench(2)", 140, 0, func() { fib(2, true) }},
	{"fib_bench(3)", 1698, 0, func() { fib(3, true) }},
	{"fib_bench(4)", 19605, 0, func() { fib(4, true) }},
	{"fib_bench without third thread(3)", 141, 0, func() { fib(3, false) }},
	{"fib_bench without third thread(4)", 1107, 0, func() { fib(4, false) }},
	of("lockinc", lockinc, 3, 6), of("lockinc", lockinc, 5, 120), of("lockinc", lockinc, 7, 5040), of("lock2inc", lock2inc, 4, 24),
	of("lockinc, joined", joined, 3, 6), of("lockinc, joined", joined, 5, 120),
	of("mutex_simple", mutexSimple, 4, 24),
	of2("loop-lock", lockers, 2, 2, 6), of2("loop-lock", lockers, 2, 3, 20), of2("loop-lock", lockers, 3, 2, 90),
	of("circular-buffer", circularBuffer, 1, 2), of("circular-buffer", circularBuffer, 3, 20), of("circular-buffer", circularBuffer, 5, 252),
	of("circular-buffer", circularBuffer, 7, 3432),
	deadlocks(1, of("philosophers", philosophers, 2, 3)), deadlocks(1, of("philosophers", philosophers, 3, 7)),
	deadlocks(1, of("philosophers", philosophers, 4, 15)), deadlocks(1, of("philosophers", philosophers, 6, 63)),
	of("philosophers with a waiter", waiterPhilosophers, 4, 24),
	of("philosophers with a chair less", seatedPhilosophers, 2, 2), of("philosophers with a chair less", seatedPhilosophers, 3, 126),
	of("philosophers with a chair less", seatedPhilosophers, 4, 9176),
	{"prodcons(2,2,2,1)", 36, 0, func() { prodcons(2, 2, 2, 1) }},
	{"prodcons(1,1,2,1)", 1, 0, func() { prodcons(1, 1, 2, 1) }},
	{"prodcons(1,1,3,2)", 16, 0, func() { prodcons(1, 1, 3, 2) }},
	{"prodcons(2,2,1,1)", 4, 0, func() { prodcons(2, 2, 1, 1) }},
	{"prodcons(2,2,1,2)", 148, 0, func() { prodcons(2, 2, 1, 2) }},
	// ((n·items)! / items!^n)² for any buffer.
	of3("queue", queue, 1, 5, 1, 1), of3("queue", queue, 1, 9, 3, 1), of3("queue", queue, 2, 1, 1, 4), of3("queue", queue, 2, 1, 2, 4), of3("queue", queue, 2, 2, 1, 36),
	of3("queue", queue, 2, 2, 2, 36), of3("queue", queue, 2, 2, 3, 36), of3("queue", queue, 2, 3, 2, 400), of3("queue", queue, 3, 1, 1, 36), of3("queue", queue, 3, 1, 2, 36),
	of3("queue", queue, 2, 4, 3, 4900), of3("queue", queue, 3, 2, 2, 8100),
	of2("sharers of a RWMutex", sharers, 4, 0, 1), of2("sharers of a RWMutex", sharers, 2, 1, 9), of2("sharers of a RWMutex", sharers, 4, 1, 81),
	deadlocks(2, of("mutex_deadlock", mutexDeadlock, 2, 2)), deadlocks(3, of("mutex_deadlock", mutexDeadlock, 3, 3)),
	{"mutex_deadlock_one", 5, 3, mutexDeadlockOne},
	{"mutex_hard", 4, 3, mutexHard},
	// A TryLock that fails is a read.
	{"mutex_trylock_unlock(3)", 21, 0, func() { trylockers(3, true) }},
	{"mutex_trylock_deadlock(3)", 3, 0, func() { trylockers(3, false) }},
	of("mutex_vs_trylock", mutexVsTrylock, 1, 3), of("mutex_vs_trylock", mutexVsTrylock, 2, 15),
	of2("reorder", reorder, 1, 1, 4), of2("reorder", reorder, 2, 1, 56), of2("reorder", reorder, 3, 1, 1248), of2("reorder", reorder, 4, 1, 40032),
	of2("twostage", twostage, 1, 1, 3), of2("twostage", twostage, 2, 1, 40), of2("twostage", twostage, 2, 2, 472), of2("twostage", twostage, 3, 1, 1080),
	{"lazy01", 6, 0, lazy01},
	{"deadlock01", 3, 1, deadlock01},
	of("wronglock", wronglock, 1, 7), of("wronglock", wronglock, 2, 48), of("wronglock", wronglock, 3, 360),
}

// TestClasses: as many schedules are run as there are classes, each of them another.
func TestClasses(t *testing.T) {
	for _, row := range rows {
		for _, e := range engines() {
			t.Run(row.name+"/"+e.name, func(t *testing.T) {
				if row.classes > 2500 && !*large {
					t.SkipNow()
				}
				row.hold(t, e)
			})
		}
	}
}

func (row row) hold(t *testing.T, e engine) {
	start := time.Now()
	c := sim.Config{Name: row.name, Strategy: e.make, Schedules: 1 << 20, KeepGoing: true}
	r, err := c.Explore(func(*sim.T) { row.body() })
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d schedules in %v", r.Schedules, time.Since(start))
	if !r.Complete || r.Bounded || r.Distinct != row.classes || r.Schedules != row.classes || r.Failing != row.failing {
		t.Errorf("%d classes in %d schedules, complete %t, bounded %t, %d failing; want %d classes, %d failing",
			r.Distinct, r.Schedules, r.Complete, r.Bounded, r.Failing, row.classes, row.failing)
	}
}
