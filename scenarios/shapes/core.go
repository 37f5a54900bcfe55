package shapes

import (
	"sync"
	"sync/atomic"
	"time"
)

// core is what the shapes share.
type core struct {
	self    Shape           // the shape around it
	report  func(err error) // takes what is raised where nobody catches it
	ready   queue
	wake    chan struct{} // holds a token or none
	stop    atomic.Bool
	running atomic.Bool
	timers  []timer // by deadline; the loop's thread's
	pool    pool
}

type timer struct {
	when time.Time
	f    func()
}

func (c *core) init(self Shape, workers int, report func(error)) {
	c.self, c.report = self, report
	c.wake = make(chan struct{}, 1)
	c.pool.work = make(chan func(), workRoom)
	c.pool.max = workers
}

// push puts f in the queue and wakes the loop, and looks at no door.
func (c *core) push(f func()) {
	c.ready.push(&entry{f})
	c.wakeUp()
}

func (c *core) wakeUp() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Outside is Post where nothing has to be done beforehand.
func (c *core) Outside() func(func()) error { return c.self.Post }

// After is the loop's thread's.
func (c *core) After(d time.Duration, f func()) error {
	if c.self.closed() {
		return ErrClosed
	}
	t := timer{time.Now().Add(d), f}
	i := len(c.timers)
	for i > 0 && t.when.Before(c.timers[i-1].when) {
		i--
	}
	c.timers = append(c.timers[:i], append([]timer{t}, c.timers[i:]...)...)
	return nil
}

// Stop ends Run after the batch in hand.
func (c *core) Stop() {
	c.stop.Store(true)
	c.wakeUp()
}

func (c *core) Run() error {
	return c.Wait(func() bool { return c.stop.Swap(false) })
}

func (c *core) Turn() error {
	if err := c.enter(); err != nil {
		return err
	}
	defer c.leave()
	c.runReady()
	return nil
}

func (c *core) Wait(done func() bool) error {
	if err := c.enter(); err != nil {
		return err
	}
	defer c.leave()
	for !done() {
		if !c.runReady() {
			c.sleep()
		}
	}
	return nil
}

// enter makes the caller the one who runs the loop.
func (c *core) enter() error {
	if !c.running.CompareAndSwap(false, true) {
		return ErrRunning
	}
	if c.self.closed() {
		c.leave()
		return ErrClosed
	}
	return nil
}

func (c *core) leave() { c.running.Store(false) }

// runReady runs what is ready and what is due, and reports whether that was anything.
func (c *core) runReady() bool {
	batch := c.due(c.ready.take())
	for _, e := range batch {
		e.f()
	}
	return len(batch) > 0
}

// due appends the timers that are due.
func (c *core) due(batch []*entry) []*entry {
	for len(c.timers) > 0 && !c.timers[0].when.After(time.Now()) {
		batch = append(batch, &entry{c.timers[0].f})
		c.timers = c.timers[1:]
	}
	return batch
}

// sleep waits until something is posted or due.
func (c *core) sleep() {
	if len(c.timers) == 0 {
		<-c.wake
		return
	}
	due := time.NewTimer(time.Until(c.timers[0].when))
	defer due.Stop()
	select {
	case <-c.wake:
	case <-due.C:
	}
}

// drain runs what is ready and what is due until that is nothing.
func (c *core) drain() {
	for c.runReady() {
	}
}

// drop throws away what is queued, and says so to nobody.
func (c *core) drop() {
	c.ready.take()
	c.timers = nil
}

func (c *core) Left() int { return c.ready.len() }

// Shutdown is shutdown_default_executor: a helper waits for the workers, so that the loop turns and takes what they hand over, and
// says so by a post, which comes after theirs. A loop that has been closed meanwhile refuses it, and nobody asks any more.
func (c *core) Shutdown(timeout time.Duration) bool {
	if c.pool.started == 0 {
		return true
	}
	joined := false
	c.pool.helpers.Go(func() {
		c.pool.jobs.Wait()
		c.self.Post(func() { joined = true })
	})
	return c.waitUntil(func() bool { return joined }, timeout)
}

// waitUntil runs the loop until done says so, for so long at most, and reports whether it does.
func (c *core) waitUntil(done func() bool, timeout time.Duration) bool {
	late := false
	if timeout > 0 {
		c.After(timeout, func() { late = true })
	}
	c.Wait(func() bool { return done() || late })
	return done()
}

func (c *core) Exit() { c.pool.exit() }

// An entry is a callback in the queue. Its address tells it from others with the same function.
type entry struct{ f func() }

// queue is the ready queue.
type queue struct {
	sync.Mutex
	entries []*entry
}

func (q *queue) push(e *entry) {
	q.Lock()
	q.entries = append(q.entries, e)
	q.Unlock()
}

// take takes all there is.
func (q *queue) take() []*entry {
	q.Lock()
	defer q.Unlock()
	all := q.entries
	q.entries = nil
	return all
}

func (q *queue) len() int {
	q.Lock()
	defer q.Unlock()
	return len(q.entries)
}
