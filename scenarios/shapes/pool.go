package shapes

import "sync"

// workRoom is how much a pool's queue holds. No program of the catalogue comes near it.
const workRoom = 16

// pool is a thread pool. A job starts a thread until there are enough, whether or not one is idle.
type pool struct {
	max, started int
	work         chan func()
	threads      sync.WaitGroup
	jobs         sync.WaitGroup // those whose result has not been handed over
	helpers      sync.WaitGroup
}

func (p *pool) start(job func()) {
	p.jobs.Add(1)
	p.work <- job
	if p.started < p.max {
		p.started++
		p.threads.Go(p.thread)
	}
}

func (p *pool) thread() {
	for job := range p.work {
		job()
		p.jobs.Done()
	}
}

// exit lets the threads do what is queued, and waits for them.
func (p *pool) exit() {
	close(p.work)
	p.threads.Wait()
	p.helpers.Wait()
}

// Submit is the loop's thread's.
func (c *core) Submit(fn func() error) (*Future, error) {
	if c.self.closed() {
		return nil, ErrClosed
	}
	f := new(Future)
	c.pool.start(func() {
		if f.begin() {
			c.self.hand(f, fn())
		}
	})
	return f, nil
}

// Occupy is the loop's thread's.
func (c *core) Occupy(fn func()) { c.pool.start(fn) }

// hand posts the result of a job. A refusal is told to whom it concerns: the worker itself ends the future.
func (c *core) hand(f *Future, err error) {
	if c.self.Post(func() { f.finish(err) }) != nil {
		f.finish(ErrClosed)
	}
}
