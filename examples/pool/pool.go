// Package pool is a worker pool with a mistake in its shutdown, and the same pool mended.
package pool

import (
	"errors"
	"sync"
)

// ErrClosed is what Submit returns on a closed pool.
var ErrClosed = errors.New("pool is closed")

// Broken looks whether it is closed, and then sends: Close may come between the two.
type Broken struct {
	mu     sync.Mutex
	closed bool
	jobs   chan func()
	wg     sync.WaitGroup
}

// NewBroken starts a pool of workers.
func NewBroken(workers int) *Broken {
	p := &Broken{jobs: make(chan func(), 1)}
	for range workers {
		p.wg.Go(func() {
			for job := range p.jobs {
				job()
			}
		})
	}
	return p
}

// Submit hands a job to the pool.
func (p *Broken) Submit(job func()) error {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return ErrClosed
	}
	p.jobs <- job // the channel may be closed by now
	return nil
}

// Close ends the workers and waits for them.
func (p *Broken) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	close(p.jobs)
	p.wg.Wait()
}

// Mended counts those who are about to send, under the lock that guards closed; Close waits for them before it closes the channel.
type Mended struct {
	mu      sync.Mutex
	closed  bool
	senders sync.WaitGroup
	jobs    chan func()
	wg      sync.WaitGroup
}

// NewMended starts a pool of workers.
func NewMended(workers int) *Mended {
	p := &Mended{jobs: make(chan func(), 1)}
	for range workers {
		p.wg.Go(func() {
			for job := range p.jobs {
				job()
			}
		})
	}
	return p
}

// Submit hands a job to the pool.
func (p *Mended) Submit(job func()) error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return ErrClosed
	}
	p.senders.Add(1)
	p.mu.Unlock()
	defer p.senders.Done()
	p.jobs <- job
	return nil
}

// Close ends the workers and waits for them.
func (p *Mended) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.senders.Wait()
	close(p.jobs)
	p.wg.Wait()
}
