package counts

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A mixture is a program like [program] made of the operations of one family: what is seldom met by chance among everything.
type mixture struct {
	of         string
	goroutines [][]int // by index into the family
}

func (p mixture) String() string {
	var b strings.Builder
	for i, ops := range p.goroutines {
		fmt.Fprintf(&b, "%s %d:", p.of, i)
		for _, op := range ops {
			fmt.Fprintf(&b, " %s,", families[p.of][op].name)
		}
		b.WriteString("; ")
	}
	return b.String()
}

// stage is what the goroutines of a mixture share.
type stage struct {
	x, y    atomic.Int32
	ctx     [3]context.Context // each the child of the one before
	cancel  [3]context.CancelCauseFunc
	timer   *time.Timer
	after   *time.Timer
	rearm   *time.Timer // resets the first one
	ticker  *time.Ticker
	once    sync.Once
	only    func()
	value   func() int
	m       sync.Map
	mu      sync.Mutex
	rw      sync.RWMutex
	cond    *sync.Cond
	n       int // what cond is about
	c       [2]chan int
	replies chan chan int
	none    chan int
	wg      sync.WaitGroup
	any     atomic.Value
	p       atomic.Pointer[int]
	u       atomic.Uint64
	flag    atomic.Bool
}

// viewer is a goroutine's own.
type viewer struct {
	id   int
	saw  []string
	end  context.CancelFunc // of the context that it made last
	own  context.Context
	stop func() bool
}

func (l *viewer) see(v ...any) { l.saw = append(l.saw, fmt.Sprint(v...)) }

// caught does f, and sees what it panics with.
func (l *viewer) caught(f func()) {
	defer func() {
		if v := recover(); v != nil {
			l.see("panic ", v)
		}
	}()
	f()
}

func (l *viewer) make(ctx context.Context, end context.CancelFunc) {
	l.own, l.end = ctx, end
	l.see(ctx.Err())
}

type feature struct {
	name string
	do   func(s *stage, l *viewer)
}

var errMine = errors.New("mine")

var families = map[string][]feature{
	"contexts": {
		{"cancel 0", func(s *stage, l *viewer) { s.cancel[0](nil) }},
		{"cancel 1", func(s *stage, l *viewer) { s.cancel[1](errMine) }},
		{"cancel 2", func(s *stage, l *viewer) { s.cancel[2](fmt.Errorf("of %d", l.id)) }},
		{"child of 0", func(s *stage, l *viewer) { l.make(context.WithCancel(s.ctx[0])) }},
		{"child of 1", func(s *stage, l *viewer) { l.make(context.WithCancel(s.ctx[1])) }},
		{"timeout of 1", func(s *stage, l *viewer) { l.make(context.WithTimeout(s.ctx[1], time.Millisecond)) }},
		{"without cancel, of 1", func(s *stage, l *viewer) { l.make(context.WithCancel(context.WithoutCancel(s.ctx[1]))) }},
		{"value of 1", func(s *stage, l *viewer) { l.make(context.WithCancel(context.WithValue(s.ctx[1], stage{}.n, 1))) }},
		{"end own", func(s *stage, l *viewer) {
			if l.end != nil {
				l.end()
			}
		}},
		{"err of own", func(s *stage, l *viewer) {
			if l.own != nil {
				l.see(l.own.Err())
			}
		}},
		{"wait for own", func(s *stage, l *viewer) {
			if l.own != nil {
				<-l.own.Done()
				l.see(context.Cause(l.own))
			}
		}},
		{"err of 0", func(s *stage, l *viewer) { l.see(s.ctx[0].Err()) }},
		{"err of 1", func(s *stage, l *viewer) { l.see(s.ctx[1].Err()) }},
		{"err of 2", func(s *stage, l *viewer) { l.see(s.ctx[2].Err()) }},
		{"cause of 2", func(s *stage, l *viewer) { l.see(context.Cause(s.ctx[2])) }},
		{"wait for 2", func(s *stage, l *viewer) { <-s.ctx[2].Done() }},
		{"poll 2", func(s *stage, l *viewer) {
			select {
			case <-s.ctx[2].Done():
				l.see("done")
			default:
				l.see("not done")
			}
		}},
		{"wait for 1 or 2", func(s *stage, l *viewer) {
			select {
			case <-s.ctx[1].Done():
				l.see(1)
			case <-s.ctx[2].Done():
				l.see(2)
			}
		}},
		{"after 1", func(s *stage, l *viewer) { l.stop = context.AfterFunc(s.ctx[1], func() { s.x.Add(1) }) }},
		{"stop", func(s *stage, l *viewer) {
			if l.stop != nil {
				l.see(l.stop())
			}
		}},
		{"sleep", func(s *stage, l *viewer) { time.Sleep(time.Millisecond) }},
		{"load", func(s *stage, l *viewer) { l.see(s.x.Load()) }},
	},
	"timers": {
		{"reset 1", func(s *stage, l *viewer) { l.see(s.timer.Reset(time.Millisecond)) }},
		{"reset 2", func(s *stage, l *viewer) { l.see(s.timer.Reset(2 * time.Millisecond)) }},
		{"stop", func(s *stage, l *viewer) { l.see(s.timer.Stop()) }},
		{"receive", func(s *stage, l *viewer) { l.see((<-s.timer.C).UnixMilli() % 1000) }},
		{"poll", func(s *stage, l *viewer) {
			select {
			case <-s.timer.C:
				l.see("fired")
			default:
				l.see("not yet")
			}
		}},
		{"len", func(s *stage, l *viewer) { l.see(len(s.timer.C)) }},
		{"after reset", func(s *stage, l *viewer) { l.see(s.after.Reset(time.Millisecond)) }},
		{"after stop", func(s *stage, l *viewer) { l.see(s.after.Stop()) }},
		{"rearm reset", func(s *stage, l *viewer) { l.see(s.rearm.Reset(time.Millisecond)) }},
		{"rearm stop", func(s *stage, l *viewer) { l.see(s.rearm.Stop()) }},
		{"tick", func(s *stage, l *viewer) { l.see((<-s.ticker.C).UnixMilli() % 1000) }},
		{"ticker stop", func(s *stage, l *viewer) { s.ticker.Stop() }},
		{"ticker reset", func(s *stage, l *viewer) { s.ticker.Reset(time.Millisecond) }},
		{"own", func(s *stage, l *viewer) { <-time.NewTimer(time.Millisecond).C }},
		{"own after", func(s *stage, l *viewer) { time.AfterFunc(time.Millisecond, func() { s.y.Store(int32(l.id)) }) }},
		{"sleep 1", func(s *stage, l *viewer) { time.Sleep(time.Millisecond) }},
		{"sleep 2", func(s *stage, l *viewer) { time.Sleep(2 * time.Millisecond) }},
		{"wait for either", func(s *stage, l *viewer) {
			select {
			case <-s.timer.C:
				l.see("timer")
			case <-time.After(time.Millisecond):
				l.see("after")
			}
		}},
		{"load", func(s *stage, l *viewer) { l.see(s.x.Load(), s.y.Load()) }},
		{"add", func(s *stage, l *viewer) { l.see(s.x.Add(1)) }},
	},
	"once": {
		{"do", func(s *stage, l *viewer) { s.once.Do(func() { l.see(s.x.Add(1)) }) }},
		{"do and panic", func(s *stage, l *viewer) { l.caught(func() { s.once.Do(func() { s.x.Add(1); panic("once") }) }) }},
		{"do and send", func(s *stage, l *viewer) { s.once.Do(func() { s.c[0] <- l.id }) }},
		{"do and exit", func(s *stage, l *viewer) {
			go s.once.Do(func() { s.x.Add(1); runtime.Goexit() })
		}},
		{"only", func(s *stage, l *viewer) { l.caught(s.only) }},
		{"value", func(s *stage, l *viewer) { l.see(s.value()) }},
		{"receive", func(s *stage, l *viewer) { l.see(<-s.c[0]) }},
		{"poll", func(s *stage, l *viewer) {
			select {
			case v := <-s.c[0]:
				l.see(v)
			default:
				l.see("nothing")
			}
		}},
		{"load", func(s *stage, l *viewer) { l.see(s.x.Load()) }},
		{"store", func(s *stage, l *viewer) { s.x.Store(int32(10 * l.id)) }},
	},
	"maps": {
		{"load or store", func(s *stage, l *viewer) { l.see(s.m.LoadOrStore("a", l.id)) }},
		{"store", func(s *stage, l *viewer) { s.m.Store("a", l.id) }},
		{"store b", func(s *stage, l *viewer) { s.m.Store("b", l.id) }},
		{"load", func(s *stage, l *viewer) { l.see(s.m.Load("a")) }},
		{"load b", func(s *stage, l *viewer) { l.see(s.m.Load("b")) }},
		{"compare and swap", func(s *stage, l *viewer) { l.see(s.m.CompareAndSwap("a", 1, 10+l.id)) }},
		{"compare and delete", func(s *stage, l *viewer) { l.see(s.m.CompareAndDelete("a", 1)) }},
		{"delete", func(s *stage, l *viewer) { s.m.Delete("a") }},
		{"load and delete", func(s *stage, l *viewer) { l.see(s.m.LoadAndDelete("a")) }},
		{"swap", func(s *stage, l *viewer) { l.see(s.m.Swap("b", l.id)) }},
		{"clear", func(s *stage, l *viewer) { s.m.Clear() }},
		{"range", func(s *stage, l *viewer) {
			var all []string
			s.m.Range(func(k, v any) bool { all = append(all, fmt.Sprint(k, v)); return true })
			slices.Sort(all)
			l.see(all)
		}},
		{"range and delete", func(s *stage, l *viewer) {
			s.m.Range(func(k, v any) bool { s.m.Delete(k); return true })
		}},
	},
	"locks": {
		{"wait for n", func(s *stage, l *viewer) {
			s.mu.Lock()
			for s.n == 0 {
				s.cond.Wait()
			}
			s.n--
			l.see(s.n)
			s.mu.Unlock()
		}},
		{"wait once", func(s *stage, l *viewer) {
			s.mu.Lock()
			s.cond.Wait()
			l.see(s.n)
			s.mu.Unlock()
		}},
		{"signal n", func(s *stage, l *viewer) {
			s.mu.Lock()
			s.n++
			s.mu.Unlock()
			s.cond.Signal()
		}},
		{"broadcast n", func(s *stage, l *viewer) {
			s.mu.Lock()
			s.n++
			s.cond.Broadcast()
			s.mu.Unlock()
		}},
		{"signal", func(s *stage, l *viewer) { s.cond.Signal() }},
		{"try", func(s *stage, l *viewer) {
			ok := s.mu.TryLock()
			l.see(ok)
			if ok {
				s.n++
				s.mu.Unlock()
			}
		}},
		{"read", func(s *stage, l *viewer) { s.rw.RLock(); l.see(s.x.Load()); s.rw.RUnlock() }},
		{"write", func(s *stage, l *viewer) { s.rw.Lock(); s.x.Store(int32(l.id)); s.rw.Unlock() }},
		{"read twice", func(s *stage, l *viewer) { s.rw.RLock(); s.rw.RLock(); l.see("both"); s.rw.RUnlock(); s.rw.RUnlock() }},
		{"try to read", func(s *stage, l *viewer) {
			ok := s.rw.TryRLock()
			l.see(ok)
			if ok {
				s.rw.RUnlock()
			}
		}},
		{"try to write", func(s *stage, l *viewer) {
			ok := s.rw.TryLock()
			l.see(ok)
			if ok {
				s.x.Add(10)
				s.rw.Unlock()
			}
		}},
		{"read while locked", func(s *stage, l *viewer) { s.mu.Lock(); s.rw.RLocker().Lock(); s.rw.RLocker().Unlock(); s.mu.Unlock() }},
	},
	"channels": {
		{"ask", func(s *stage, l *viewer) { c := make(chan int); s.replies <- c; l.see(<-c) }},
		{"ask with room", func(s *stage, l *viewer) { c := make(chan int, 1); s.replies <- c; l.see(<-c) }},
		{"answer", func(s *stage, l *viewer) { c := <-s.replies; c <- l.id }},
		{"answer or not", func(s *stage, l *viewer) {
			select {
			case c := <-s.replies:
				close(c)
			default:
				l.see("nobody")
			}
		}},
		{"send 0", func(s *stage, l *viewer) { l.caught(func() { s.c[0] <- l.id }) }},
		{"send 1", func(s *stage, l *viewer) { l.caught(func() { s.c[1] <- l.id }) }},
		{"receive 0", func(s *stage, l *viewer) { v, ok := <-s.c[0]; l.see(v, ok) }},
		{"receive 1", func(s *stage, l *viewer) { v, ok := <-s.c[1]; l.see(v, ok) }},
		{"close 0", func(s *stage, l *viewer) { l.caught(func() { close(s.c[0]) }) }},
		{"close 1", func(s *stage, l *viewer) { l.caught(func() { close(s.c[1]) }) }},
		{"range 0", func(s *stage, l *viewer) {
			for v := range s.c[0] {
				l.see(v)
			}
		}},
		{"range 1", func(s *stage, l *viewer) {
			for v := range s.c[1] {
				l.see(v)
			}
		}},
		{"none or 0", func(s *stage, l *viewer) {
			select {
			case <-s.none:
			case v, ok := <-s.c[0]:
				l.see(v, ok)
			}
		}},
		{"both ways 0", func(s *stage, l *viewer) {
			l.caught(func() {
				select {
				case v, ok := <-s.c[0]:
					l.see(v, ok)
				case s.c[0] <- l.id:
					l.see("sent")
				}
			})
		}},
		{"both ways 1", func(s *stage, l *viewer) {
			l.caught(func() {
				select {
				case v, ok := <-s.c[1]:
					l.see(v, ok)
				case s.c[1] <- l.id:
					l.see("sent")
				}
			})
		}},
		{"0 until closed, or 1", func(s *stage, l *viewer) {
			a, b := s.c[0], s.c[1]
			for a != nil && b != nil {
				select {
				case v, ok := <-a:
					if l.see(v, ok); !ok {
						a = nil
					}
				case v, ok := <-b:
					if l.see(v, ok); !ok {
						b = nil
					}
				}
			}
		}},
		{"poll twice", func(s *stage, l *viewer) {
			for range 2 {
				select {
				case v, ok := <-s.c[0]:
					l.see(v, ok)
				case v, ok := <-s.c[1]:
					l.see(v, ok)
				default:
					l.see("nothing")
				}
			}
		}},
	},
	"atomics": {
		{"value store", func(s *stage, l *viewer) { s.any.Store(l.id) }},
		{"value load", func(s *stage, l *viewer) { l.see(s.any.Load()) }},
		{"value swap", func(s *stage, l *viewer) { l.see(s.any.Swap(l.id)) }},
		{"value compare and swap", func(s *stage, l *viewer) { l.see(s.any.CompareAndSwap(1, 10+l.id)) }},
		{"pointer store", func(s *stage, l *viewer) { s.p.Store(&l.id) }},
		{"pointer load", func(s *stage, l *viewer) {
			if p := s.p.Load(); p != nil {
				l.see(*p)
			} else {
				l.see("nil")
			}
		}},
		{"pointer compare and swap", func(s *stage, l *viewer) { l.see(s.p.CompareAndSwap(nil, &l.id)) }},
		{"and", func(s *stage, l *viewer) { l.see(s.u.And(^uint64(1))) }},
		{"or", func(s *stage, l *viewer) { l.see(s.u.Or(uint64(l.id) << 32)) }},
		{"high compare and swap", func(s *stage, l *viewer) { l.see(s.u.CompareAndSwap(1<<32, 2<<32)) }},
		{"low compare and swap", func(s *stage, l *viewer) { l.see(s.u.CompareAndSwap(0, 1<<32)) }},
		{"load", func(s *stage, l *viewer) { l.see(s.u.Load()) }},
		{"flag", func(s *stage, l *viewer) { l.see(s.flag.Swap(true)) }},
		{"flag compare and swap", func(s *stage, l *viewer) { l.see(s.flag.CompareAndSwap(true, false)) }},
		{"store if flag", func(s *stage, l *viewer) {
			if s.flag.Load() {
				s.u.Store(7)
			}
		}},
	},
	"composites": {
		{"exit", func(s *stage, l *viewer) { defer l.see(s.x.Add(1)); runtime.Goexit() }},
		{"panic", func(s *stage, l *viewer) {
			l.caught(func() { defer s.mu.Unlock(); s.mu.Lock(); s.x.Add(1); panic("mine") })
		}},
		{"group go", func(s *stage, l *viewer) { s.wg.Go(func() { s.x.Add(1) }) }},
		{"group wait", func(s *stage, l *viewer) { s.wg.Wait(); l.see(s.x.Load()) }},
		{"own group", func(s *stage, l *viewer) {
			var wg sync.WaitGroup
			for i := range 2 {
				wg.Go(func() { s.x.Store(int32(10*l.id + i)) })
			}
			wg.Wait()
		}},
		{"own errors", func(s *stage, l *viewer) {
			var wg sync.WaitGroup
			var once sync.Once
			var err error
			ctx, cancel := context.WithCancelCause(context.Background())
			defer cancel(nil)
			for i := range 2 {
				wg.Go(func() { once.Do(func() { err = fmt.Errorf("%d", i); cancel(err) }) })
			}
			wg.Wait()
			l.see(err, context.Cause(ctx))
		}},
		{"acquire", func(s *stage, l *viewer) { s.c[1] <- 0; l.see(s.x.Add(1)); <-s.c[1] }},
		{"try to acquire", func(s *stage, l *viewer) {
			select {
			case s.c[1] <- 0:
				s.x.Store(int32(l.id))
				<-s.c[1]
			default:
				l.see("full")
			}
		}},
		{"go go", func(s *stage, l *viewer) { go func() { go s.y.Store(int32(l.id)) }() }},
		{"go and wait", func(s *stage, l *viewer) {
			done := make(chan bool)
			go func() { defer close(done); l.see(s.y.Load()); runtime.Goexit() }()
			<-done
		}},
		{"lock", func(s *stage, l *viewer) { s.mu.Lock(); defer s.mu.Unlock(); l.see(s.x.Load()) }},
		{"load", func(s *stage, l *viewer) { l.see(s.x.Load(), s.y.Load()) }},
	},
}

// told returns a run of the program, and what tells of it once it has ended.
func (p mixture) told() (func(), func(passed bool) string) {
	var s *stage
	var all []*viewer
	body := func() {
		s, all = newStage(p.of), nil
		for i := range p.goroutines {
			all = append(all, &viewer{id: i + 1})
		}
		for i := 1; i < len(all); i++ {
			go p.goroutine(s, all[i], i)
		}
		p.goroutine(s, all[0], 0)
	}
	return body, func(passed bool) string {
		var b strings.Builder
		for _, l := range all {
			fmt.Fprintf(&b, "%q ", l.saw)
		}
		if passed {
			b.WriteString(s.state())
		}
		return b.String()
	}
}

func newStage(of string) *stage {
	s := &stage{replies: make(chan chan int)}
	s.c[0], s.c[1] = make(chan int), make(chan int, 1)
	s.cond = sync.NewCond(&s.mu)
	switch of {
	case "contexts":
		s.ctx[0], s.cancel[0] = context.WithCancelCause(context.Background())
		for i := 1; i < len(s.ctx); i++ {
			s.ctx[i], s.cancel[i] = context.WithCancelCause(s.ctx[i-1])
		}
	case "timers":
		s.timer = time.NewTimer(time.Hour)
		s.timer.Stop()
		s.after = time.AfterFunc(time.Hour, func() { s.x.Add(5) })
		s.after.Stop()
		s.rearm = time.AfterFunc(time.Hour, func() {
			if s.after.Stop() {
				s.y.Add(1)
			}
			s.timer.Reset(time.Millisecond)
		})
		s.rearm.Stop()
		s.ticker = time.NewTicker(time.Millisecond)
		s.ticker.Stop()
	case "once":
		s.only = sync.OnceFunc(func() { s.x.Add(1); panic("only") })
		s.value = sync.OnceValue(func() int { return int(s.x.Add(1)) })
	}
	return s
}

func (p mixture) goroutine(s *stage, l *viewer, i int) {
	for _, op := range p.goroutines[i] {
		families[p.of][op].do(s, l)
	}
}

// state is what the operations have made of things, as far as it can be seen from outside.
func (s *stage) state() string {
	var m []string
	s.m.Range(func(k, v any) bool { m = append(m, fmt.Sprint(k, v)); return true })
	slices.Sort(m)
	var errs []error
	for _, c := range s.ctx {
		if c != nil {
			errs = append(errs, c.Err(), context.Cause(c))
		}
	}
	p := 0
	if q := s.p.Load(); q != nil {
		p = *q
	}
	return fmt.Sprint(s.x.Load(), s.y.Load(), m, errs, s.n, len(s.c[1]), s.any.Load(), p, s.u.Load(), s.flag.Load())
}
