package scenarios

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/lastcall-go/lastcall/loop"
	"github.com/lastcall-go/lastcall/sim"
)

// correct are subjects of different contracts, each of which keeps its own.
var correct = []struct {
	name     string
	subject  func(sim.TB) Subject
	contract Contract
}{
	{"loop, Shutdown", loopShutdown, Contract{
		PostAfterClose: Error, CloseWaits: Queued, CloseTwice: OK, CloseFromTask: true, PostFromTask: true,
		CloseDuringStart: true, PanicContained: true,
	}},
	{"loop, Close", loopClose, Contract{
		PostAfterClose: Error, CloseWaits: Running, CloseTwice: OK, CloseFromTask: true, PostFromTask: true,
		CloseDuringStart: true, PanicContained: true,
	}},
	{"loop, its workers with a bounded queue", loopWorkers, Contract{
		PostAfterClose: Error, CloseWaits: Running, CloseTwice: OK, BlocksWhenFull: true, PanicContained: true, GoexitContained: true,
	}},
	{"pool", poolWith(""), poolContract},
	{"pool that waits for room", fullPoolWith(""), Contract{
		PostAfterClose: Error, CloseWaits: Queued, CloseTwice: OK, BlocksWhenFull: true, PanicContained: true, GoexitContained: true,
	}},
	{"pool with Wait", waitingPoolWith(""), poolContract},
	{"pool with timers", newClock(""), poolContract},
	{"loop that stops and starts", newTurner("", false), Contract{
		PostAfterClose: Queued, CloseWaits: Running, CloseTwice: OK, PostFromTask: true, Restartable: true,
	}},
	{"loop that ends for good", newTurner("", true), Contract{
		PostAfterClose: Error, CloseWaits: Running, CloseTwice: OK, PostFromTask: true, CloseDuringStart: true,
	}},
	{"one at a time", newGate(""), Contract{PostAfterClose: Error, CloseWaits: Running, CloseTwice: OK, BlocksWhenFull: true}},
	{"errgroup behind a channel", groupBehindChannel, Contract{
		PostAfterClose: Panic, CloseWaits: Queued, CloseTwice: Panic, BlocksWhenFull: true,
	}},
	{"pool that drops and says so", dropping, Contract{
		PostAfterClose: Drop, CloseWaits: Running, CloseTwice: Error, PostFromTask: true,
	}},
	{"goroutine per task, not waited for", unwaited, Contract{
		PostAfterClose: Error, CloseWaits: None, CloseTwice: OK, CloseFromTask: true, PostFromTask: true,
	}},
	{"on the caller's goroutine", inline, Contract{PostAfterClose: Error, CloseWaits: Running, CloseTwice: OK, PostFromTask: true}},
	{"pool with a janitor", withJanitor, Contract{
		PostAfterClose: Error, CloseWaits: Queued, CloseTwice: OK,
		AllowGoroutines: []string{"github.com/lastcall-go/lastcall/scenarios.janitor"},
	}},
}

func loopShutdown(sim.TB) Subject {
	l := loop.New(loop.Workers(2), loop.OnError(func(error) {}))
	return Subject{
		Post:  l.Post,
		Close: func(ctx context.Context) error { return begun(l.Shutdown(ctx)) },
		Run:   l.Run,
		Go:    submitTo(l),
		After: afterOn(l),
	}
}

func loopClose(sim.TB) Subject {
	l := loop.New(loop.Workers(2), loop.OnError(func(error) {}))
	return Subject{
		Post:  l.Post,
		Close: func(context.Context) error { return begun(l.Close()) },
		Run:   l.Run,
		After: afterOn(l),
	}
}

func loopWorkers(sim.TB) Subject {
	l := loop.New(loop.Workers(1), loop.QueueLimit(1))
	work := submitTo(l)
	return Subject{
		Post:  func(task func()) error { return work(context.Background(), func(context.Context) { task() }) },
		Close: func(ctx context.Context) error { return begun(l.Shutdown(ctx)) },
		Run:   l.Run,
		Go:    work,
	}
}

// begun is nil where a task has called, and the shutdown has begun.
func begun(err error) error {
	if errors.Is(err, loop.ErrInCallback) {
		return nil
	}
	return err
}

func submitTo(l *loop.Loop) func(context.Context, func(context.Context)) error {
	return func(ctx context.Context, work func(context.Context)) error {
		_, err := loop.Submit(l, ctx, func(ctx context.Context) (int, error) {
			work(ctx)
			return 0, nil
		})
		return err
	}
}

func afterOn(l *loop.Loop) func(time.Duration, func()) (func() bool, error) {
	return func(d time.Duration, task func()) (func() bool, error) {
		timer, err := l.After(d, task)
		if err != nil {
			return nil, err
		}
		return timer.Stop, nil
	}
}

// group is an errgroup, as far as it goes here.
type group struct {
	running sync.WaitGroup
	once    sync.Once
	err     error
}

func (g *group) Go(f func() error) {
	g.running.Go(func() {
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err })
		}
	})
}

func (g *group) Wait() error {
	g.running.Wait()
	return g.err
}

// groupBehindChannel is what many programs have. Its users know that the channel is closed when Close has been called.
func groupBehindChannel(sim.TB) Subject {
	tasks := make(chan func(), 1)
	var senders sync.RWMutex // senders read it, so that the channel is not closed under one that waits
	var workers group
	for range 2 {
		workers.Go(func() error {
			for task := range tasks {
				task()
			}
			return nil
		})
	}
	return Subject{
		Post: func(task func()) error {
			senders.RLock()
			defer senders.RUnlock()
			tasks <- task
			return nil
		},
		Close: func(context.Context) error {
			senders.Lock()
			defer senders.Unlock()
			close(tasks)
			return workers.Wait()
		},
	}
}

// dropping is a worker that leaves the queue behind at the end, and takes what comes later without a word.
func dropping(sim.TB) Subject {
	p := newPool(dropsTheQueue, 0)
	var mu sync.Mutex
	closed := false
	return Subject{
		Post: func(task func()) error {
			if err := p.Post(task); err != errClosed {
				return err
			}
			return nil
		},
		Close: func(ctx context.Context) error {
			mu.Lock()
			again := closed
			closed = true
			mu.Unlock()
			if again {
				return errClosed
			}
			return p.Close(context.Background())
		},
	}
}

// unwaited starts a goroutine for each task. Close refuses more, and waits for none.
func unwaited(sim.TB) Subject {
	var mu sync.Mutex
	closed := false
	return Subject{
		Post: func(task func()) error {
			mu.Lock()
			defer mu.Unlock()
			if closed {
				return errClosed
			}
			go task()
			return nil
		},
		Close: func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			closed = true
			return nil
		},
	}
}

// inline runs a task before Post returns.
func inline(sim.TB) Subject {
	var mu sync.Mutex
	idle := sync.NewCond(&mu)
	running, closed := 0, false
	return Subject{
		Post: func(task func()) error {
			mu.Lock()
			if closed {
				mu.Unlock()
				return errClosed
			}
			running++
			mu.Unlock()
			task()
			mu.Lock()
			defer mu.Unlock()
			running--
			idle.Broadcast()
			return nil
		},
		Close: func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			closed = true
			for running > 0 {
				idle.Wait()
			}
			return nil
		},
	}
}

// withJanitor has a goroutine that belongs to the package, and stays.
func withJanitor(t sim.TB) Subject {
	go janitor(make(chan int))
	return poolWith("")(t)
}

func janitor(never chan int) { <-never }
