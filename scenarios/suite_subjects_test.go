package scenarios

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lastcall-go/lastcall/sim"
)

// chanPool hands tasks over by a channel that Close closes.
type chanPool struct {
	tasks   chan func()
	closed  atomic.Bool
	workers sync.WaitGroup
}

func newChanPool(sim.TB) Subject {
	p := &chanPool{tasks: make(chan func(), 1)}
	p.workers.Go(func() {
		for task := range p.tasks {
			task()
		}
	})
	return Subject{Post: p.Post, Close: p.Close}
}

func (p *chanPool) Post(task func()) error {
	if p.closed.Load() {
		return errClosed
	}
	p.tasks <- task
	return nil
}

func (p *chanPool) Close(context.Context) error {
	p.closed.Store(true)
	close(p.tasks)
	p.workers.Wait()
	return nil
}

// turner is a loop that can be stopped and run again. What is posted meanwhile is kept.
type turner struct {
	mistake mistake

	mu      sync.Mutex
	changed *sync.Cond
	queue   []func()
	running bool
	stop    bool
	closed  bool // of one that ends for good
	token   bool
}

const (
	keepsTheFlag  mistake = "leaves the flag set that stopped it"
	keepsTheToken mistake = "leaves the token that would have woken it"
	looksTooEarly mistake = "looks whether it is closed before it says that it runs"
)

func newTurner(m mistake, once bool) func(sim.TB) Subject {
	return func(sim.TB) Subject {
		l := &turner{mistake: m}
		l.changed = sync.NewCond(&l.mu)
		if once {
			return Subject{Post: l.Post, Close: l.End, Run: l.RunOnce}
		}
		return Subject{Post: l.Post, Close: l.Stop, Run: l.Run}
	}
}

func (l *turner) Post(task func()) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errClosed
	}
	l.queue = append(l.queue, task)
	l.changed.Broadcast()
	return nil
}

func (l *turner) Run() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.runLocked()
	return nil
}

func (l *turner) runLocked() {
	l.running = true
	for !l.stop || l.mistake == keepsTheToken {
		if len(l.queue) == 0 || l.token {
			if l.mistake == keepsTheToken && l.token {
				l.token = false
				break
			}
			l.changed.Wait()
			continue
		}
		task := l.queue[0]
		l.queue = l.queue[1:]
		l.mu.Unlock()
		task()
		l.mu.Lock()
		if l.stop {
			break
		}
	}
	l.running = false
	if l.mistake != keepsTheFlag {
		l.stop = false
	}
	l.changed.Broadcast()
}

// Stop ends Run after the task that runs. It does nothing where nobody is in Run.
func (l *turner) Stop(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopLocked()
	return nil
}

func (l *turner) stopLocked() {
	if !l.running {
		return
	}
	l.stop, l.token = true, l.mistake == keepsTheToken
	l.changed.Broadcast()
	for l.running {
		l.changed.Wait()
	}
}

// RunOnce and End are Run and Stop of a loop that ends for good, before its Run as well.
func (l *turner) RunOnce() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errClosed
	}
	if l.mistake == looksTooEarly {
		l.mu.Unlock()
		l.mu.Lock()
	}
	l.runLocked()
	return nil
}

func (l *turner) End(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.stopLocked()
	return nil
}

// gate lets one piece of work run at a time, on a goroutine of its own; the rest waits in Go, in line.
type gate struct {
	mistake mistake

	mu      sync.Mutex
	taken   bool
	line    []chan bool
	closed  bool
	workers sync.WaitGroup
}

const (
	keepsTheTurn    mistake = "keeps the turn that came as it gave up"
	leavesTheHelper mistake = "leaves the helper that waits in its stead"
)

func newGate(m mistake) func(sim.TB) Subject {
	return func(sim.TB) Subject {
		g := &gate{mistake: m}
		return Subject{
			Post:  func(task func()) error { return g.Go(context.Background(), func(context.Context) { task() }) },
			Close: g.Close,
			Go:    g.Go,
		}
	}
}

func (g *gate) Go(ctx context.Context, work func(context.Context)) error {
	if err := g.enter(ctx); err != nil {
		return err
	}
	go func() {
		defer g.workers.Done()
		defer g.leave()
		work(ctx)
	}()
	return nil
}

func (g *gate) enter(ctx context.Context) error {
	if g.mistake != leavesTheHelper {
		return g.await(ctx)
	}
	entered := make(chan error)
	go func() { entered <- g.await(context.Background()) }()
	select {
	case err := <-entered:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// await waits for the turn.
func (g *gate) await(ctx context.Context) error {
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return errClosed
	}
	if !g.taken {
		g.taken = true
		g.workers.Add(1)
		g.mu.Unlock()
		return nil
	}
	turn := make(chan bool, 1)
	g.line = append(g.line, turn)
	g.mu.Unlock()
	select {
	case mine := <-turn:
		return refusal(mine)
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, c := range g.line {
		if c == turn {
			g.line = append(g.line[:i:i], g.line[i+1:]...)
			return ctx.Err()
		}
	}
	mine := <-turn // it has come meanwhile
	if mine && g.mistake == keepsTheTurn {
		g.workers.Done()
		return ctx.Err()
	}
	return refusal(mine)
}

func refusal(mine bool) error {
	if !mine {
		return errClosed
	}
	return nil
}

// leave gives the turn to the next in line.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.line) == 0 {
		g.taken = false
		return
	}
	g.workers.Add(1)
	g.line[0] <- true
	g.line = g.line[1:]
}

func (g *gate) Close(context.Context) error {
	g.mu.Lock()
	g.closed = true
	for _, turn := range g.line {
		turn <- false
	}
	g.line = nil
	g.mu.Unlock()
	g.workers.Wait()
	return nil
}

// clock is a pool with timers.
type clock struct {
	*pool
	mistake mistake
}

const (
	clearsBlindly mistake = "says that it has cleared a timer that has fired"
	firesOnItsOwn mistake = "runs a timer's task on the timer's goroutine"
)

func newClock(m mistake) func(sim.TB) Subject {
	return func(sim.TB) Subject {
		c := &clock{pool: newPool("", 0), mistake: m}
		return Subject{Post: c.Post, Close: c.Close, After: c.After}
	}
}

func (c *clock) After(d time.Duration, task func()) (func() bool, error) {
	var mu sync.Mutex
	begun, cleared := false, false
	begin := func() {
		mu.Lock()
		begun = true
		mine := !cleared
		mu.Unlock()
		if mine {
			task()
		}
	}
	fire := func() { _ = c.Post(begin) } // a pool that is closed drops it
	if c.mistake == firesOnItsOwn {
		fire = begin
	}
	time.AfterFunc(d, fire)
	clear := func() bool {
		mu.Lock()
		defer mu.Unlock()
		cleared = true
		return !begun || c.mistake == clearsBlindly
	}
	return clear, nil
}
