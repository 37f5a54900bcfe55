package loop

// worker runs work until there is none, then ends. Idle workers are not kept: starting a goroutine costs about as much as waking one, and
// one that does not exist need not be told of a shutdown, cannot leak, and takes no timer to let go.
func (l *Loop) worker() {
	var t *task
	defer func() {
		if t != nil { // runtime.Goexit in work is taking this goroutine
			l.replaceWorker(t)
		}
	}()
	l.mu.Lock()
	l.coming--
	for t = l.nextJobLocked(); t != nil; t = l.nextJobLocked() {
		l.mu.Unlock()
		runWork(t.job)
		t.ctx.end(stateReturned) // releases the parent; nobody listens any more
		l.mu.Lock()
		l.finishLocked(t)
	}
	l.endWorkerLocked()
	l.mu.Unlock()
}

// runWork runs work. It is a mark on the stack: whoever finds it among its callers is in work.
//
//go:noinline
func runWork(j job) { j.run() }

// nextJobLocked takes the work that was queued first, or returns nil if the worker is to end.
func (l *Loop) nextJobLocked() *task {
	t := l.jobs.first
	if t == nil || l.workers > l.workersMax+l.lent {
		return nil
	}
	// Contract 5: taken out of jobs and working in one critical section. A Cancel comes before, and this is not
	// reached, or after, and is told that it came too late.
	l.jobs.remove(t)
	t.state = working
	t.began = l.now()
	l.active.push(t)
	l.admitLocked()
	return t
}

// finishLocked hands over the result of work.
func (l *Loop) finishLocked(t *task) {
	l.active.remove(t)
	l.returned++
	l.settleLocked(t)
}

// startWorkerLocked starts a worker if there is work for it and room.
func (l *Loop) startWorkerLocked() {
	if l.jobs.len > l.coming && l.workers < l.workersMax+l.lent {
		l.workers++
		l.coming++
		go l.work()
	}
}

func (l *Loop) endWorkerLocked() {
	l.workers--
	l.settleOverLocked()
}

// replaceWorker ends the future of t, whose work has called Goexit, and starts another worker in place of the caller.
func (l *Loop) replaceWorker(t *task) {
	t.ctx.end(stateReturned)
	l.mu.Lock()
	l.finishLocked(t)
	l.endWorkerLocked()
	l.startWorkerLocked()
	l.admitLocked()
	l.mu.Unlock()
}

// lend allows one worker more while work waits for work that is queued, and returns what ends that.
//
// Contract 6: without it, work that waits for other work of a pool whose workers all wait would wait for ever.
func (l *Loop) lend() (giveBack func()) {
	l.mu.Lock()
	l.lent++
	l.startWorkerLocked()
	l.admitLocked()
	l.mu.Unlock()
	return func() {
		l.mu.Lock()
		l.lent-- // a worker too many ends after its work
		l.mu.Unlock()
	}
}
