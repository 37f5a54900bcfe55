package loop

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

// The rows beside other libraries are in a module of their own. These compare with the plain idiom: a goroutine
// that ranges over a buffered channel of functions.

func BenchmarkPost(b *testing.B) {
	for _, posters := range []int{1, 4, 64} {
		b.Run(fmt.Sprintf("posters=%d/loop", posters), func(b *testing.B) {
			l := New()
			done := make(chan struct{})
			go func() { defer close(done); l.Run() }()
			benchPost(b, posters, func(f func()) { l.Post(f) })
			l.Close()
			<-done
		})
		b.Run(fmt.Sprintf("posters=%d/channel", posters), func(b *testing.B) {
			c := make(chan func(), 1024)
			done := make(chan struct{})
			go func() {
				defer close(done)
				for f := range c {
					f()
				}
			}()
			benchPost(b, posters, func(f func()) { c <- f })
			close(c)
			<-done
		})
	}
}

// benchPost posts b.N functions from several goroutines and waits until all have been called.
func benchPost(b *testing.B, posters int, post func(func())) {
	b.ReportAllocs()
	called, all := 0, make(chan struct{})
	f := func() {
		if called++; called == b.N {
			close(all)
		}
	}
	b.ResetTimer()
	var wg sync.WaitGroup
	for i := range posters {
		n := b.N / posters
		if i < b.N%posters {
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
}

// BenchmarkPostFromTheLoop is a callback that posts itself.
func BenchmarkPostFromTheLoop(b *testing.B) {
	b.ReportAllocs()
	l := New()
	n := 0
	var f func()
	f = func() {
		if n++; n == b.N {
			l.Stop()
			return
		}
		l.Post(f)
	}
	l.Post(f)
	l.Run()
}

// BenchmarkPingPong is work on a worker, its OnDone on the loop, and the next work from there.
func BenchmarkPingPong(b *testing.B) {
	b.Run("loop", func(b *testing.B) {
		b.ReportAllocs()
		l := New()
		n := 0
		work := func(context.Context) (int, error) { return 1, nil }
		var again func(*Future[int])
		again = func(*Future[int]) {
			if n++; n == b.N {
				l.Stop()
				return
			}
			f, _ := Submit(l, context.Background(), work)
			f.OnDone(again)
		}
		l.Post(func() { again(nil) })
		l.Run()
	})
	b.Run("channel", func(b *testing.B) { // a goroutine per job
		b.ReportAllocs()
		c := make(chan func(), 1024)
		n := 0
		var again func()
		again = func() {
			if n++; n == b.N {
				close(c)
				return
			}
			go func() { c <- again }()
		}
		c <- again
		for f := range c {
			f()
		}
	})
}

// BenchmarkSubmit is many jobs at once, each with its OnDone.
func BenchmarkSubmit(b *testing.B) {
	b.ReportAllocs()
	l := New()
	n := 0
	work := func(context.Context) (int, error) { return 1, nil }
	on := func(*Future[int]) {
		if n++; n == b.N {
			l.Stop()
		}
	}
	go func() {
		for range b.N {
			f, _ := Submit(l, context.Background(), work)
			f.OnDone(on)
		}
	}()
	l.Run()
}

func BenchmarkTimers(b *testing.B) {
	const n = 100_000
	for name, delay := range map[string]func(i int) time.Duration{
		"rising":  func(i int) time.Duration { return time.Hour + time.Duration(i) },
		"falling": func(i int) time.Duration { return time.Hour - time.Duration(i) },
		"mixed":   func(i int) time.Duration { return time.Hour + time.Duration(i*7919%n) },
	} {
		b.Run(fmt.Sprintf("set-and-stop-%d/%s", n, name), func(b *testing.B) {
			b.ReportAllocs()
			l := New()
			timers := make([]*Timer, n)
			for b.Loop() {
				for i := range timers {
					timers[i], _ = l.After(delay(i), noop)
				}
				for _, t := range timers {
					t.Stop()
				}
			}
		})
	}
	b.Run(fmt.Sprintf("set-and-stop-%d/time.AfterFunc", n), func(b *testing.B) {
		b.ReportAllocs()
		timers := make([]*time.Timer, n)
		for b.Loop() {
			for i := range timers {
				timers[i] = time.AfterFunc(time.Hour+time.Duration(i*7919%n), noop)
			}
			for _, t := range timers {
				t.Stop()
			}
		}
	})
}

// BenchmarkShutdown is the life of a small loop.
func BenchmarkShutdown(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		l := New()
		l.Post(noop)
		l.Shutdown(context.Background())
	}
}

func BenchmarkInside(b *testing.B) {
	for b.Loop() {
		inside()
	}
}
