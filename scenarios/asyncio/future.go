package asyncio

import "errors"

// ErrCancelled is asyncio.CancelledError.
var ErrCancelled = errors.New("CancelledError")

// Future is asyncio.futures.Future. It belongs to the goroutine that runs its loop.
type Future struct {
	loop      *Loop
	done      bool
	err       error
	callbacks []func(*Future)
}

// NewFuture is Future(loop=loop).
func NewFuture(loop *Loop) *Future { return &Future{loop: loop} }

// Done is Future.done.
func (f *Future) Done() bool { return f.done }

// Exception is Future.exception.
func (f *Future) Exception() error { return f.err }

// Cancel is Future.cancel.
func (f *Future) Cancel() bool { return f.settle(ErrCancelled) }

// Cancelled is Future.cancelled.
func (f *Future) Cancelled() bool { return f.err == ErrCancelled }

// copyState is Future._copy_state: a future that was cancelled meanwhile keeps what it has.
func (f *Future) copyState(err error) { f.settle(err) }

func (f *Future) settle(err error) bool {
	if f.done {
		return false
	}
	f.done, f.err = true, err
	for _, c := range f.callbacks { // Future._schedule_callbacks
		f.loop.CallSoon(func() { c(f) })
	}
	f.callbacks = nil
	return true
}

// AddDoneCallback is Future.add_done_callback.
func (f *Future) AddDoneCallback(c func(*Future)) {
	if f.done {
		f.loop.CallSoon(func() { c(f) })
		return
	}
	f.callbacks = append(f.callbacks, c)
}

// Wait is asyncio.tasks._wait: a future that is done when all are or, with firstException, when one has failed.
func Wait(loop *Loop, futures []*Future, firstException bool) *Future {
	waiter := NewFuture(loop)
	left := 0
	for _, f := range futures {
		if !f.Done() {
			left++
		}
	}
	onDone := func(f *Future) {
		left--
		if left <= 0 || firstException && f.err != nil && !f.Cancelled() {
			waiter.settle(nil)
		}
	}
	for _, f := range futures {
		if !f.Done() {
			f.AddDoneCallback(onDone)
		}
	}
	if left == 0 {
		waiter.settle(nil)
	}
	return waiter
}
