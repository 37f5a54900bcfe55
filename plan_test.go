package lastcall

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/leanovate/gopter"
)

// A Plan is a small program: what each of its goroutines does, an operation a byte.
type Plan struct{ Goroutines [][]byte }

func (p Plan) String() string {
	var b strings.Builder
	for i, ops := range p.Goroutines {
		fmt.Fprintf(&b, "goroutine %d:", i)
		for _, op := range ops {
			fmt.Fprintf(&b, " %s", operations[int(op)%len(operations)].name)
		}
		b.WriteString("; ")
	}
	return b.String()
}

// things is what the goroutines of one run share.
type things struct {
	mu     sync.Mutex
	rw     sync.RWMutex
	once   sync.Once
	m      sync.Map
	x      atomic.Int64
	val    atomic.Value
	chans  [3]chan int // capacities 0, 1, 2
	ctx    context.Context
	cancel context.CancelFunc
	timer  *time.Timer
}

// operations are what a goroutine can do. None waits for ever: those that could have a way out.
var operations = []struct {
	name string
	do   func(s *things)
}{
	{"lock", func(s *things) { s.mu.Lock(); s.x.Load(); s.mu.Unlock() }},
	{"trylock", func(s *things) {
		if s.mu.TryLock() {
			s.mu.Unlock()
		}
	}},
	{"rlock", func(s *things) { s.rw.RLock(); s.x.Load(); s.rw.RUnlock() }},
	{"wlock", func(s *things) { s.rw.Lock(); s.x.Load(); s.rw.Unlock() }},
	{"once", func(s *things) { s.once.Do(func() { s.x.Add(1) }) }},
	{"map", func(s *things) { s.m.Store(s.x.Load()%3, 1); s.m.Load(int64(1)) }},
	{"add", func(s *things) { s.x.Add(1) }},
	{"cas", func(s *things) { s.x.CompareAndSwap(1, 2) }},
	{"value", func(s *things) { s.val.Store(1); s.val.Load() }},
	{"send", func(s *things) { s.send(int(s.x.Load() % 3)) }},
	{"receive", func(s *things) { s.receive(int(s.x.Load() % 3)) }},
	{"try", func(s *things) {
		select {
		case s.chans[1] <- 1:
		case <-s.chans[2]:
		default:
		}
	}},
	{"sleep", func(s *things) { time.Sleep(time.Millisecond) }},
	{"timer", func(s *things) { s.timer.Reset(time.Millisecond); s.timer.Stop() }},
	{"cancel", func(s *things) { s.cancel() }},
	{"err", func(s *things) { s.ctx.Err() }},
	{"go", func(s *things) { c := make(chan bool); go close(c); <-c }},
}

func (s *things) send(i int) {
	select {
	case s.chans[i] <- 1:
	case <-s.ctx.Done():
	case <-time.After(time.Millisecond):
	}
}

func (s *things) receive(i int) {
	select {
	case <-s.chans[i]:
	case <-s.ctx.Done():
	case <-time.After(time.Millisecond):
	}
}

// run runs the plan and returns when all its goroutines have ended.
func (p Plan) run() {
	s := &things{timer: time.NewTimer(time.Hour)}
	for i := range s.chans {
		s.chans[i] = make(chan int, i)
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, ops := range p.Goroutines {
		wg.Go(func() {
			for _, op := range ops {
				operations[int(op)%len(operations)].do(s)
			}
		})
	}
	wg.Wait()
	s.cancel()
	s.timer.Stop()
}

// plans generates plans of up to 4 goroutines with up to 6 operations each.
func plans(g *gopter.GenParameters) *gopter.GenResult {
	p := Plan{Goroutines: make([][]byte, 1+g.Rng.Intn(4))}
	for i := range p.Goroutines {
		p.Goroutines[i] = make([]byte, g.Rng.Intn(7))
		for j := range p.Goroutines[i] {
			p.Goroutines[i][j] = byte(g.Rng.Intn(len(operations)))
		}
	}
	return gopter.NewGenResult(p, shrinkPlan)
}

// shrinkPlan drops a goroutine, or an operation of one. It is one shrinker for the whole plan, since gopter's combinators
// lose what they were made of when a value is mapped.
func shrinkPlan(v any) gopter.Shrink {
	p := v.(Plan)
	var smaller []Plan
	for i := range p.Goroutines {
		smaller = append(smaller, Plan{Goroutines: append(append([][]byte{}, p.Goroutines[:i]...), p.Goroutines[i+1:]...)})
	}
	for i, ops := range p.Goroutines {
		for j := range ops {
			q := Plan{Goroutines: append([][]byte{}, p.Goroutines...)}
			q.Goroutines[i] = append(append([]byte{}, ops[:j]...), ops[j+1:]...)
			smaller = append(smaller, q)
		}
	}
	return func() (any, bool) {
		if len(smaller) == 0 {
			return nil, false
		}
		q := smaller[0]
		smaller = smaller[1:]
		return q, true
	}
}
