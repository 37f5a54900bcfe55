package asyncio

import "sync"

// ConcurrentFuture is concurrent.futures._base.Future.
type ConcurrentFuture struct {
	interpreter *Interpreter
	condition   sync.Mutex
	state       state
	exception   error
	callbacks   []func(*ConcurrentFuture) error // not changed once the future is done
}

type state int

const (
	pending state = iota
	running
	cancelled
	cancelledAndNotified
	finished
)

// Cancel is concurrent.futures._base.Future.cancel: it does nothing to what has started.
func (f *ConcurrentFuture) Cancel() bool {
	f.condition.Lock()
	switch f.state {
	case running, finished:
		f.condition.Unlock()
		return false
	case cancelled, cancelledAndNotified:
		f.condition.Unlock()
		return true
	}
	f.state = cancelled
	f.condition.Unlock()
	f.invokeCallbacks()
	return true
}

// Exception is concurrent.futures._base.Future.exception, of a future that is done.
func (f *ConcurrentFuture) Exception() error {
	f.condition.Lock()
	defer f.condition.Unlock()
	if f.state == cancelled || f.state == cancelledAndNotified {
		return ErrCancelled
	}
	return f.exception
}

// AddDoneCallback is concurrent.futures._base.Future.add_done_callback.
func (f *ConcurrentFuture) AddDoneCallback(fn func(*ConcurrentFuture) error) error {
	f.condition.Lock()
	if f.state == pending || f.state == running {
		f.callbacks = append(f.callbacks, fn)
		f.condition.Unlock()
		return nil
	}
	f.condition.Unlock()
	return fn(f)
}

// setRunningOrNotifyCancel is concurrent.futures._base.Future.set_running_or_notify_cancel.
func (f *ConcurrentFuture) setRunningOrNotifyCancel() bool {
	f.condition.Lock()
	defer f.condition.Unlock()
	if f.state == cancelled {
		f.state = cancelledAndNotified
		return false
	}
	f.state = running
	return true
}

// set is concurrent.futures._base.Future.set_result and set_exception.
func (f *ConcurrentFuture) set(exception error) {
	f.condition.Lock()
	f.state, f.exception = finished, exception
	f.condition.Unlock()
	f.invokeCallbacks()
}

// invokeCallbacks is concurrent.futures._base.Future._invoke_callbacks: in the thread that ended the future, and what they raise
// is logged.
func (f *ConcurrentFuture) invokeCallbacks() {
	for _, callback := range f.callbacks {
		if err := callback(f); err != nil {
			f.interpreter.logger("exception calling callback", err)
		}
	}
}
