package loop

import (
	"context"
	"fmt"
	"log/slog"
)

// Shutdown ends the loop in good order: it refuses what is new, cancels the work, waits for the workers, has every callback run that was accepted, and closes. It
// returns nil when all of that is done. The callbacks run on the goroutine that is in Run or, where nobody runs the loop, on the caller's.
//
// Timers that are not due are dropped. Queued work ends with [ErrClosed]; the context of running work is cancelled with ErrClosed as
// its cause, and its OnDone functions still run.
//
// When ctx ends first, what has not begun is dropped as by Close, and Shutdown returns an [*UnfinishedError] that names what still
// runs. In a callback or in work, of any loop, Shutdown only begins, and returns [ErrInCallback]. Any number of calls may be made;
// each waits.
func (l *Loop) Shutdown(ctx context.Context) error {
	if ctx == nil {
		return ErrNil
	}
	// Contract 3 and 6: in a callback or in work the wait below would be for the caller itself, or, with two
	// callbacks that shut down each other's loops, for one that waits for the caller.
	in := insideAny()

	l.mu.Lock()
	first := l.phase == open
	tasks, dropped := l.beginShutdownLocked()
	l.mu.Unlock()
	l.announce(tasks, dropped)
	if first {
		l.log(slog.LevelDebug, "loop: shutting down", "work", len(tasks))
	}
	if in {
		return ErrInCallback
	}
	if !l.drain(ctx) {
		return l.expire(ctx)
	}
	return l.verdict()
}

// Close ends the loop at once: it drops the callbacks that have not begun and tells [OnDrop] how many, ends queued work with [ErrClosed], and
// cancels the context of running work. It returns after the callback that is running, if any, and does not wait for workers: their results
// go to their futures, and Closed tells when the last of them has returned.
//
// In a callback or in work, of any loop, Close does all that except wait, and returns [ErrInCallback]. Otherwise it returns nil, also when the loop is closed already.
func (l *Loop) Close() error {
	in := insideAny() // as in Shutdown
	l.mu.Lock()
	tasks, dropped := l.beginCloseLocked()
	l.mu.Unlock()
	l.announce(tasks, dropped)
	if in {
		return ErrInCallback
	}
	// Contract 3: the runner leaves after the callback that it is in, since the loop is halted.
	l.mu.Lock()
	for l.running || l.reporting > 0 {
		changed := l.changedLocked()
		l.mu.Unlock()
		<-changed
		l.mu.Lock()
	}
	l.mu.Unlock()
	return nil
}

// beginShutdownLocked shuts the door. It returns the work to cancel and how many dropped callbacks to report, for announce.
func (l *Loop) beginShutdownLocked() (cancel []*task, report int) {
	if l.phase != open {
		return nil, 0
	}
	l.phase = draining
	report = l.dropLocked(l.dropTimersLocked(true))
	cancel = l.endWorkLocked()
	l.wakeLocked()
	l.settleOverLocked()
	return cancel, report
}

// beginCloseLocked shuts the door, if it is open, and drops what is queued.
func (l *Loop) beginCloseLocked() (cancel []*task, report int) {
	if l.phase >= closing {
		return nil, 0
	}
	// Contract 1: the word says at one blow how many callbacks have begun and that no other will. The rest of the
	// batch, all that is queued, and what futures have in store are dropped here and counted here, whoever runs the loop.
	ran := l.ran.Or(haltBit)
	l.phase = closing
	n := l.pendingLocked(ran)
	l.dropTimersLocked(false)
	l.queue, l.free = queue{}, chunks{}
	l.reserved = 0
	l.batchEnd = ran
	l.cut += n
	report = l.dropLocked(n)
	cancel = l.endWorkLocked()
	l.wakeLocked()
	l.settleOverLocked()
	return cancel, report
}

// dropLocked counts n dropped callbacks and returns how many there are to report.
func (l *Loop) dropLocked(n int) int {
	l.dropped += n
	if n == 0 || !l.tellsDrops() {
		return 0
	}
	l.reporting++
	return n
}

// endWorkLocked ends the work that has not begun, turns away those who wait to submit, and returns all work whose context is to be cancelled.
func (l *Loop) endWorkLocked() (cancel []*task) {
	for t := l.jobs.first; t != nil; t = l.jobs.first {
		l.withdrawLocked(t, ErrClosed) // contract 2: it will not run, so this is how it ends
		cancel = append(cancel, t)
	}
	for t := l.active.first; t != nil; t = t.next {
		cancel = append(cancel, t)
	}
	for _, s := range l.blocked {
		s.refused = true
		close(s.ready)
	}
	l.blocked = nil
	return cancel
}

// announce does what may run code of the user's, and so must not be done with the mutex held.
func (l *Loop) announce(cancel []*task, dropped int) {
	for _, t := range cancel {
		t.ctx.end(stateClosed)
	}
	if dropped > 0 {
		l.reportDrop(dropped)
	}
}

// drain waits until the loop is over, running it where nobody else does, and tells whether it is; if not, ctx has ended.
func (l *Loop) drain(ctx context.Context) bool {
	ended := ctx.Done() // asked before the mutex is taken: a context may be code of the user's
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.phase != over {
		if l.phase == draining && !l.running {
			// The loop turns while its workers are waited for: one may wait for a callback that was accepted.
			l.runLocked(nil, ended)
		} else {
			changed := l.changedLocked()
			l.mu.Unlock()
			select {
			case <-l.over:
			case <-changed: // the runner may have left: by Goexit, or by giving up
			case <-ended:
			}
			l.mu.Lock()
		}
		if l.phase != over && isClosed(ended) {
			return false
		}
	}
	return true
}

// expire turns a Shutdown whose context has ended into a Close, and says what is left.
func (l *Loop) expire(ctx context.Context) error {
	cause := ctx.Err()
	if c := context.Cause(ctx); c != cause {
		cause = fmt.Errorf("%w: %w", cause, c)
	}
	l.mu.Lock()
	tasks, dropped := l.beginCloseLocked()
	done := l.phase == over && l.cut == 0 // meanwhile
	unfinished := &UnfinishedError{Cause: cause, Running: l.runningLocked(), Callback: l.inBatch, Dropped: l.cut}
	l.mu.Unlock()
	l.announce(tasks, dropped)
	if done {
		return nil
	}
	l.log(slog.LevelWarn, "loop: shutdown not finished", "error", unfinished)
	return unfinished
}

// verdict is the result of a Shutdown that has seen the loop over.
func (l *Loop) verdict() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut > 0 { // contract 4: not every callback has run
		return &UnfinishedError{Cause: ErrClosed, Dropped: l.cut}
	}
	return nil
}

// runningLocked names the work that has begun and not returned.
func (l *Loop) runningLocked() []Running {
	var all []Running
	now := l.now()
	for t := l.active.first; t != nil; t = t.next {
		place, function := site(t.pc[0])
		all = append(all, Running{Site: place, Func: function, For: now - t.began})
	}
	return all
}
