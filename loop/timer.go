package loop

import (
	"math"
	"time"
)

// What Timer.index says apart from a place in the heap.
const (
	timerIdle = -1 // its callback has begun, or was cancelled or dropped
	timerDue  = -2 // in the batch in hand; an entry that finds another value here is stale
)

// A Timer is a callback that was set by [Loop.After].
type Timer struct {
	loop  *Loop
	f     func()
	when  time.Duration // on the loop's clock
	seq   uint64
	index int
}

// call is for the runner, after claimTimer.
func (t *Timer) call() { t.f() }

// After has f called by the loop once d has passed. Without a runner, or behind a long callback, it is called later.
// d may be zero or negative: timers run by deadline, and at one deadline in the order in which they were set.
func (l *Loop) After(d time.Duration, f func()) (*Timer, error) {
	if f == nil {
		return nil, ErrNil
	}
	t := &Timer{loop: l, f: f, index: timerIdle}
	if err := t.Reset(d); err != nil {
		return nil, err
	}
	return t, nil
}

// Reset sets the timer anew, whether it is pending, has run or was stopped. In its own callback that makes it periodic.
// Where the callback was pending, no other is accepted; it moves.
func (t *Timer) Reset(d time.Duration) error {
	l := t.loop
	when := l.now() + d
	if d > 0 && when < 0 {
		when = math.MaxInt64
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.phase != open { // contract 3, as in Post
		return ErrClosed
	}
	switch t.index {
	case timerIdle:
		l.accepted++
	case timerDue:
		l.batchEnd-- // the entry in the batch is stale from here on
	default:
		l.timers.remove(t)
	}
	t.when, t.seq = when, l.timerSeq
	l.timerSeq++
	l.timers.push(t)
	if t.index == 0 {
		l.wakeLocked() // to a shorter sleep
	}
	return nil
}

// Stop keeps the callback from running and tells whether it did: false says that it has begun already, or was stopped or dropped. Stop
// does not wait for a callback that is running.
func (t *Timer) Stop() bool {
	l := t.loop
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case t.index == timerIdle, l.phase >= closing: // dropped
		return false
	case t.index == timerDue:
		l.batchEnd--
	default:
		l.timers.remove(t)
	}
	t.index = timerIdle
	l.cancelled++
	l.settleOverLocked()
	return true
}

// claimTimer is claim for a timer. Stop and Reset take the mutex as well, so a timer that is stopped within its own batch does not run.
func (l *Loop) claimTimer(t *Timer) bool {
	l.mu.Lock()
	ok := t.index == timerDue && l.claim()
	if ok {
		t.index = timerIdle
	}
	l.mu.Unlock()
	return ok
}

// queueDueLocked moves the timers that are due to the end of the queue, for a batch to be made of it.
func (l *Loop) queueDueLocked() {
	now := l.now()
	for len(l.timers) > 0 && l.timers[0].when <= now {
		t := l.timers[0]
		l.timers.remove(t)
		t.index = timerDue
		l.pushLocked(&l.queue, t)
	}
}

// dropTimersLocked takes out all timers but, if so wanted, those that are due, and returns how many.
func (l *Loop) dropTimersLocked(keepDue bool) int {
	all := l.timers
	l.timers = nil
	now := l.now()
	for _, t := range all {
		if keepDue && t.when <= now {
			l.timers.push(t)
		} else {
			t.index = timerIdle
		}
	}
	return len(all) - len(l.timers)
}
