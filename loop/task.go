package loop

import "time"

type state uint8

const (
	queued  state = iota // waits for a worker
	working              // on a worker
	ended                // the result is there
)

// A task is the part of a future that does not depend on the type of its value. The loop's mutex guards what is not constant.
type task struct {
	loop *Loop
	job  job
	ctx  workContext
	pc   [1]uintptr // who called Submit

	state    state
	failed   bool          // with an error that is no cancellation
	reserved int32         // OnDone functions that wait for the end; the loop counts them as accepted
	began    time.Duration // on the loop's clock
	done     chan struct{} // made when somebody asks for it
	watches  *watchers

	prev, next *task // in Loop.jobs or in Loop.active
}

// A job is the future that a task belongs to.
type job interface {
	run()             // calls the work and keeps its result
	fail(err error)   // keeps err as the result
	failure() error   // the error kept
	queueDoneLocked() // queues the OnDone functions, as callbacks
	forget()          // lets go of what is not needed after the end
}

func (t *task) hasEnded() bool {
	t.loop.mu.Lock()
	defer t.loop.mu.Unlock()
	return t.state == ended
}

// settleLocked ends the future of t, whose result is in place.
//
// Contract 2: work reaches this once, since a task is taken from jobs once: by the worker that runs it, by Cancel, or by a shutdown.
func (l *Loop) settleLocked(t *task) {
	t.state = ended
	if t.done != nil {
		close(t.done)
	}
	// Contract 3: the OnDone functions were accepted when they were registered, so during a Shutdown they run. A loop
	// that has closed has dropped and counted them; its queue is not touched again.
	if t.reserved > 0 && l.phase < closing {
		l.reserved -= int(t.reserved)
		t.job.queueDoneLocked()
		l.wakeLocked()
	}
	t.reserved = 0
	t.job.forget()
	for w := t.watches; w != nil; w = w.next {
		w.watch.note(t)
	}
	t.watches = nil
	if l.until == t {
		l.wakeLocked()
	}
}

// withdrawLocked ends queued work that will never run. Its context is still to be cancelled, without the mutex.
func (l *Loop) withdrawLocked(t *task, err error) {
	l.jobs.remove(t)
	l.withdrawn++
	t.job.fail(err)
	l.settleLocked(t)
}

// taskList is a list through the tasks themselves: adding and removing allocate nothing and take no search.
type taskList struct {
	first, last *task
	len         int
}

func (q *taskList) push(t *task) {
	t.prev, t.next = q.last, nil
	if q.last == nil {
		q.first = t
	} else {
		q.last.next = t
	}
	q.last = t
	q.len++
}

func (q *taskList) remove(t *task) {
	if t.prev == nil {
		q.first = t.next
	} else {
		t.prev.next = t.next
	}
	if t.next == nil {
		q.last = t.prev
	} else {
		t.next.prev = t.prev
	}
	t.prev, t.next = nil, nil
	q.len--
}
