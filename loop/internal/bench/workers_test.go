package bench

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/eventloop"
	"github.com/lastcall-go/lastcall/loop"
	"github.com/panjf2000/ants/v2"
)

// workersMax is the size of each pool.
const workersMax = 8

func one(context.Context) (int, error) { return 1, nil }

// BenchmarkPingPong is work on a worker, which has the loop told of its end, and from there the next work. ants and pond have no loop: theirs is a
// goroutine that ranges over a channel; goja's has no workers: theirs is a goroutine per job.
func BenchmarkPingPong(b *testing.B) {
	b.Run("loop", func(b *testing.B) {
		b.ReportAllocs()
		defer cpuTime(b)()
		l := loop.New(loop.Workers(workersMax))
		n := 0
		var again func(*loop.Future[int])
		again = func(*loop.Future[int]) {
			if n++; n == b.N {
				l.Stop()
				return
			}
			f, _ := loop.Submit(l, context.Background(), one)
			f.OnDone(again)
		}
		l.Post(func() { again(nil) })
		l.Run()
		l.Close()
	})
	b.Run("goja", func(b *testing.B) {
		b.ReportAllocs()
		defer cpuTime(b)()
		l := eventloop.NewEventLoop()
		l.Start()
		n, done := 0, make(chan struct{})
		var again func(*goja.Runtime)
		again = func(*goja.Runtime) {
			if n++; n == b.N {
				close(done)
				return
			}
			go func() {
				one(context.Background())
				l.RunOnLoop(again)
			}()
		}
		l.RunOnLoop(again)
		<-done
		b.StopTimer()
		l.Terminate()
	})
	for _, pool := range pools {
		b.Run(pool.name, func(b *testing.B) {
			b.ReportAllocs()
			defer cpuTime(b)()
			submit, end := pool.open()
			c := make(chan func(), 1024)
			n := 0
			var again func()
			again = func() {
				if n++; n == b.N {
					close(c)
					return
				}
				submit(func() {
					one(context.Background())
					c <- again
				})
			}
			b.ResetTimer()
			c <- again
			for f := range c {
				f()
			}
			b.StopTimer()
			end()
		})
	}
}

// A pool runs functions on workers.
type pool struct {
	name string
	open func() (submit func(func()), end func())
}

var pools = []pool{
	{"ants", func() (func(func()), func()) {
		p, err := ants.NewPool(workersMax)
		if err != nil {
			panic(err)
		}
		return func(f func()) { p.Submit(f) }, p.Release
	}},
	{"pond", func() (func(func()), func()) {
		p := pond.NewPool(workersMax)
		return func(f func()) { p.Go(f) }, p.StopAndWait
	}},
	{"goroutine", func() (func(func()), func()) { return func(f func()) { go f() }, func() {} }},
}

// BenchmarkWork is many jobs from one goroutine, until all have returned. Nobody asks for the results; loop's futures have them all the same.
func BenchmarkWork(b *testing.B) {
	row := func(name string, submit func(func()), end func()) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			defer cpuTime(b)()
			var returned atomic.Int64
			all := make(chan struct{})
			f := func() {
				if returned.Add(1) == int64(b.N) {
					close(all)
				}
			}
			b.ResetTimer()
			for range b.N {
				submit(f)
			}
			<-all
		})
		end()
	}
	l := loop.New(loop.Workers(workersMax))
	row("loop", func(f func()) {
		loop.Submit(l, context.Background(), func(context.Context) (int, error) { f(); return 1, nil })
	}, func() { l.Close() })
	for _, p := range pools {
		submit, end := p.open()
		row(p.name, submit, end)
	}
}

// BenchmarkResult is many jobs from one goroutine, and then their results.
func BenchmarkResult(b *testing.B) {
	b.Run("loop", func(b *testing.B) {
		b.ReportAllocs()
		defer cpuTime(b)()
		l := loop.New(loop.Workers(workersMax))
		defer l.Close()
		fs := make([]*loop.Future[int], b.N)
		for i := range fs {
			fs[i], _ = loop.Submit(l, context.Background(), one)
		}
		for _, f := range fs {
			f.Wait(context.Background())
		}
	})
	b.Run("pond", func(b *testing.B) {
		b.ReportAllocs()
		defer cpuTime(b)()
		p := pond.NewResultPool[int](workersMax)
		defer p.StopAndWait()
		fs := make([]pond.ResultTask[int], b.N)
		for i := range fs {
			fs[i] = p.SubmitErr(func() (int, error) { return one(context.Background()) })
		}
		for _, f := range fs {
			f.Wait()
		}
	})
	b.Run("goroutine", func(b *testing.B) {
		b.ReportAllocs()
		defer cpuTime(b)()
		results := make([]int, b.N)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() { results[i], _ = one(context.Background()) })
		}
		wg.Wait()
	})
}
