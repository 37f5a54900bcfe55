package determinism

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand"
	randv2 "math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing/synctest"
	"time"
)

// see is told what a body observes, so that runs which take the same steps and see other values differ too.
type see func(v any)

// bodies is the corpus. Each is deterministic but for its schedule, or lastcall makes it so.
var bodies = []struct {
	name string
	run  func(see see)
}{
	{"channels", func(see see) {
		a, b := make(chan int), make(chan int, 2)
		go func() {
			for i := range 3 {
				a <- i
			}
			close(a)
		}()
		go func() {
			for v := range a {
				b <- v
			}
			close(b)
		}()
		for v := range b {
			see(v)
		}
	}},
	{"select", func(see see) {
		a, b, c := make(chan int), make(chan int, 1), make(chan int)
		go func() { a <- 1 }()
		go func() { b <- 2 }()
		go close(c)
		for range 3 {
			select {
			case v := <-a:
				see(v)
			case v := <-b:
				see(v)
			case <-c:
				c = nil
				see("closed")
			}
		}
	}},
	{"select of one channel twice", func(see see) {
		c := make(chan int)
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				select {
				case v := <-c:
					see(v)
				case v := <-c:
					see(-v)
				}
			})
		}
		c <- 1
		c <- 2
		wg.Wait()
	}},
	{"mutexes", func(see see) {
		var mu sync.Mutex
		var rw sync.RWMutex
		n := 0
		together(4, func(i int) {
			mu.Lock()
			n++
			see(n*10 + i)
			mu.Unlock()
			rw.RLock()
			see(mu.TryLock() && unlock(&mu))
			rw.RUnlock()
			rw.Lock()
			rw.Unlock()
		})
	}},
	{"cond", func(see see) {
		c := sync.NewCond(new(sync.Mutex))
		ready := 0
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() {
				c.L.Lock()
				for ready == 0 {
					c.Wait()
				}
				ready--
				see(i)
				c.L.Unlock()
			})
		}
		for range 3 {
			c.L.Lock()
			ready++
			c.L.Unlock()
			c.Signal()
		}
		c.Broadcast()
		wg.Wait()
	}},
	{"once and sync.Map", func(see see) {
		var once sync.Once
		var m sync.Map
		together(4, func(i int) {
			once.Do(func() { see(i) })
			_, loaded := m.LoadOrStore(i%2, i)
			see(loaded)
		})
		for i := range 2 {
			v, _ := m.Load(i)
			see(v)
		}
	}},
	{"sync.Map ranged over", func(see see) {
		var m sync.Map
		for i := range 40 {
			m.Store(fmt.Sprint("key", i), i)
		}
		m.Range(func(k, v any) bool { see(k); return true })
	}},
	{"atomics", func(see see) {
		var x atomic.Int64
		var y int32
		var v atomic.Value
		var p atomic.Pointer[int]
		together(3, func(i int) {
			see(x.Add(int64(i)))
			see(atomic.AddInt32(&y, 1))
			see(x.CompareAndSwap(1, 7))
			v.Store(i)
			see(v.Load())
			p.Store(&i)
			see(*p.Load())
		})
	}},
	{"errgroup", func(see see) {
		g, ctx := newGroup(context.Background(), 2)
		for i := range 5 {
			g.run(func() error {
				select {
				case <-time.After(time.Duration(i%2) * time.Second):
					return fmt.Errorf("%d failed", i)
				case <-ctx.Done():
					return ctx.Err()
				}
			})
		}
		see(g.wait().Error())
		see(context.Cause(ctx).Error())
	}},
	{"singleflight", func(see see) {
		f := &flight{calls: map[string]*call{}}
		together(6, func(i int) {
			v, shared := f.do(fmt.Sprint(i%2), func() int { time.Sleep(time.Millisecond); return i })
			see(v)
			see(shared)
		})
	}},
	{"context tree", func(see see) {
		root, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		together(4, func(i int) {
			ctx, cancel := context.WithTimeout(root, time.Duration(i+1)*time.Second)
			defer cancel()
			stop := context.AfterFunc(ctx, func() { see(i) })
			<-ctx.Done()
			see(ctx.Err() == context.DeadlineExceeded)
			stop()
		})
	}},
	{"12 children cancelled", func(see see) {
		root, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		for i := range 12 {
			ctx, cancel := context.WithCancel(root)
			defer cancel()
			wg.Go(func() { <-ctx.Done(); see(i) })
		}
		cancel()
		wg.Wait()
	}},
	{"timers at one instant", func(see see) {
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Add(1)
			time.AfterFunc(time.Second, func() { see(i); wg.Done() })
		}
		wg.Wait()
		see(time.Now().UnixNano())
	}},
	{"ticker and reset", func(see see) {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		timer := time.NewTimer(2500 * time.Millisecond)
		for range 5 {
			select {
			case now := <-tick.C:
				see(now.UnixNano())
			case <-timer.C:
				timer.Reset(time.Second)
			}
		}
		see(timer.Stop())
	}},
	{"maps of strings and ints", func(see see) {
		for _, n := range sizes {
			s, i := map[string]int{}, map[int]int{}
			for k := range n {
				s[fmt.Sprint(k)], i[k*7919] = k, k
			}
			seeMap(see, s)
			seeMap(see, i)
		}
	}},
	{"maps of pointers and channels", func(see see) {
		for _, n := range sizes {
			p, c := map[*wide]int{}, map[chan int]int{}
			for k := range n {
				p[new(wide)], c[make(chan int)] = k, k
			}
			seeMap(see, p)
			seeMap(see, c)
		}
	}},
	{"maps of interfaces", func(see see) {
		for _, n := range sizes {
			a, e := map[any]int{}, map[error]int{}
			for k := range n {
				a[key(k)], e[fmt.Errorf("%d", k)] = k, k
			}
			seeMap(see, a)
			seeMap(see, e)
		}
	}},
	{"maps of structs with pointers", func(see see) {
		type k struct {
			p *int
			s string
			a [2]any
		}
		m := map[k]int{}
		for i := range 40 {
			m[k{&i, fmt.Sprint(i), [2]any{i, &i}}] = i
		}
		seeMap(see, m)
	}},
	{"maps of pointers that several goroutines made", func(see see) {
		var mu sync.Mutex
		m := map[*queue[int]]int{}
		together(4, func(i int) {
			for k := range 12 {
				q := new(queue[int])
				mu.Lock()
				m[q] = 100*i + k
				if k%3 == 0 {
					delete(m, q)
				}
				mu.Unlock()
			}
			if i == 0 {
				runtime.GC() // what is deleted may be given out again
			}
		})
		seeMap(see, m)
	}},
	{"maps of pointers to memory that is used again", func(see see) {
		kept = nil
		for range 2 {
			layout++
			for range 20 + layout%7 {
				kept = append(kept, new([2]int))
			}
			m, first := map[*[2]int]int{}, new([2]int)
			m[first] = -1
			for k := range 300 {
				m[new([2]int)] = k
			}
			seeMap(see, m)
			runtime.GC()
			see(m[first]) // hashed last of all that are about to go
			clear(m)
			first = nil
			runtime.GC()
		}
	}},
	{"sync.Map of pointers", func(see see) {
		for _, n := range sizes {
			var m sync.Map
			for k := range n {
				m.Store(new(wide), k)
			}
			var o order
			m.Range(func(_, v any) bool { o.add(v.(int)); return true })
			see(o)
		}
	}},
	{"math/rand", func(see see) {
		together(3, func(i int) {
			see(rand.Int63())
			see(randv2.Uint64())
			see(rand.Perm(5))
			s := []int{1, 2, 3, 4}
			randv2.Shuffle(4, func(i, j int) { s[i], s[j] = s[j], s[i] })
			see(s)
		})
	}},
	{"sync.Pool", func(see see) {
		p := sync.Pool{New: func() any { return new(int) }}
		together(3, func(i int) {
			x := p.Get().(*int)
			see(*x)
			*x = i + 1
			p.Put(x)
		})
	}},
	{"closures over loop variables", func(see see) {
		var fs []func()
		for i := range 4 {
			fs = append(fs, func() { see(i) })
		}
		together(4, func(i int) { fs[i]() })
	}},
	{"generics", func(see see) {
		q := &queue[string]{c: make(chan string, 1)}
		go func() { q.put("a"); q.put("b") }()
		see(q.get() + q.get())
	}},
	{"200 goroutines", func(see see) {
		var n atomic.Int32
		together(200, func(int) { n.Add(1); runtime.Gosched() })
		see(n.Load())
	}},
	{"deep recursion", func(see see) {
		together(2, func(i int) { see(deep(2000 + i)) })
	}},
	{"heavy allocation", func(see see) {
		together(3, func(i int) {
			var keep [][]byte
			for range 50 {
				keep = append(keep, make([]byte, 10_000))
				runtime.Gosched()
			}
			see(len(keep))
		})
	}},
	{"iter.Pull", func(see see) {
		c := make(chan int)
		go func() {
			for i := range 3 {
				c <- i
			}
			close(c)
		}()
		next, stop := iter.Pull(func(yield func(int) bool) {
			for v := range c {
				if !yield(v) {
					return
				}
			}
		})
		defer stop()
		for v, ok := next(); ok; v, ok = next() {
			see(v)
		}
	}},
	{"panics recovered", func(see see) {
		together(3, func(i int) {
			defer func() { see(recover()) }()
			defer func() { panic(fmt.Sprint("second ", i)) }()
			panic(errors.New("first"))
		})
	}},
	{"RWMutex and what is tried", func(see see) {
		var rw sync.RWMutex
		c, never := make(chan int, 2), make(chan int)
		together(4, func(i int) {
			if rw.TryLock() {
				see(i)
				runtime.Gosched()
				rw.Unlock()
			} else if rw.TryRLock() {
				see(-i)
				rw.RUnlock()
			}
			rw.Lock()
			select {
			case c <- i:
			default:
				see(len(c) + cap(c))
			}
			rw.Unlock()
			select {
			case <-never:
			default:
			}
			rw.RLock()
			select {
			case v := <-c:
				see(v)
			case <-never:
			default:
			}
			rw.RUnlock()
		})
	}},
	{"sync.Map's methods", func(see see) {
		var m sync.Map
		together(3, func(i int) {
			m.Swap("a", i)
			see(m.CompareAndSwap("a", i, -i))
			_, ok := m.LoadAndDelete("a")
			see(ok)
			m.Delete("b")
			m.Store("b", i)
			see(m.CompareAndDelete("b", 1))
		})
		m.Clear()
	}},
	{"timers stopped and reset", func(see see) {
		fired := make(chan int, 3)
		timers := make([]*time.Timer, 3)
		for i := range timers {
			timers[i] = time.AfterFunc(time.Second, func() { fired <- i })
		}
		together(3, func(i int) {
			time.Sleep(time.Second)
			see(timers[i].Stop())
			see(timers[(i+1)%3].Reset(time.Second))
		})
		time.Sleep(2 * time.Second)
		for range len(fired) {
			see(<-fired)
		}
	}},
	{"a ticker and a timer in one select", func(see see) {
		for range 100 { // the first one's channel seldom lies behind the other's in the memory
			tick, timer := time.NewTicker(time.Millisecond), time.NewTimer(time.Millisecond)
			select {
			case <-tick.C:
				see("tick")
			case <-timer.C:
				see("timer")
			}
			tick.Stop()
			timer.Stop()
		}
	}},
	{"contexts ended by several", func(see see) {
		ctx, cancel := context.WithCancelCause(context.Background())
		child, stop := context.WithDeadline(ctx, time.Now().Add(time.Second))
		defer stop()
		merged, end := context.WithCancel(context.WithoutCancel(child))
		defer context.AfterFunc(child, end)()
		together(3, func(i int) {
			if i == 0 {
				time.Sleep(time.Second)
			}
			cancel(fmt.Errorf("%d", i))
			<-merged.Done()
			see(child.Err().Error() + context.Cause(child).Error())
		})
	}},
	{"synctest.Wait", func(see see) {
		n := 0
		for range 3 {
			go func() { n++ }()
		}
		synctest.Wait()
		see(n)
	}},
	{"the machine", func(see see) {
		see(runtime.NumCPU())
		see(runtime.GOMAXPROCS(0))
		see(runtime.NumGoroutine())
		see(strings.Repeat("x", 3))
	}},
}

// wide is large enough for a span to hold few: looking up who hashed a pointer first takes time proportional to the pointers in its span.
type wide [16]int

// sizes are of maps: one that fits in a group, and two that do not.
var sizes = []int{5, 20, 2000}

// layout varies from run to run, and with it where a body's objects lie among those that it keeps.
var (
	layout int
	kept   []*[2]int
)

// seeMap sees in which order the values of a map come.
func seeMap[K comparable](see see, m map[K]int) {
	var o order
	for _, v := range m {
		o.add(v)
	}
	see(o)
}

// order stands for a sequence of numbers.
type order uint64

func (o *order) add(v int) { *o = (*o ^ order(v+1)) * 0x100000001b3 }

// key is a key of one of four kinds.
func key(k int) any {
	switch k % 4 {
	case 0:
		return k
	case 1:
		return fmt.Sprint(k)
	case 2:
		return new(wide)
	}
	return struct {
		p *int
		n int
	}{&k, k}
}

// together runs f in n goroutines and waits for them.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

func unlock(mu *sync.Mutex) bool { mu.Unlock(); return true }

func deep(n int) int {
	var pad [64]int
	pad[n%64] = 1
	if n == 0 {
		return 0
	}
	return deep(n-1) + pad[n%64]
}

type queue[T any] struct{ c chan T }

// group is what package errgroup has: the first error ends the context, and at most so many run at once.
type group struct {
	cancel context.CancelCauseFunc
	wg     sync.WaitGroup
	once   sync.Once
	err    error
	places chan struct{}
}

func newGroup(ctx context.Context, limit int) (*group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &group{cancel: cancel, places: make(chan struct{}, limit)}, ctx
}

func (g *group) run(f func() error) {
	g.places <- struct{}{}
	g.wg.Go(func() {
		defer func() { <-g.places }()
		if err := f(); err != nil {
			g.once.Do(func() {
				g.err = err
				g.cancel(err)
			})
		}
	})
}

func (g *group) wait() error {
	g.wg.Wait()
	g.cancel(g.err)
	return g.err
}

// flight is what package singleflight has: who asks while an answer is on its way gets the same.
type flight struct {
	mu    sync.Mutex
	calls map[string]*call
}

type call struct {
	wg   sync.WaitGroup
	v    int
	dups int
}

func (f *flight) do(key string, get func() int) (v int, shared bool) {
	f.mu.Lock()
	if c, ok := f.calls[key]; ok {
		c.dups++
		f.mu.Unlock()
		c.wg.Wait()
		return c.v, true
	}
	c := new(call)
	c.wg.Add(1)
	f.calls[key] = c
	f.mu.Unlock()
	c.v = get()
	c.wg.Done()
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.calls, key)
	return c.v, c.dups > 0
}

func (q *queue[T]) put(v T) { q.c <- v }
func (q *queue[T]) get() T  { return <-q.c }
