package asyncio

import (
	"errors"
	"slices"
)

// ErrCancelled is concurrent.futures.CancelledError.
var ErrCancelled = errors.New("CancelledError")

// Future is futures.Future. It belongs to the thread that runs its loop.
type Future struct {
	loop      *Loop
	done      bool
	exception error
	callbacks []doneCallback
	ids       CallbackID
}

// CallbackID stands for a callback, since Go's functions cannot be compared.
type CallbackID int

type doneCallback struct {
	id CallbackID
	fn func(*Future)
}

// NewFuture is futures.Future.__init__.
func NewFuture(loop *Loop) *Future { return &Future{loop: loop} }

// Done is futures.Future.done.
func (f *Future) Done() bool { return f.done }

// Exception is futures.Future.exception.
func (f *Future) Exception() error { return f.exception }

// Cancelled is futures.Future.cancelled.
func (f *Future) Cancelled() bool { return f.exception == ErrCancelled }

// Cancel is futures.Future.cancel.
func (f *Future) Cancel() (bool, error) {
	if f.done {
		return false, nil
	}
	return true, f.set(ErrCancelled)
}

// set is futures.Future.set_result and set_exception: the state first, then _schedule_callbacks, which fails if the loop is closed.
func (f *Future) set(exception error) error {
	f.done, f.exception = true, exception
	callbacks := f.callbacks
	f.callbacks = nil
	for _, c := range callbacks {
		if err := f.loop.CallSoon(func() { c.fn(f) }); err != nil {
			return err
		}
	}
	return nil
}

// copyState is futures.Future._copy_state: a future that was cancelled meanwhile stays as it is.
func (f *Future) copyState(other *ConcurrentFuture) {
	if !f.Cancelled() {
		f.set(other.Exception())
	}
}

// AddDoneCallback is futures.Future.add_done_callback.
func (f *Future) AddDoneCallback(fn func(*Future)) (CallbackID, error) {
	f.ids++
	if f.done {
		return f.ids, f.loop.CallSoon(func() { fn(f) })
	}
	f.callbacks = append(f.callbacks, doneCallback{f.ids, fn})
	return f.ids, nil
}

// RemoveDoneCallback is futures.Future.remove_done_callback.
func (f *Future) RemoveDoneCallback(id CallbackID) {
	f.callbacks = slices.DeleteFunc(f.callbacks, func(c doneCallback) bool { return c.id == id })
}

// wrapFuture is futures.wrap_future of 2015, before there was a _chain_future. The worker that ends the job hands its result over
//
//	fut.add_done_callback(lambda future: loop.call_soon_threadsafe(new_future._copy_state, fut))
//
// with no look at whether anybody still wants it.
func wrapFuture(fut *ConcurrentFuture, loop *Loop) *Future {
	f := NewFuture(loop)
	f.AddDoneCallback(func(f *Future) { // _check_cancel_other
		if f.Cancelled() {
			fut.Cancel()
		}
	})
	fut.AddDoneCallback(func(fut *ConcurrentFuture) error {
		return loop.CallSoonThreadsafe(func() { f.copyState(fut) })
	})
	return f
}
