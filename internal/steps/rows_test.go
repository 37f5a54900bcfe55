package steps

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing/synctest"
	"time"
)

// rows are small bodies, one or more for each row of the table.
var rows = []struct {
	name  string
	turns turns
	body  func()
	want  string
}{
	{"Mutex", "", func() {
		var mu sync.Mutex
		mu.Lock()
		mu.TryLock()
		mu.Unlock()
		mu.TryLock()
	}, `
0 lock #1
0 trylock #1 (read)
0 unlock #1
0 trylock #1`},
	{"Mutex, held", "0 2 0", func() {
		var mu sync.Mutex
		mu.Lock()
		go mu.Lock()
		runtime.Gosched()
		mu.Unlock()
	}, `
0 lock #1
0 go
0 gosched | 2 lock #1
0 unlock #1 | 2 lock #1
2 lock #1`},
	{"RWMutex", "", func() {
		var rw sync.RWMutex
		rw.RLock()
		rw.TryRLock()
		rw.TryLock()
		rw.RUnlock()
		rw.RUnlock()
		rw.Lock()
		rw.TryRLock()
		rw.Unlock()
		rw.TryLock()
	}, `
0 rlock #1
0 tryrlock #1
0 try write lock #1 (read)
0 runlock #1
0 runlock #1
0 lock request #1
0 tryrlock #1 (read)
0 write unlock #1
0 try write lock #1`},
	{"RWMutex, a writer waits for a reader and holds new ones off", "0 2 0 3", func() {
		var rw sync.RWMutex
		rw.RLock()
		go rw.Lock()
		runtime.Gosched()
		go rw.RLock()
		runtime.Gosched()
		rw.RUnlock()
	}, `
0 rlock #1
0 go
2 lock request #1
0 gosched | 2 write lock #1
0 go | 2 write lock #1
0 gosched | 2 write lock #1 | 3 rlock #1
0 runlock #1 | 2 write lock #1 | 3 rlock #1
2 write lock #1 | 3 rlock #1
Leak: 1 goroutine was left when the body returned`},
	{"buffered channel", "0 2", func() {
		c := make(chan int, 1)
		c <- 1
		go func() { c <- 2 }()
		runtime.Gosched()
		<-c
		<-c
	}, `
0 send #1
0 go
0 gosched | 2 send #1
0 receive #1 | 2 send #1
2 send #1 | 0 receive #1
0 receive #1`},
	{"buffered channel, empty and closed", "0 2", func() {
		c := make(chan int, 1)
		go func() { <-c }()
		runtime.Gosched()
		close(c)
		<-c
	}, `
0 go
0 gosched | 2 receive #1
0 close #1 | 2 receive #1
2 receive #1 (read)
0 receive #1 (read)`},
	{"unbuffered channel", "2 0", func() {
		c := make(chan int)
		go func() { c <- 1 }()
		runtime.Gosched()
		<-c
	}, `
0 go
2 send #1 (waits)
0 gosched
0 receive #1`},
	{"select", "2 0/1", func() {
		a, b := make(chan int, 1), make(chan int, 1)
		go func() { a <- 1; b <- 1 }()
		select {
		case <-a:
		case <-b:
		}
	}, `
0 go
2 send #1
0 select #1 /1 and #2
2 send #2`},
	{"select with ready cases", "0/1", func() {
		a, b := make(chan int, 1), make(chan int, 1)
		a <- 1
		b <- 1
		select {
		case <-a:
		case <-b:
		}
	}, `
0 send #1
0 send #2
0 select #1 /1 and #2`},
	{"select on nil channels", "", func() {
		var c chan int
		select {
		case <-c:
		case c <- 1:
		}
	}, `
Deadlock: nothing can run and no timer is pending`},
	{"nil channel", "", func() {
		var c chan int
		<-c
	}, `
Deadlock: nothing can run and no timer is pending`},
	{"polls", "2", func() {
		a, b := make(chan int, 2), make(chan int)
		select {
		case a <- 1:
		default:
		}
		select {
		case b <- 1:
		default:
		}
		select {
		case <-b:
		default:
		}
		go func() { b <- 1 }()
		runtime.Gosched()
		select {
		case <-b:
		case a <- 1:
		default:
		}
		select {
		case <-b:
		case b <- 1:
		default:
		}
		_ = len(a) + cap(a)
	}, `
0 try send #1
0 try send #2 (read)
0 try receive #2 (read)
0 go
2 send #2 (waits)
0 gosched
0 select with default #1 /0 and #2
0 select with default #2 /1
0 len #1`},
	{"Cond", "2 2", func() {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		go func() { mu.Lock(); c.Wait(); mu.Unlock() }()
		runtime.Gosched()
		mu.Lock()
		c.Broadcast()
		mu.Unlock()
	}, `
0 go
2 lock #1
2 cond wait #2,1 (waits)
0 gosched
0 lock #1
0 broadcast #2
0 unlock #1 | 2 lock #1
2 lock #1
2 unlock #1`},
	{"Cond, nobody waits", "", func() {
		c := sync.NewCond(new(sync.Mutex))
		c.Signal()
		c.Broadcast()
	}, `
0 signal #1
0 broadcast #1`},
	{"Cond, whom Signal wakes", "2 2 3 3 0/1", func() {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		for range 2 {
			go func() { mu.Lock(); c.Wait(); mu.Unlock() }()
		}
		runtime.Gosched()
		c.Signal()
		c.Signal()
	}, `
0 go
2 lock #1
2 cond wait #2,1 (waits)
0 go
3 lock #1
3 cond wait #2,1 (waits)
0 gosched
0 signal #2 /1
0 signal #2 /0
2 lock #1
2 unlock #1 | 3 lock #1
3 lock #1
3 unlock #1`},
	{"WaitGroup", "0 2", func() {
		var wg sync.WaitGroup
		wg.Add(1)
		go wg.Wait()
		runtime.Gosched()
		wg.Done()
	}, `
0 wg add #1
0 go
0 gosched | 2 wg wait #1
0 wg add #1 | 2 wg wait #1
2 wg wait #1`},
	{"Once", "2 2 0 2", func() {
		var once sync.Once
		go once.Do(func() { runtime.Gosched() })
		runtime.Gosched()
		once.Do(func() {})
		once.Do(func() {})
	}, `
0 go
2 once do #1
2 gosched
0 gosched
2 once end #1 | 0 once do #1
0 once do #1 (read)
0 once do #1 (read)`},
	{"OnceValue", "", func() {
		f := sync.OnceValue(func() int { return 1 })
		f()
		f()
	}, `
0 once do #1
0 once end #1
0 once do #1 (read)`},
	{"sync.Map", "", func() {
		var m sync.Map
		m.Store(1, 1)
		m.Load(1)
		m.LoadOrStore(1, 2)
		m.LoadAndDelete(1)
		m.Delete(1)
		m.Swap(1, 1)
		m.CompareAndSwap(1, 1, 2)
		m.CompareAndDelete(1, 2)
		m.Range(func(k, v any) bool { return true })
		m.Clear()
	}, `
0 map write #1
0 map read #1
0 map write #1
0 map write #1
0 map write #1
0 map write #1
0 map write #1
0 map write #1
0 map read #1
0 map write #1`},
	{"atomic types", "", func() {
		var x atomic.Int64
		var p atomic.Pointer[int]
		var b atomic.Bool
		x.Load()
		x.Store(1)
		x.Add(1)
		x.Swap(3)
		x.And(1)
		x.Or(2)
		x.CompareAndSwap(3, 4)
		x.CompareAndSwap(3, 4)
		p.Store(new(int))
		p.Load()
		b.Store(true)
	}, `
0 load #1
0 store #1
0 rmw #1
0 rmw #1
0 rmw #1
0 rmw #1
0 cas #1
0 cas #1 (read)
0 store #2
0 load #2
0 store #3`},
	{"atomic functions", "", func() {
		x := new(uint32)
		atomic.LoadUint32(x)
		atomic.StoreUint32(x, 1)
		atomic.AddUint32(x, 1)
		atomic.SwapUint32(x, 3)
		atomic.AndUint32(x, 1)
		atomic.CompareAndSwapUint32(x, 7, 8)
	}, `
0 load #1
0 store #1
0 rmw #1
0 rmw #1
0 rmw #1
0 cas #1 (read)`},
	{"atomic.Value", "", func() {
		var v atomic.Value
		v.Load()
		v.Store(1)
		v.Swap(2)
		v.CompareAndSwap(2, 3)
		v.CompareAndSwap(2, 3)
	}, `
0 load #1
0 store #1
0 rmw #1
0 cas #1
0 cas #1 (read)`},
	{"context", "", func() {
		ctx, cancel := context.WithCancel(context.Background())
		child, stop := context.WithCancel(ctx)
		defer stop()
		child.Done()
		child.Err()
		cancel()
		cancel()
		child.Err()
	}, `
0 ctx done #3
0 ctx err #3
0 ctx cancel #1 and #2
0 ctx cancel #3 and #4 and #1
0 ctx cancel #1 (read)
0 ctx err #3
0 ctx cancel #3 (read)`},
	{"context, its end wakes", "2 0", func() {
		ctx, cancel := context.WithCancel(context.Background())
		go func() { <-ctx.Done() }()
		runtime.Gosched()
		cancel()
	}, `
0 go
2 ctx done #1
0 gosched
0 ctx cancel #1 and #2
2 receive #2 (read)`},
	{"context with a deadline", "", func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		<-ctx.Done()
		cancel()
	}, `
0 ctx done #2
0 receive #3 (waits)
c clock #1
2 ctx cancel #2 and #3 and #1
0 ctx cancel #2 (read)`},
	{"timers", "", func() {
		t := time.NewTimer(time.Second)
		t.Reset(time.Second)
		<-t.C
		t.Stop()
		time.Sleep(time.Second)
	}, `
0 timer start #1
0 timer reset #1 and #2
0 receive #2 (waits)
c clock #1 and #2
0 timer stop #1 and #2
0 sleep #3 (waits)
c clock #3`},
	{"AfterFunc of a context", "", func() {
		ctx, cancel := context.WithCancel(context.Background())
		stop := context.AfterFunc(ctx, func() {})
		stop()
		stop()
		cancel()
	}, `
0 ctx cancel #3
0 ctx cancel #3 and #1
0 ctx leave #1
0 ctx cancel #3 (read)
0 ctx cancel #1 and #2`},
	{"AfterFunc", "", func() {
		c := make(chan int, 1)
		time.AfterFunc(time.Second, func() { c <- 1 })
		<-c
	}, `
0 timer start #1
c clock #1
2 send #2
0 receive #2`},
	{"timers of one instant", "0 2 3 0 c c", func() {
		for range 2 {
			go time.Sleep(time.Second)
		}
		time.Sleep(time.Second)
	}, `
0 go
2 sleep #1 (waits)
0 go
3 sleep #3 (waits)
0 sleep #2 (waits)
c clock #1
c timer fires #3
c timer fires #2`},
	{"the clock waits for what can run", "", func() {
		go time.Sleep(time.Second)
		runtime.Gosched()
		runtime.Gosched()
	}, `
0 go
0 gosched
0 gosched
2 sleep #1 (waits)
c clock #1`},
	{"go, Gosched", "0 2", func() {
		go func() { runtime.Gosched() }()
		runtime.Gosched()
	}, `
0 go
2 gosched
0 gosched`},
	{"synctest.Wait", "", func() {
		go func() { runtime.Gosched() }()
		synctest.Wait()
	}, `
0 go
2 gosched
0 synctest wait`},
}
