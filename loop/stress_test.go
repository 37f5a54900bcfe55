package loop

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var programs = flag.Int("programs", 600, "how many generated programs TestGeneratedPrograms runs")

// An act is one call on a loop, made by one of the goroutines of a program. acts lists them.
type act uint8

const (
	actPost act = iota
	actPostPanics
	actPostPosts // a callback that posts
	actAfter
	actAfterStop // a timer that is stopped at once, from a callback
	actReset
	actSubmit
	actSubmitObeys // work that ends with its context
	actSubmitPanics
	actSubmitExits // by Goexit
	actSubmitNests // work that waits for work of the same loop
	actCancel
	actWait
	actStats
	actStop
	actRun
	actAwait
	actShutdown
	actShutdownImpatient
	actShutdownInCallback
	actShutdownInWork
	actClose
	actCloseInCallback
	acts
)

// TestGeneratedPrograms runs random programs on the real scheduler: some goroutines, each with some calls in a row, then
// a Shutdown. Whatever the program, what was accepted is accounted for and nothing is left. Run it with -race.
func TestGeneratedPrograms(t *testing.T) {
	n := *programs
	if testing.Short() {
		n /= 10
	}
	for seed := range n {
		p := &program{t: t, rng: rand.New(rand.NewPCG(uint64(seed), 3)), seed: seed}
		p.run()
		if t.Failed() {
			return
		}
	}
}

// A program checks one loop. Each goroutine has calls from its own stream, so that a seed is a program whatever the scheduler does.
type program struct {
	t    *testing.T
	rng  *rand.Rand
	seed int
	l    *Loop

	accepted, ran, stopped, dropped atomic.Int64
	inCallback                      atomic.Int32
	over                            atomic.Bool // a Shutdown from outside has returned nil, or a Close
	mu                              sync.Mutex
	futures                         []*Future[int]
}

func (p *program) check(ok bool, format string, args ...any) {
	if !ok {
		p.t.Errorf("seed %d: %s", p.seed, fmt.Sprintf(format, args...))
	}
}

func (p *program) run() {
	queue := p.rng.IntN(3)
	p.l = New(Workers(1+p.rng.IntN(3)), QueueLimit(queue),
		OnDrop(func(n int) { p.dropped.Add(int64(n)) }), OnError(func(error) {}))
	var wg sync.WaitGroup
	for range 1 + p.rng.IntN(4) {
		rng := rand.New(rand.NewPCG(p.rng.Uint64(), 4))
		wg.Go(func() {
			for range 1 + rng.IntN(12) {
				p.call(act(rng.IntN(int(acts))), rng)
				if rng.IntN(4) == 0 {
					runtime.Gosched()
				}
			}
		})
	}
	go p.l.Run()
	wg.Wait()
	err := p.l.Shutdown(background)
	p.finally(err)
}

// finally checks what must hold when the last Shutdown has returned.
func (p *program) finally(err error) {
	var cut *UnfinishedError
	p.check(err == nil || errors.As(err, &cut) && cut.Dropped > 0, "the last Shutdown: %v", err)
	select {
	case <-p.l.Closed():
	default:
		p.check(false, "Shutdown has returned and the loop is not over")
	}
	s := p.l.Stats()
	mustAddUp(p.t, s)
	p.check(s.Pending+s.Queued+s.Working+s.Workers == 0, "left over: %+v", s)
	p.check(int64(s.Accepted) == p.accepted.Load(), "%d accepted: %+v", p.accepted.Load(), s)
	p.check(int64(s.Ran) == p.ran.Load(), "%d ran: %+v", p.ran.Load(), s)
	p.check(int64(s.Cancelled) == p.stopped.Load(), "%d stopped: %+v", p.stopped.Load(), s)
	p.check(int64(s.Dropped) == p.dropped.Load(), "OnDrop was told of %d: %+v", p.dropped.Load(), s)
	for _, f := range p.futures {
		_, err := f.Result()
		p.check(err != ErrPending, "a future has not ended")
	}
	p.check(p.l.Post(noop) == ErrClosed, "a post after the end")
}

// callback counts a callback and checks that it runs alone, in its time, and once.
func (p *program) callback(f func()) func() {
	var once atomic.Bool
	return func() {
		p.check(once.CompareAndSwap(false, true), "a callback ran twice")
		p.check(p.inCallback.Add(1) == 1, "two callbacks at once")
		p.check(!p.over.Load(), "a callback after the end")
		p.ran.Add(1)
		defer p.inCallback.Add(-1)
		f()
	}
}

func (p *program) took(err error) {
	if err == nil {
		p.accepted.Add(1)
	}
}

func (p *program) post(f func()) { p.took(p.l.Post(p.callback(f))) }

func (p *program) submit(work func(context.Context) (int, error)) *Future[int] {
	var once atomic.Bool
	f, err := Submit(p.l, background, func(ctx context.Context) (int, error) {
		p.check(once.CompareAndSwap(false, true), "work ran twice")
		return work(ctx)
	})
	if err != nil {
		return nil
	}
	p.mu.Lock()
	p.futures = append(p.futures, f)
	p.mu.Unlock()
	if len(p.futuresNow())%2 == 0 {
		p.took(f.OnDone(func(g *Future[int]) {
			p.callback(func() {
				_, err := g.Result()
				p.check(err != ErrPending, "OnDone before the end")
			})()
		}))
	}
	return f
}

func (p *program) futuresNow() []*Future[int] {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.futures
}

// future returns one of the program's futures, or nil.
func (p *program) future(rng *rand.Rand) *Future[int] {
	fs := p.futuresNow()
	if len(fs) == 0 {
		return nil
	}
	return fs[rng.IntN(len(fs))]
}

// ended notes that from here on no callback may run, if err, of a Shutdown or Close from outside, says so.
func (p *program) ended(err error) {
	if err == nil {
		p.over.Store(true)
		p.check(p.inCallback.Load() == 0, "it returned during a callback")
		p.check(p.l.Post(noop) == ErrClosed, "a post after it returned")
	}
}

func (p *program) call(a act, rng *rand.Rand) {
	l := p.l
	switch a {
	case actPost:
		p.post(noop)
	case actPostPanics:
		p.post(func() { panic("on purpose") })
	case actPostPosts:
		p.post(func() { p.post(noop) })
	case actAfter:
		_, err := l.After(time.Duration(rng.IntN(200))*time.Microsecond, p.callback(noop))
		p.took(err)
	case actAfterStop:
		timer, err := l.After(time.Duration(rng.IntN(100))*time.Microsecond, p.callback(noop))
		p.took(err)
		if err == nil {
			p.post(func() { p.stopTimer(timer) })
		}
	case actReset:
		timer, err := l.After(time.Hour, p.callback(noop)) // pending for sure, so that Reset accepts no second one
		p.took(err)
		if err == nil {
			timer.Reset(time.Duration(rng.IntN(100)) * time.Microsecond)
		}
	default:
		p.callWork(a, rng)
	}
}

func (p *program) stopTimer(t *Timer) bool {
	stopped := t.Stop()
	if stopped {
		p.stopped.Add(1)
	}
	return stopped
}

func (p *program) callWork(a act, rng *rand.Rand) {
	switch a {
	case actSubmit:
		p.submit(value(1))
	case actSubmitObeys:
		ctx, cancel := context.WithTimeout(background, 100*time.Microsecond)
		f := p.submit(func(work context.Context) (int, error) {
			defer cancel()
			select {
			case <-work.Done():
			case <-ctx.Done():
			}
			return 0, work.Err()
		})
		if f == nil {
			cancel()
		} else if f.Cancel() {
			cancel()
		}
	case actSubmitPanics:
		p.submit(func(context.Context) (int, error) { panic("on purpose") })
	case actSubmitExits:
		p.submit(func(context.Context) (int, error) { runtime.Goexit(); return 0, nil })
	case actSubmitNests:
		p.submit(func(ctx context.Context) (int, error) {
			f, err := Submit(p.l, ctx, value(1))
			if err != nil {
				return 0, err
			}
			return f.Wait(background)
		})
	case actCancel:
		if f := p.future(rng); f != nil {
			f.Cancel()
		}
	case actWait:
		if f := p.future(rng); f != nil {
			_, err := f.Wait(background)
			p.check(err != ErrPending, "Wait returned before the end")
		}
	case actAwait:
		if f := p.future(rng); f != nil {
			Await(p.l, f)
		}
	default:
		p.callEnd(a)
	}
}

func (p *program) callEnd(a act) {
	l := p.l
	switch a {
	case actStats:
		mustAddUp(p.t, l.Stats())
	case actStop:
		l.Stop()
	case actRun:
		go l.Run()
	case actShutdown:
		p.ended(l.Shutdown(background))
	case actShutdownImpatient:
		ctx, cancel := context.WithTimeout(background, 50*time.Microsecond)
		defer cancel()
		p.ended(l.Shutdown(ctx))
	case actShutdownInCallback:
		p.post(func() { p.check(l.Shutdown(background) == ErrInCallback, "Shutdown in a callback") })
	case actShutdownInWork:
		p.submit(func(context.Context) (int, error) { return 0, l.Shutdown(background) })
	case actClose:
		p.ended(l.Close())
	case actCloseInCallback:
		p.post(func() { p.check(l.Close() == ErrInCallback, "Close in a callback") })
	}
}

// TestStatsAddUpAtEveryMoment looks from a goroutine of its own while others do all that changes the counters.
func TestStatsAddUpAtEveryMoment(t *testing.T) {
	l := New(Workers(2))
	done := start(l)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		last := Stats{}
		for !closed(stop) {
			s := l.Stats()
			mustAddUp(t, s)
			require.GreaterOrEqual(t, s.Ran, last.Ran)
			require.GreaterOrEqual(t, s.Accepted, last.Accepted)
			last = s
		}
	})
	var actors sync.WaitGroup
	for range 2 {
		actors.Go(func() {
			for i := range 300 {
				l.Post(func() { mustAddUp(t, l.Stats()) })
				if timer, err := l.After(time.Duration(i%3)*time.Microsecond, noop); err == nil {
					l.Post(func() { timer.Stop() })
				}
				if f, err := Submit(l, background, value(1)); err == nil {
					f.OnDone(func(*Future[int]) {})
					f.Cancel()
				}
			}
		})
	}
	actors.Wait()
	require.NoError(t, l.Close())
	ranOrLate(t, <-done)
	<-l.Closed()
	close(stop)
	wg.Wait()
}
