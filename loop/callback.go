package loop

// A callback is an entry of the queue. Its kinds are as small as a pointer, so that an interface holds them without
// allocating: post, *Timer, and *firstDone.
type callback interface{ call() }

type post func()

func (p post) call() { p() }

// Post has f called by the loop, after everything that was posted before. It never blocks for longer than the loop's mutex is held,
// and does not allocate once the queue has grown.
func (l *Loop) Post(f func()) error {
	if f == nil {
		return ErrNil
	}
	l.mu.Lock()
	// Contract 3: the door is looked at and passed in one critical section, the same in which Shutdown and Close shut it. A
	// check before the post would be out of date by the time of the post; that is the bug asyncio has.
	if l.phase != open {
		l.mu.Unlock()
		return ErrClosed
	}
	l.accepted++
	l.pushLocked(&l.queue, post(f))
	l.wakeLocked()
	l.mu.Unlock()
	return nil
}
