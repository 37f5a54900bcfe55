package asyncio

import (
	"sync"
	"time"
)

// ConcurrentFuture is concurrent.futures._base.Future.
type ConcurrentFuture struct {
	interpreter *Interpreter
	condition   sync.Mutex
	waiters     []chan struct{} // the condition's
	state       state
	outcome     outcome
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

// stateNames has each state's value and _STATE_TO_DESCRIPTION_MAP of it.
var stateNames = [...]struct{ value, description string }{
	pending:              {"PENDING", "pending"},
	running:              {"RUNNING", "running"},
	cancelled:            {"CANCELLED", "cancelled"},
	cancelledAndNotified: {"CANCELLED_AND_NOTIFIED", "cancelled"},
	finished:             {"FINISHED", "finished"},
}

// NewConcurrentFuture is concurrent.futures._base.Future.__init__.
func (py *Interpreter) NewConcurrentFuture() *ConcurrentFuture {
	return &ConcurrentFuture{interpreter: py}
}

// is reports whether the state is one of these.
func (f *ConcurrentFuture) is(states ...state) bool {
	f.condition.Lock()
	defer f.condition.Unlock()
	return f.among(states)
}

func (f *ConcurrentFuture) among(states []state) bool {
	for _, s := range states {
		if f.state == s {
			return true
		}
	}
	return false
}

// Cancelled is concurrent.futures._base.Future.cancelled.
func (f *ConcurrentFuture) Cancelled() bool { return f.is(cancelled, cancelledAndNotified) }

// Running is concurrent.futures._base.Future.running.
func (f *ConcurrentFuture) Running() bool { return f.is(running) }

// Done is concurrent.futures._base.Future.done.
func (f *ConcurrentFuture) Done() bool { return f.is(cancelled, cancelledAndNotified, finished) }

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
	f.outcome.cancelled = true
	f.notifyAll()
	f.condition.Unlock()
	f.invokeCallbacks()
	return true
}

// Result is concurrent.futures._base.Future.result: it waits without a limit.
func (f *ConcurrentFuture) Result() (any, error) { return f.result(nil) }

// ResultWithin is concurrent.futures._base.Future.result with a timeout, in seconds.
func (f *ConcurrentFuture) ResultWithin(timeout float64) (any, error) {
	t := time.NewTimer(seconds(timeout))
	defer t.Stop()
	return f.result(t.C)
}

func (f *ConcurrentFuture) result(timeout <-chan time.Time) (any, error) {
	f.condition.Lock()
	if f.state == pending || f.state == running {
		f.wait(timeout)
	}
	defer f.condition.Unlock()
	switch f.state {
	case cancelled, cancelledAndNotified:
		return nil, ErrCancelled
	case finished:
		return f.outcome.result, f.outcome.exception
	}
	return nil, ErrTimeout
}

// wait is threading.Condition.wait.
func (f *ConcurrentFuture) wait(timeout <-chan time.Time) {
	waiter := make(chan struct{})
	f.waiters = append(f.waiters, waiter)
	f.condition.Unlock()
	select {
	case <-waiter:
	case <-timeout:
	}
	f.condition.Lock()
}

// notifyAll is threading.Condition.notify_all.
func (f *ConcurrentFuture) notifyAll() {
	for _, w := range f.waiters {
		close(w)
	}
	f.waiters = nil
}

// AddDoneCallback is concurrent.futures._base.Future.add_done_callback. On a future that is done, the callback runs at once, in the
// thread that calls.
func (f *ConcurrentFuture) AddDoneCallback(fn func(*ConcurrentFuture) error) {
	f.condition.Lock()
	if f.state == pending || f.state == running {
		f.callbacks = append(f.callbacks, fn)
		f.condition.Unlock()
		return
	}
	f.condition.Unlock()
	f.invoke(fn)
}

// SetRunningOrNotifyCancel is concurrent.futures._base.Future.set_running_or_notify_cancel.
func (f *ConcurrentFuture) SetRunningOrNotifyCancel() (bool, error) {
	f.condition.Lock()
	defer f.condition.Unlock()
	switch f.state {
	case cancelled:
		f.state = cancelledAndNotified
		return false, nil
	case pending:
		f.state = running
		return true, nil
	}
	f.interpreter.logger("Future in unexpected state: "+stateNames[f.state].value, nil)
	return false, Raise("RuntimeError", "Future in unexpected state")
}

// SetResult is concurrent.futures._base.Future.set_result.
func (f *ConcurrentFuture) SetResult(result any) error { return f.set(outcome{result: result}) }

// SetException is concurrent.futures._base.Future.set_exception.
func (f *ConcurrentFuture) SetException(exception error) error {
	return f.set(outcome{exception: exception})
}

func (f *ConcurrentFuture) set(o outcome) error {
	f.condition.Lock()
	if f.interpreter.version != V2015 && f.among([]state{cancelled, cancelledAndNotified, finished}) {
		err := Raise("InvalidStateError", stateNames[f.state].value+": "+f.repr())
		f.condition.Unlock()
		return err
	}
	f.state, f.outcome = finished, o
	f.notifyAll()
	f.condition.Unlock()
	f.invokeCallbacks()
	return nil
}

// invokeCallbacks is concurrent.futures._base.Future._invoke_callbacks: in the thread that ended the future.
func (f *ConcurrentFuture) invokeCallbacks() {
	for _, fn := range f.callbacks {
		f.invoke(fn)
	}
}

// invoke calls a callback. What it raises is logged, and nobody else is told. (What is no Exception passes through there; here it
// does not.)
func (f *ConcurrentFuture) invoke(fn func(*ConcurrentFuture) error) {
	if err := fn(f); err != nil {
		f.interpreter.logger("exception calling callback for "+f.String(), err)
	}
}

// String is concurrent.futures._base.Future.__repr__ without the address.
func (f *ConcurrentFuture) String() string {
	f.condition.Lock()
	defer f.condition.Unlock()
	return f.repr()
}

func (f *ConcurrentFuture) repr() string {
	s := "<Future state=" + stateNames[f.state].description
	switch {
	case f.state != finished:
	case f.outcome.exception != nil:
		s += " raised " + className(f.outcome.exception)
	default:
		s += " returned " + typeName(f.outcome.result)
	}
	return s + ">"
}
