package scenarios

import (
	"context"
	"errors"
	"sync"

	"github.com/lastcall-go/lastcall/sim"
)

var errClosed = errors.New("closed")

// A pool of two workers with a queue, and what can be wrong with one. With no mistake it keeps poolContract.
type pool struct {
	mistake mistake
	limit   int // of the queue; 0 means none

	mu      sync.Mutex
	changed *sync.Cond
	room    *sync.Cond
	queue   []func()
	busy    int // tasks that run
	pending int // tasks queued or running, for Wait
	workers int
	closed  bool

	posting sync.Mutex // for holdsTheLock
	once    sync.Once
	done    chan struct{} // closed, or given one token by onlyOneIsTold, when the last worker has ended
	ended   bool
	waiters sync.WaitGroup
}

// A mistake is one that somebody made.
type mistake string

const (
	checksThenPosts   mistake = "checks, lets go of the lock, and posts"
	shutsTooLate      mistake = "shuts the door after the queue has drained"
	refusesAndRuns    mistake = "posts, looks again, and refuses what is queued already"
	closesTwice       mistake = "looks whether the channel is closed, and closes it"
	onlyOneIsTold     mistake = "tells one closer of the end"
	secondComesBack   mistake = "lets the second closer go at once"
	holdsTheLock      mistake = "holds the lock that Post takes while it waits for the tasks"
	dropsTheQueue     mistake = "leaves the queue behind when it closes"
	doesNotJoin       mistake = "does not wait for the tasks that run"
	losesWakeUps      mistake = "looks at the queue, lets go of the lock, and sleeps"
	runsTwice         mistake = "takes a task off the queue after it has run"
	diesOfPanics      mistake = "does not replace a worker that panicked"
	diesOfGoexit      mistake = "does not replace a worker that called Goexit"
	givesUpSilently   mistake = "says that it has closed when the context ends"
	countsTooLate     mistake = "counts a task when it begins"
	forgetsTheWaiters mistake = "drops tasks and does not tell Wait"
	leavesPosters     mistake = "does not wake a Post that waits for room"
)

func newPool(m mistake, limit int) *pool {
	p := &pool{mistake: m, limit: limit, workers: 2, done: make(chan struct{}, 1)}
	p.changed, p.room = sync.NewCond(&p.mu), sync.NewCond(&p.mu)
	for range p.workers {
		go p.work()
	}
	return p
}

func (p *pool) subject() Subject {
	return Subject{Post: p.Post, Close: p.Close}
}

func (p *pool) Post(task func()) error {
	if p.mistake == holdsTheLock {
		p.posting.Lock()
		defer p.posting.Unlock()
	}
	p.mu.Lock()
	for p.limit > 0 && len(p.queue) >= p.limit && !p.closed {
		p.room.Wait()
	}
	if p.mistake == checksThenPosts && !p.closed {
		p.mu.Unlock()
		p.mu.Lock()
	} else if p.closed {
		p.mu.Unlock()
		return errClosed
	}
	p.queue = append(p.queue, task)
	if p.mistake != countsTooLate {
		p.pending++
	}
	p.changed.Broadcast()
	p.mu.Unlock()
	if p.mistake == refusesAndRuns {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.closed {
			return errClosed
		}
	}
	return nil
}

// work is a worker.
func (p *pool) work() {
	p.mu.Lock()
	for {
		for len(p.queue) == 0 && !p.closed {
			if p.mistake == losesWakeUps {
				p.mu.Unlock()
				p.mu.Lock()
				if p.closed {
					continue
				}
			}
			p.changed.Wait()
		}
		if len(p.queue) == 0 || p.closed && p.leavesTheQueue() {
			break
		}
		task := p.queue[0]
		if p.mistake != runsTwice {
			p.queue = p.queue[1:]
		}
		p.room.Signal()
		if p.mistake == countsTooLate {
			p.pending++
		}
		p.busy++
		p.mu.Unlock()
		if !p.call(task) {
			return
		}
		p.mu.Lock()
		if p.mistake == runsTwice && len(p.queue) > 0 {
			p.queue = p.queue[1:]
		}
	}
	p.endLocked()
	p.mu.Unlock()
}

// leavesTheQueue reports whether a closed pool does.
func (p *pool) leavesTheQueue() bool {
	return p.mistake == dropsTheQueue || p.mistake == forgetsTheWaiters || p.mistake == shutsTooLate
}

// call runs a task and reports whether the worker goes on.
func (p *pool) call(task func()) (goesOn bool) {
	returned := false
	defer func() {
		v := recover()
		p.mu.Lock()
		p.busy--
		p.pending--
		p.changed.Broadcast()
		switch {
		case v == nil && !returned: // Goexit
			if p.mistake == diesOfGoexit {
				p.endLocked()
			} else {
				go p.work()
			}
		case v != nil && p.mistake == diesOfPanics:
			p.endLocked()
		default:
			goesOn = true
		}
		p.mu.Unlock()
	}()
	task()
	returned = true
	return true
}

// endLocked is the end of a worker.
func (p *pool) endLocked() {
	p.workers--
	if p.workers > 0 {
		return
	}
	p.ended = true
	if p.leavesTheQueue() && p.mistake != forgetsTheWaiters {
		p.pending -= len(p.queue)
	}
	p.queue = nil
	switch p.mistake {
	case onlyOneIsTold:
		p.done <- struct{}{}
	case closesTwice:
	default:
		p.once.Do(func() { close(p.done) })
	}
	p.changed.Broadcast()
}

func (p *pool) Close(ctx context.Context) error {
	if p.mistake == holdsTheLock {
		p.posting.Lock()
		defer p.posting.Unlock()
	}
	p.mu.Lock()
	if p.mistake == secondComesBack && p.closed {
		p.mu.Unlock()
		return nil
	}
	for p.mistake == shutsTooLate && !p.closed && p.pending > 0 {
		p.changed.Wait()
	}
	if p.mistake == shutsTooLate {
		p.mu.Unlock()
		p.mu.Lock()
	}
	p.closed = true
	p.changed.Broadcast()
	if p.mistake != leavesPosters {
		p.room.Broadcast()
	}
	p.mu.Unlock()
	if p.mistake == closesTwice {
		return p.closeTwice()
	}
	if p.mistake == doesNotJoin {
		return nil
	}
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		if p.mistake == givesUpSilently {
			return nil
		}
		return ctx.Err()
	}
}

// closeTwice waits for the workers, looks, and closes.
func (p *pool) closeTwice() error {
	p.mu.Lock()
	for !p.ended {
		p.changed.Wait()
	}
	p.mu.Unlock()
	select {
	case <-p.done:
	default:
		close(p.done)
	}
	return nil
}

// Wait waits until nothing is queued or runs.
func (p *pool) Wait() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.pending > 0 {
		p.changed.Wait()
	}
	return nil
}

// poolContract is what a pool without a mistake keeps.
var poolContract = Contract{
	PostAfterClose: Error, CloseWaits: Queued, CloseTwice: OK,
	PostFromTask: true, PanicContained: true, GoexitContained: true,
}

func poolWith(m mistake) func(sim.TB) Subject {
	return func(sim.TB) Subject { return newPool(m, 0).subject() }
}

func fullPoolWith(m mistake) func(sim.TB) Subject {
	return func(sim.TB) Subject { return newPool(m, 1).subject() }
}

func waitingPoolWith(m mistake) func(sim.TB) Subject {
	return func(sim.TB) Subject {
		p := newPool(m, 0)
		s := p.subject()
		s.Wait = p.Wait
		return s
	}
}
