package loop

import (
	"context"
	"errors"
	"runtime/debug"
)

// A Future is the result of work, to be. It ends once: see the contract of the package.
type Future[T any] struct {
	task

	work  func(context.Context) (T, error)
	value T
	err   error
	then  func(*Future[T])    // the first of the OnDone functions; most futures have no other
	more  *[]func(*Future[T]) // the others; a pointer, since there is a future for each job and seldom a second function
}

var _ job = (*Future[int])(nil)

// Cancel keeps queued work from running: its future ends with [context.Canceled] at once, and Cancel returns true.
// If the work has begun, Cancel cancels its context, with [ErrCanceled] as the cause, and returns false; the work decides what
// comes of that, and its result can be waited for as before. If it has ended, Cancel does nothing and returns false.
func (f *Future[T]) Cancel() bool {
	l := f.loop
	l.mu.Lock()
	before := f.state
	if before == queued { // contract 5: see nextJobLocked
		l.withdrawLocked(&f.task, context.Canceled)
		l.admitLocked()
	}
	l.mu.Unlock()
	if before != ended {
		f.ctx.end(stateCanceled)
	}
	return before == queued
}

// Done returns a channel that is closed when the future has ended.
func (f *Future[T]) Done() <-chan struct{} {
	f.loop.mu.Lock()
	defer f.loop.mu.Unlock()
	return f.doneLocked()
}

// doneLocked makes the channel on demand: most futures have an OnDone function instead.
func (t *task) doneLocked() <-chan struct{} {
	if t.done == nil {
		t.done = make(chan struct{})
		if t.state == ended {
			close(t.done)
		}
	}
	return t.done
}

// Result returns what the work returned, or [ErrPending] if it has not ended.
func (f *Future[T]) Result() (T, error) {
	f.loop.mu.Lock()
	defer f.loop.mu.Unlock()
	if f.state != ended {
		var zero T
		return zero, ErrPending
	}
	return f.value, f.err
}

// Wait waits until the future has ended and returns its result, or ctx's error if that ends first. It leaves the work alone. It does not need the
// loop to run, and may be called from anywhere; in a callback it holds up the loop.
func (f *Future[T]) Wait(ctx context.Context) (T, error) {
	var zero T
	if ctx == nil {
		return zero, ErrNil
	}
	if err := f.wait(ctx); err != nil {
		return zero, err
	}
	return f.value, f.err // safe to read: they do not change after the end
}

// wait returns nil when the future has ended, or ctx's error.
func (t *task) wait(ctx context.Context) error {
	l := t.loop
	l.mu.Lock()
	before := t.state
	if before == ended {
		l.mu.Unlock()
		return nil
	}
	done := t.doneLocked()
	l.mu.Unlock()
	if before == queued {
		if _, work := inside(); work {
			defer l.lend()()
		}
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	if isClosed(done) { // both: the result is worth more
		return nil
	}
	return ctx.Err()
}

// OnDone has fn called by the loop when the future has ended, as a callback of its own, also if it has ended already.
// Functions of one future are called in the order in which they were registered.
//
// fn counts as accepted from now on, so a Shutdown waits for the work and calls fn. A loop that is closed or shutting
// down refuses fn with [ErrClosed], and one that closes drops it: to learn of the end then, use Done, Wait or Result.
func (f *Future[T]) OnDone(fn func(*Future[T])) error {
	if fn == nil {
		return ErrNil
	}
	l := f.loop
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.phase != open { // contract 3, as in Post
		return ErrClosed
	}
	l.accepted++
	switch {
	case f.state == ended:
		l.pushLocked(&l.queue, post(func() { fn(f) }))
		l.wakeLocked()
		return nil
	case f.then == nil:
		f.then = fn
	case f.more == nil:
		f.more = &[]func(*Future[T]){fn}
	default:
		*f.more = append(*f.more, fn)
	}
	l.reserved++
	f.reserved++
	return nil
}

// firstDone is a future as the callback that calls its first OnDone function: a future and its callback in one allocation.
type firstDone[T any] Future[T]

func (d *firstDone[T]) call() {
	f := (*Future[T])(d)
	then := f.then
	f.then = nil // only the loop uses it after the end
	then(f)
}

func (f *Future[T]) queueDoneLocked() {
	l := f.loop
	l.pushLocked(&l.queue, (*firstDone[T])(f))
	if f.more != nil {
		for _, fn := range *f.more {
			l.pushLocked(&l.queue, post(func() { fn(f) }))
		}
	}
}

// run calls the work, on a worker.
func (f *Future[T]) run() {
	if err := f.ctx.Err(); err != nil {
		if context.Cause(&f.ctx) == ErrClosed { // contract 2: a shutdown came between the worker and the work
			err = ErrClosed
		}
		f.fail(err)
		return
	}
	f.err, f.failed = ErrGoexit, true // stands where neither of the next two comes to replace it
	defer func() {
		if v := recover(); v != nil {
			f.err, f.failed = &PanicError{Value: v, Stack: debug.Stack()}, true
		}
	}()
	value, err := f.work(&f.ctx)
	f.failed = err != nil && !errors.Is(err, context.Canceled) // asked here: Is may be code of the user's
	f.value, f.err = value, err
}

func (f *Future[T]) fail(err error) { f.err, f.failed = err, err != context.Canceled }
func (f *Future[T]) failure() error { return f.err }
func (f *Future[T]) forget()        { f.work, f.more = nil, nil }
