package loop

import "runtime/debug"

// Run calls the callbacks on the calling goroutine, until Stop, Shutdown or Close; then it returns nil.
// On a loop that somebody runs it returns [ErrRunning], on one that is closed or shutting down [ErrClosed], and in a callback or in work of
// any loop, which it would hold up, [ErrInCallback]; it has then changed nothing. There is one case in between: where a Shutdown was
// started from inside a callback or work and nobody runs the loop, Run carries it out and then returns ErrClosed.
// So where a goroutine is started for Run, ErrClosed may mean that the shutdown was quicker; nothing is lost by that.
//
// A callback that calls [runtime.Goexit] takes the goroutine and its Run with it. The rest of its batch stays queued for
// the next Run or Shutdown.
func (l *Loop) Run() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	late := l.phase != open
	if err := l.refuseRunLocked(); err != nil {
		return err
	}
	l.runLocked(nil, nil)
	if late {
		return ErrClosed
	}
	return nil
}

// refuseRunLocked tells why the caller cannot have the runner's role.
func (l *Loop) refuseRunLocked() error {
	switch {
	case l.phase >= closing, l.phase == draining && l.running:
		return ErrClosed
	case l.running:
		return ErrRunning
	}
	// Contract 6: in work, Run would return when the loop is over, and the loop be over when the work returns.
	if insideAny() {
		return ErrInCallback
	}
	return nil
}

// Stop makes Run return after the batch in hand. If nobody runs the loop, the next Run runs one batch. On a loop that is shutting down
// it does nothing, since Run then ends by itself, after the last callback.
func (l *Loop) Stop() {
	l.mu.Lock()
	if l.phase == open {
		l.stop = true
		l.wakeLocked()
	}
	l.mu.Unlock()
}

// runLocked takes the runner's role and runs batches until Stop, until the future awaited has ended and its OnDone functions have run,
// until giveUp, or until nothing is left of a loop that shuts down. It gives up the mutex meanwhile.
func (l *Loop) runLocked(until *task, giveUp <-chan struct{}) {
	l.running, l.until = true, until
	exited := true
	defer func() {
		if exited { // runtime.Goexit in a callback is taking this goroutine, which does not hold the mutex
			l.mu.Lock()
			l.endBatchLocked()
		}
		// In each case with the mutex held, which on Goexit the caller's deferred Unlock gives up.
		l.leaveLocked()
	}()
	for gaveUp := false; !gaveUp; {
		l.settleOverLocked()
		if l.phase >= closing {
			break
		}
		// Contract 4: a loop that shuts down is not left before its last callback has run, whatever else was asked.
		// OnDone functions were queued when their future ended, so with this batch those of the one awaited have run.
		last := l.phase == open && until != nil && until.state == ended
		if l.takeBatchLocked() {
			l.mu.Unlock()
			gaveUp = l.runBatch(giveUp)
			l.mu.Lock()
			l.endBatchLocked()
		} else if !last && !(l.stop && l.phase == open) {
			gaveUp = l.sleepLocked(giveUp)
			continue
		}
		if l.phase == open && (l.stop || last) {
			break
		}
	}
	exited = false
}

// leaveLocked gives the runner's role back.
func (l *Loop) leaveLocked() {
	l.running, l.until, l.stop = false, nil, false
	l.settleOverLocked()
	l.broadcastLocked()
}

// takeBatchLocked makes a batch of the queue and the timers that are due, in this order, and tells whether there is any.
func (l *Loop) takeBatchLocked() bool {
	if len(l.timers) > 0 {
		l.queueDueLocked()
	}
	if l.queue.len == 0 {
		return false
	}
	l.batch, l.queue = l.queue, queue{}
	l.batchEnd = l.begun + uint64(l.batch.len)
	l.inBatch = true
	return true
}

// endBatchLocked puts back what is left of the batch: there is something after runtime.Goexit and after giving up. A loop that
// closes has counted the rest as dropped by then.
func (l *Loop) endBatchLocked() {
	if rest := l.batch; rest.len > 0 && l.phase < closing {
		l.putBackLocked(rest)
	}
	l.batch = queue{}
	l.reuseLocked()
	l.batchEnd = l.begun
	l.inBatch = false
}

// putBackLocked queues rest before everything else. Timers among it become due again: they follow the posts in the next batch as well.
func (l *Loop) putBackLocked(rest queue) {
	var queue queue
	for rest.len > 0 {
		c := rest.pop(&l.empty)
		if t, ok := c.(*Timer); !ok {
			l.pushLocked(&queue, c)
		} else if t.index == timerDue {
			l.timers.push(t)
		}
	}
	queue.join(l.queue)
	l.queue = queue
}

// runBatch runs the batch in hand, going on after panics.
func (l *Loop) runBatch(giveUp <-chan struct{}) (gaveUp bool) {
	for {
		gaveUp, fault := runCallbacks(l, giveUp)
		if fault == nil {
			return gaveUp
		}
		l.reportPanic(fault)
	}
}

// runCallbacks runs the batch in hand to its end, or to a panic, to a halt or to giveUp. It is a mark on the stack:
// whoever finds it among its callers is in a callback.
//
//go:noinline
func runCallbacks(l *Loop, giveUp <-chan struct{}) (gaveUp bool, fault *PanicError) {
	// One deferred call for the whole batch: callbacks that do not panic pay nothing for those that do.
	defer func() {
		if v := recover(); v != nil {
			fault = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	for l.batch.len > 0 {
		if giveUp != nil && isClosed(giveUp) {
			return true, nil
		}
		c := l.batch.pop(&l.empty)
		if t, ok := c.(*Timer); ok {
			if !l.claimTimer(t) {
				continue
			}
		} else if !l.claim() {
			break
		}
		c.call()
	}
	return false, nil
}

// claim takes the right to begin one callback. It fails when the loop has been halted.
//
// Contract 1 and 3: ran is compared and advanced in one step, and Close sets the haltBit in one step on the same word. A callback
// either began before that, and Close waits for it, or it never begins and Close has counted it as dropped.
func (l *Loop) claim() bool {
	if !l.ran.CompareAndSwap(l.begun, l.begun+1) {
		return false
	}
	l.begun++
	return true
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
