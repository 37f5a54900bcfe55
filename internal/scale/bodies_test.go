package scale

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lastcall-go/lastcall/internal/bench/body"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// A program's classes are known: see the tables in Abdulla, Aronis, Jonsson, Sagonas: Source Sets (JACM 2017).
type program struct {
	name    string
	body    func(t *sim.T)
	classes int
}

// readers has n goroutines that read what one writes: 2^n classes.
func readers(n int) program {
	return program{fmt.Sprintf("readers(%d)", n), func(*sim.T) {
		var x atomic.Int32
		var wg sync.WaitGroup
		wg.Add(n + 1)
		go func() { x.Store(1); wg.Done() }()
		for range n {
			go func() { x.Load(); wg.Done() }()
		}
		wg.Wait()
	}, 1 << n}
}

// lastZero has a goroutine that looks for the last zero of an array whose elements the others make one more than the element before.
func lastZero(n, classes int) program {
	return program{fmt.Sprintf("lastzero(%d)", n), func(*sim.T) {
		a := make([]atomic.Int32, n+1)
		var wg sync.WaitGroup
		wg.Add(n + 1)
		go func() {
			defer wg.Done()
			i := n
			for a[i].Load() != 0 {
				i--
			}
		}()
		for j := 1; j <= n; j++ {
			go func() { a[j].Store(a[j-1].Load() + 1); wg.Done() }()
		}
		wg.Wait()
	}, classes}
}

// inc has n goroutines that each read a counter and write it, without regard to the others.
func inc(n, classes int) program {
	return program{fmt.Sprintf("inc(%d)", n), func(*sim.T) {
		var x atomic.Int32
		var wg sync.WaitGroup
		wg.Add(n)
		for range n {
			go func() { x.Store(x.Load() + 1); wg.Done() }()
		}
		wg.Wait()
	}, classes}
}

// shutdown is the small program of the benchmarks: four goroutines, a context, timers.
func shutdown() program {
	return program{"shutdown", func(*sim.T) { body.Shutdown() }, 0}
}

func programs() []program {
	return []program{readers(4), readers(8), readers(13), lastZero(5, 64), lastZero(10, 3328), lastZero(15, 147456), inc(4, 576)}
}
