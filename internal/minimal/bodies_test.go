package minimal

import (
	"context"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/internal/sctbench"
	"github.com/lastcall-go/lastcall/scenarios/matrix"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// A program fails in some interleavings. Most of them, those of package sctbench among them, are SCTBench's (Thomson, Donaldson, Betts: Concurrency Testing Using
// Controlled Schedulers, TOPC 2016), in Go.
type program struct {
	name string
	body func(t *sim.T)
	big  bool // too big for brute force: it takes 1 preemption, since a goroutine that runs to its end at once shows nothing

	search func(t *sim.T) // what brute force is used on, where that is not body: see sctbench.Program
}

// isBig says which of package sctbench's programs are.
var isBig = regexp.MustCompile(`^(wronglock|(reorder|twostage)_\d\d+)$`)

func programs() []program {
	all := []program{
		{name: "twostage_4", body: twoStage(2, 2)},
		{name: "carter01", body: carter01},
		{name: "lost update of 3", body: lostUpdate(3)},
		{name: "send after close", body: sendAfterClose},
		{name: "two preemptions", body: climb(2)},
		{name: "leak after timeout", body: leakAfterTimeout},
	}
	for _, p := range sctbench.Programs() {
		q := program{name: p.Name, body: func(*sim.T) { p.Body() }, big: isBig.MatchString(p.Name)}
		if p.Blocks != nil {
			q.search = func(*sim.T) { p.Blocks() }
		}
		all = append(all, q)
	}
	for _, c := range matrix.Cells() {
		if c.Expected.Verdict == matrix.Broken && !c.InMatrix() {
			all = append(all, program{name: c.Name(), body: c.Bodies()[c.Name()]})
		}
	}
	return all
}

// join runs the functions in goroutines of their own and waits for them.
func join(fs ...func()) {
	var wg sync.WaitGroup
	for _, f := range fs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f()
		}()
	}
	wg.Wait()
}

func repeat(n int, f func()) []func() {
	fs := make([]func(), n)
	for i := range fs {
		fs[i] = f
	}
	return fs
}

func twoStage(as, bs int) func(t *sim.T) {
	return func(t *sim.T) {
		var l1, l2 sync.Mutex
		d1, d2 := 0, 0
		a := func() {
			l1.Lock()
			d1 = 1
			l1.Unlock()
			l2.Lock()
			d2 = d1 + 1
			l2.Unlock()
		}
		b := func() {
			l1.Lock()
			if d1 == 0 {
				l1.Unlock()
				return
			}
			t1 := d1
			l1.Unlock()
			l2.Lock()
			t2 := d2
			l2.Unlock()
			if t2 != t1+1 {
				t.Error("second stage missing")
			}
		}
		join(append(repeat(as, a), repeat(bs, b)...)...)
	}
}

func deadlock01(t *sim.T) {
	var a, b sync.Mutex
	counter := 0
	join(func() {
		a.Lock()
		b.Lock()
		counter++
		b.Unlock()
		a.Unlock()
	}, func() {
		b.Lock()
		a.Lock()
		counter--
		a.Unlock()
		b.Unlock()
	})
}

func carter01(t *sim.T) {
	var m, l sync.Mutex
	counts := [2]int{}
	user := func(i int) func() {
		return func() {
			m.Lock()
			if counts[i]++; counts[i] == 1 {
				l.Lock()
			}
			m.Unlock()
			m.Lock()
			if counts[i]--; counts[i] == 0 {
				l.Unlock()
			}
			m.Unlock()
		}
	}
	join(user(0), user(1))
}

func lostUpdate(n int) func(t *sim.T) {
	return func(t *sim.T) {
		var x atomic.Int32
		join(repeat(n, func() { x.Store(x.Load() + 1) })...)
		if x.Load() != int32(n) {
			t.Error("lost")
		}
	}
}

func sendAfterClose(t *sim.T) {
	var closed atomic.Bool
	c := make(chan int, 8)
	for i := range 3 {
		go func() {
			if !closed.Load() {
				c <- i
			}
		}()
	}
	closed.Store(true)
	close(c)
}

// climb has a reader that must see 0, 1 .. n, each written by another goroutine.
func climb(n int) func(t *sim.T) {
	return func(t *sim.T) {
		var x atomic.Int32
		reader := func() {
			for want := range int32(n + 1) {
				if x.Load() != want {
					return
				}
			}
			t.Error("climbed")
		}
		fs := []func(){reader}
		for i := range int32(n) {
			fs = append(fs, func() { x.Store(i + 1) })
		}
		join(fs...)
	}
}

func leakAfterTimeout(t *sim.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	answer := make(chan int)
	go func() {
		time.Sleep(time.Second)
		answer <- 1
	}()
	select {
	case <-answer:
	case <-ctx.Done():
	}
}
