package loop

// Await runs the loop on the calling goroutine until f has ended and its OnDone functions have run, and returns f's result. If f has ended
// already, the loop still runs one batch.
//
// It is refused as Run is, and in callbacks and work of any loop with [ErrInCallback]: there, use OnDone or Wait. It returns [ErrStopped] where Stop, and
// [ErrClosed] where Close came first; f goes on and can be awaited or waited for again.
func Await[T any](l *Loop, f *Future[T]) (T, error) {
	var zero T
	if l == nil || f == nil {
		return zero, ErrNil
	}
	if err := l.await(&f.task); err != nil {
		return zero, err
	}
	return f.value, f.err
}

// await returns nil when t has ended.
func (l *Loop) await(t *task) error {
	if t.loop != l {
		return ErrOtherLoop
	}
	if insideAny() {
		return ErrInCallback
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.refuseRunLocked(); err != nil {
		return err
	}
	l.runLocked(t, nil)
	switch {
	case t.state == ended:
		return nil
	case l.phase != open:
		return ErrClosed
	default:
		return ErrStopped
	}
}
