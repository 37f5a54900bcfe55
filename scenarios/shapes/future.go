package shapes

import (
	"errors"
	"sync/atomic"
)

// ErrCancelled is the error of a job that was cancelled.
var ErrCancelled = errors.New("cancelled")

// A Future is the result of a job, to be.
type Future struct {
	state atomic.Int32
	err   error
}

const (
	queued int32 = iota
	working
	finished
	cancelled
)

// begin is the worker's: a job that was cancelled does not begin.
func (f *Future) begin() bool { return f.state.CompareAndSwap(queued, working) }

// finish ends the future, unless it was cancelled.
func (f *Future) finish(err error) {
	f.err = err
	f.state.CompareAndSwap(working, finished)
}

// Cancel ends the future, and reports whether it did. A job that runs goes on, and its result is thrown away, as asyncio's.
func (f *Future) Cancel() bool {
	return f.state.CompareAndSwap(queued, cancelled) || f.state.CompareAndSwap(working, cancelled)
}

// Ended reports whether the future has ended, and with what.
func (f *Future) Ended() (bool, error) {
	switch f.state.Load() {
	case finished:
		return true, f.err
	case cancelled:
		return true, ErrCancelled
	}
	return false, nil
}
