package bench

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/alitto/pond/v2"
	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/eventloop"
	"github.com/lastcall-go/lastcall/loop"
)

const pendingAtOnce = 100_000

// held reports the memory that what make has made holds, per item: heap and, for goroutines, stacks.
func held(b *testing.B, fill func(n int) (end func())) {
	var total uint64
	for b.Loop() {
		before := inUse()
		end := fill(pendingAtOnce)
		total += inUse() - before
		end()
	}
	b.ReportMetric(float64(total)/float64(b.N)/pendingAtOnce, "B/item")
	b.ReportMetric(0, "ns/op")
}

func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

func nothing() {}

// BenchmarkMemoryCallback: functions that are posted and have not been called.
func BenchmarkMemoryCallback(b *testing.B) {
	b.Run("loop", func(b *testing.B) {
		held(b, func(n int) func() {
			l := loop.New()
			for range n {
				l.Post(nothing)
			}
			return func() { l.Close() }
		})
	})
	b.Run("goja", func(b *testing.B) {
		held(b, func(n int) func() {
			l := eventloop.NewEventLoop()
			for range n {
				l.RunOnLoop(func(*goja.Runtime) {})
			}
			return l.Terminate
		})
	})
	b.Run("channel", func(b *testing.B) {
		held(b, func(n int) func() {
			c := make(chan func(), n)
			for range n {
				c <- nothing
			}
			return func() { runtime.KeepAlive(c) }
		})
	})
}

// BenchmarkMemoryTimer: timers that are set.
func BenchmarkMemoryTimer(b *testing.B) {
	b.Run("loop", func(b *testing.B) {
		held(b, func(n int) func() {
			l := loop.New()
			for i := range n {
				l.After(delay(i), nothing)
			}
			return func() { l.Close() }
		})
	})
	b.Run("goja", func(b *testing.B) {
		held(b, func(n int) func() {
			l := eventloop.NewEventLoop()
			l.Start()
			for i := range n {
				l.SetTimeout(func(*goja.Runtime) {}, delay(i))
			}
			done := make(chan struct{})
			l.RunOnLoop(func(*goja.Runtime) { close(done) })
			<-done
			return l.Terminate
		})
	})
	b.Run("time.AfterFunc", func(b *testing.B) {
		held(b, func(n int) func() {
			all := make([]*time.Timer, n)
			for i := range all {
				all[i] = time.AfterFunc(delay(i), nothing)
			}
			return func() {
				for _, t := range all {
					t.Stop()
				}
			}
		})
	})
}

// BenchmarkMemoryFuture: work that waits for a worker.
func BenchmarkMemoryFuture(b *testing.B) {
	b.Run("loop", func(b *testing.B) {
		held(b, func(n int) func() {
			l := loop.New(loop.Workers(1))
			hold := make(chan struct{})
			wait := func(context.Context) (int, error) { <-hold; return 1, nil }
			for range n {
				loop.Submit(l, context.Background(), wait)
			}
			return func() { l.Close(); close(hold); <-l.Closed() }
		})
	})
	b.Run("pond", func(b *testing.B) {
		held(b, func(n int) func() {
			p := pond.NewResultPool[int](1)
			hold := make(chan struct{})
			all := make([]pond.ResultTask[int], n)
			for i := range all {
				all[i] = p.SubmitErr(func() (int, error) { <-hold; return 1, nil })
			}
			return func() { close(hold); p.StopAndWait(); runtime.KeepAlive(all) }
		})
	})
	b.Run("goroutine", func(b *testing.B) {
		held(b, func(n int) func() {
			hold := make(chan struct{})
			for range n {
				go func() { <-hold }()
			}
			runtime.Gosched()
			return func() { close(hold) }
		})
	})
}
