package loop

// Stats is what a loop has done, at one moment. At every moment
//
//	Accepted = Ran + Cancelled + Dropped + Pending
//	Submitted = Returned + Withdrawn + Queued + Working
type Stats struct {
	Accepted  int // callbacks accepted, by Post, After, Reset and OnDone
	Ran       int // callbacks begun, the one that is running included
	Cancelled int // callbacks whose timer was stopped
	Dropped   int // callbacks that will not run because the loop has closed
	Pending   int // callbacks that are queued, or wait for their time or their future

	Submitted int // work accepted
	Returned  int // work that has begun and ended
	Withdrawn int // work that never began: cancelled, or queued when the loop closed
	Queued    int // work that waits for a worker
	Working   int // work that has begun and not ended

	Workers int // worker goroutines
}

// Stats returns the counters, all of one moment.
func (l *Loop) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	ran := l.ran.Load() &^ haltBit
	return Stats{
		Accepted:  l.accepted,
		Ran:       int(ran),
		Cancelled: l.cancelled,
		Dropped:   l.dropped,
		Pending:   l.pendingLocked(ran),
		Submitted: l.submitted,
		Returned:  l.returned,
		Withdrawn: l.withdrawn,
		Queued:    l.jobs.len,
		Working:   l.active.len,
		Workers:   l.workers,
	}
}

// pendingLocked counts the callbacks that may still run where ran of them have begun. It counts them where they are, not as
// the difference of the other counters: one that got lost shows.
func (l *Loop) pendingLocked(ran uint64) int {
	return l.queue.len + len(l.timers) + l.reserved + int(l.batchEnd-ran)
}
