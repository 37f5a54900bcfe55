package bench

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/eventloop"
	"github.com/lastcall-go/lastcall/loop"
)

// A poster is something that calls functions one at a time, in order, on one goroutine.
type poster struct {
	name string
	open func() (post func(func()), end func())
}

var posters = []poster{
	{"loop", func() (func(func()), func()) {
		l := loop.New()
		done := make(chan struct{})
		go func() { defer close(done); l.Run() }()
		return func(f func()) { l.Post(f) }, func() { l.Close(); <-done }
	}},
	{"goja", func() (func(func()), func()) {
		l := eventloop.NewEventLoop()
		l.Start()
		return func(f func()) { l.RunOnLoop(func(*goja.Runtime) { f() }) }, l.Terminate
	}},
	{"channel", func() (func(func()), func()) {
		c := make(chan func(), 1024)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for f := range c {
				f()
			}
		}()
		return func(f func()) { c <- f }, func() { close(c); <-done }
	}},
}

// BenchmarkPost posts from several goroutines at once, until all has been called.
func BenchmarkPost(b *testing.B) {
	for _, goroutines := range []int{1, 4, 64} {
		for _, p := range posters {
			b.Run(fmt.Sprintf("from=%d/%s", goroutines, p.name), func(b *testing.B) {
				b.ReportAllocs()
				defer cpuTime(b)()
				post, end := p.open()
				defer end()
				called, all := 0, make(chan struct{})
				f := func() {
					if called++; called == b.N {
						close(all)
					}
				}
				b.ResetTimer()
				var wg sync.WaitGroup
				for i := range goroutines {
					n := b.N / goroutines
					if i < b.N%goroutines {
						n++
					}
					wg.Go(func() {
						for range n {
							post(f)
						}
					})
				}
				wg.Wait()
				<-all
				b.StopTimer()
			})
		}
	}
}

// BenchmarkPostFromTheLoop is a callback that posts itself. With a channel that works while there is room in it.
func BenchmarkPostFromTheLoop(b *testing.B) {
	for _, p := range posters {
		b.Run(p.name, func(b *testing.B) {
			b.ReportAllocs()
			defer cpuTime(b)()
			post, end := p.open()
			defer end()
			called, all := 0, make(chan struct{})
			var f func()
			f = func() {
				if called++; called == b.N {
					close(all)
					return
				}
				post(f)
			}
			b.ResetTimer()
			post(f)
			<-all
			b.StopTimer()
		})
	}
}

// timersAtOnce is how many timers an operation sets, and then stops.
const timersAtOnce = 100_000

func delay(i int) time.Duration { return time.Hour + time.Duration(i*7919%timersAtOnce) }

// BenchmarkTimers sets 100,000 timers, of mixed deadlines, and stops them.
func BenchmarkTimers(b *testing.B) {
	b.Run("loop", func(b *testing.B) {
		b.ReportAllocs()
		defer cpuTime(b)()
		l := loop.New()
		defer l.Close()
		timers := make([]*loop.Timer, timersAtOnce)
		for b.Loop() {
			for i := range timers {
				timers[i], _ = l.After(delay(i), func() {})
			}
			for _, t := range timers {
				t.Stop()
			}
		}
	})
	b.Run("goja", func(b *testing.B) {
		b.ReportAllocs()
		defer cpuTime(b)()
		l := eventloop.NewEventLoop()
		l.Start()
		defer l.Terminate()
		timers := make([]*eventloop.Timer, timersAtOnce)
		done := make(chan struct{})
		for b.Loop() {
			for i := range timers {
				timers[i] = l.SetTimeout(func(*goja.Runtime) {}, delay(i))
			}
			for _, t := range timers {
				l.ClearTimeout(t)
			}
			l.RunOnLoop(func(*goja.Runtime) { done <- struct{}{} }) // both only ask the loop to do it
			<-done
		}
	})
	b.Run("time.AfterFunc", func(b *testing.B) {
		b.ReportAllocs()
		defer cpuTime(b)()
		timers := make([]*time.Timer, timersAtOnce)
		for b.Loop() {
			for i := range timers {
				timers[i] = time.AfterFunc(delay(i), func() {})
			}
			for _, t := range timers {
				t.Stop()
			}
		}
	})
}
