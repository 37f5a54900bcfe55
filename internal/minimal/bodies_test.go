package minimal

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/internal/sctbench"
	"github.com/lastcall-go/lastcall/scenarios/matrix"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// A program fails in some interleavings. The first of them are SCTBench's (Thomson, Donaldson, Betts: Concurrency Testing Using
// Controlled Schedulers, TOPC 2016), in Go.
type program struct {
	name string
	body func(t *sim.T)
	big  bool // too big for brute force: it takes 1 preemption, since a goroutine that runs to its end at once shows nothing

	search func(t *sim.T) // what brute force is used on, where that is not body: see sctbench.Program
}

func programs() []program {
	all := []program{
		{name: "reorder_3", body: reorder(2, 1)},
		{name: "reorder_4", body: reorder(3, 1)},
		{name: "reorder_5", body: reorder(4, 1)},
		{name: "twostage", body: twoStage(1, 1)},
		{name: "twostage_4", body: twoStage(2, 2)},
		{name: "wronglock", body: wrongLock(7), big: true},
		{name: "wronglock_3", body: wrongLock(3)},
		{name: "account", body: account},
		{name: "bluetooth_driver", body: bluetooth},
		{name: "token_ring", body: tokenRing},
		{name: "lazy01", body: lazy01},
		{name: "deadlock01", body: deadlock01},
		{name: "carter01", body: carter01},
		{name: "stringbuffer", body: stringBuffer},
		{name: "lost update of 3", body: lostUpdate(3)},
		{name: "send after close", body: sendAfterClose},
		{name: "two preemptions", body: climb(2)},
		{name: "leak after timeout", body: leakAfterTimeout},
		{name: "reorder_10", body: reorder(9, 1), big: true},
		{name: "reorder_20", body: reorder(10, 10), big: true},
		{name: "twostage_20", body: twoStage(10, 10), big: true},
		{name: "reorder_50", body: reorder(40, 10), big: true},
		{name: "twostage_50", body: twoStage(40, 10), big: true},
		{name: "reorder_100", body: reorder(99, 1), big: true},
		{name: "twostage_100", body: twoStage(99, 1), big: true},
	}
	for _, p := range sctbench.Programs() {
		switch p.Name {
		case "queue", "stack", "boundedBuffer", "WorkStealQueue", "InterlockedWorkStealQueue", "InterlockedWorkStealQueueWithState", "StateWorkStealQueue":
			q := program{name: p.Name, body: func(*sim.T) { p.Body() }}
			if p.Blocks != nil {
				q.search = func(*sim.T) { p.Blocks() }
			}
			all = append(all, q)
		}
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

func reorder(setters, checkers int) func(t *sim.T) {
	return func(t *sim.T) {
		var a, b atomic.Int32
		set := func() { a.Store(1); b.Store(-1) }
		check := func() {
			if !(a.Load() == 0 && b.Load() == 0) && !(a.Load() == 1 && b.Load() == -1) {
				t.Error("reordered")
			}
		}
		join(append(repeat(setters, set), repeat(checkers, check)...)...)
	}
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

func wrongLock(others int) func(t *sim.T) {
	return func(t *sim.T) {
		var m, n sync.Mutex
		var d atomic.Int32
		a := func() {
			m.Lock()
			x := d.Load()
			d.Store(d.Load() + 1)
			if d.Load() != x+1 {
				t.Error("another wrote")
			}
			m.Unlock()
		}
		b := func() {
			n.Lock()
			d.Store(d.Load() + 1)
			n.Unlock()
		}
		join(append([]func(){a}, repeat(others, b)...)...)
	}
}

func account(t *sim.T) {
	var m sync.Mutex
	balance, deposited, withdrawn := 1, false, false
	locked := func(f func()) func() {
		return func() { m.Lock(); f(); m.Unlock() }
	}
	join(
		locked(func() {
			if deposited && withdrawn && balance != (1-2)-4 {
				t.Error("wrong balance")
			}
		}),
		locked(func() { balance += 2; deposited = true }),
		locked(func() { balance -= 4; withdrawn = true }),
	)
}

func bluetooth(t *sim.T) {
	var m sync.Mutex
	pending := 1
	var stopping, event, stopped atomic.Bool
	leave := func() {
		m.Lock()
		pending--
		p := pending
		m.Unlock()
		if p == 0 {
			event.Store(true)
		}
	}
	join(func() {
		stopping.Store(true)
		leave()
		if event.Load() {
			stopped.Store(true)
		}
	}, func() {
		if stopping.Load() {
			return
		}
		m.Lock()
		pending++
		m.Unlock()
		if stopped.Load() {
			t.Error("in use after the stop")
		}
		leave()
	})
}

func tokenRing(t *sim.T) {
	var m sync.Mutex
	x1, x2, x3 := 1, 2, 1
	f1, f2, f3 := false, false, false
	locked := func(f func()) func() {
		return func() { m.Lock(); f(); m.Unlock() }
	}
	join(
		locked(func() { x1, f1 = (x3+1)%4, true }),
		locked(func() { x2, f2 = x1, true }),
		locked(func() { x3, f3 = x2, true }),
		locked(func() {
			if f1 && f2 && f3 && !(x1 == x2 && x2 == x3) {
				t.Error("not equal")
			}
		}),
	)
}

func lazy01(t *sim.T) {
	var m sync.Mutex
	d := 0
	locked := func(f func()) func() {
		return func() { m.Lock(); f(); m.Unlock() }
	}
	join(
		locked(func() {
			if d >= 3 {
				t.Error("3 or more")
			}
		}),
		locked(func() { d += 2 }),
		locked(func() { d++ }),
	)
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

func stringBuffer(t *sim.T) {
	var mu, other sync.Mutex
	buffer, sb := "abc", ""
	join(func() {
		mu.Lock()
		buffer = ""
		mu.Unlock()
		mu.Lock()
		buffer += "abc"
		mu.Unlock()
	}, func() {
		other.Lock()
		defer other.Unlock()
		mu.Lock()
		n := len(buffer)
		mu.Unlock()
		mu.Lock()
		defer mu.Unlock()
		if n > len(buffer) {
			t.Error("out of bounds")
			return
		}
		sb += buffer[:n]
	})
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
