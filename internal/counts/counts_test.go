// Package counts holds the kernel, the access table and the plain exhaustive search to published numbers of
// equivalence classes, on plain Go bodies.
package counts

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// rows are programs whose numbers of Mazurkiewicz traces are known: from the tests of GenMC, Concuerror, Nidhugg and SimGrid, and from
// POPL'14. The search without reduction runs every interleaving of the goroutines' starts and ends too, so the sizes are small.
var rows = []struct {
	name    string
	classes int
	failing bool // some interleavings deadlock; main has returned, so the verdict is a leak
	body    func(t *sim.T)
}{
	{"readers(2)", 4, false, func(*sim.T) { readers(2) }},
	{"readers(3)", 8, false, func(*sim.T) { readers(3) }},
	{"ainc(3)", 6, false, func(*sim.T) {
		var x atomic.Int32
		for range 3 {
			go x.Add(1)
		}
	}},
	{"inc(2)", 4, false, func(*sim.T) {
		var x atomic.Int32
		for range 2 {
			go func() { x.Store(x.Load() + 1) }()
		}
	}},
	{"lockinc(3)", 6, false, func(*sim.T) { lockers(3, 1) }},
	{"loop-lock 2x2", 6, false, func(*sim.T) { lockers(2, 2) }},
	{"casrot(3)", 5, false, func(*sim.T) {
		var x atomic.Int32
		for i := range int32(3) {
			go x.CompareAndSwap(i, i+1)
		}
	}},
	{"lastzero(2)", 5, false, func(*sim.T) {
		var a [3]atomic.Int32
		go func() {
			for i := 2; i >= 0 && a[i].Load() != 0; i-- {
			}
		}()
		for j := 1; j <= 2; j++ {
			go func() { a[j].Store(a[j-1].Load() + 1) }()
		}
	}},
	{"philosophers(2)", 3, true, func(*sim.T) {
		var fork [2]sync.Mutex
		for i := range 2 {
			go func() {
				fork[i].Lock()
				fork[1-i].Lock()
				fork[1-i].Unlock()
				fork[i].Unlock()
			}()
		}
	}},
	{"mutex_trylock_deadlock(3)", 3, false, func(*sim.T) { // a failed TryLock is a read
		var mu sync.Mutex
		for range 3 {
			go mu.TryLock()
		}
	}},
	{"two sends with room for both", 2, false, func(*sim.T) {
		c := make(chan int, 2)
		for i := range 2 {
			go func() { c <- i }()
		}
	}},
}

func readers(n int) {
	var x atomic.Int32
	go x.Store(1)
	for range n {
		go x.Load()
	}
}

func lockers(n, times int) {
	var mu sync.Mutex
	for range n {
		go func() {
			for range times {
				mu.Lock()
				mu.Unlock()
			}
		}()
	}
}

func TestClasses(t *testing.T) {
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := sim.Config{Name: row.name, Strategy: scheduler.Exhaustive(), Schedules: 1 << 20, KeepGoing: true}
			r, err := c.Explore(row.body)
			if err != nil {
				t.Fatal(err)
			}
			if !r.Complete || r.Bounded || r.Distinct != row.classes || r.OK() == row.failing {
				t.Errorf("%d classes in %d schedules, complete %t, bounded %t, %d failing; want %d classes, failing %t",
					r.Distinct, r.Schedules, r.Complete, r.Bounded, r.Failing, row.classes, row.failing)
			}
		})
	}
}
