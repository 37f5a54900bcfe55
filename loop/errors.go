package loop

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
)

var (
	// ErrClosed is the answer of a loop that is closed or shutting down, the error of a future whose work was never
	// begun because of that, and the cause of the contexts that the shutdown cancels.
	ErrClosed = errors.New("loop: closed")

	// ErrRunning refuses Run and Await on a loop that somebody runs already.
	ErrRunning = errors.New("loop: already running")

	// ErrInCallback refuses to wait inside a callback or inside work, where waiting could be for itself. Shutdown
	// and Close have begun nevertheless.
	ErrInCallback = errors.New("loop: called from a callback or from work")

	// ErrQueueFull refuses work beyond [QueueLimit] at once: under [FailFast], and always in a callback or in work,
	// where blocking could be for itself.
	ErrQueueFull = errors.New("loop: work queue full")

	// ErrPending is the result of a future that has not ended.
	ErrPending = errors.New("loop: future has not ended")

	// ErrStopped is returned by Await when Stop ended the run before the future had ended.
	ErrStopped = errors.New("loop: stopped before the future ended")

	// ErrGoexit is the error of work that called [runtime.Goexit], as t.FailNow in a test does.
	ErrGoexit = errors.New("loop: work called runtime.Goexit")

	// ErrNil refuses a nil function, context, loop or future.
	ErrNil = errors.New("loop: nil argument")

	// ErrOtherLoop refuses to await the future of one loop by running another.
	ErrOtherLoop = errors.New("loop: future belongs to another loop")

	// ErrCanceled is the cause of the work's context after [Future.Cancel]; it is a [context.Canceled].
	ErrCanceled = fmt.Errorf("loop: future cancelled: %w", context.Canceled)
)

// PanicError is a panic in work, as the error of its future, or in a callback, as OnError receives it.
type PanicError struct {
	Value any    // what was given to panic
	Stack []byte // where, as debug.Stack tells it
}

func (e *PanicError) Error() string { return fmt.Sprintf("loop: panic: %v", e.Value) }

// Unwrap returns the value of the panic if that is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Running tells of work that has begun and not returned.
type Running struct {
	Site string        // where it was submitted, file:line
	Func string        // the function that submitted it
	For  time.Duration // since it began
}

func (r Running) String() string {
	return fmt.Sprintf("work submitted at %s (%s), for %v", r.Site, r.Func, r.For)
}

// UnfinishedError is returned by a Shutdown that could not do all that a graceful shutdown does.
type UnfinishedError struct {
	Cause    error     // the end of Shutdown's context, or ErrClosed where a Close came in between
	Running  []Running // work that has not returned, in the order in which it began
	Callback bool      // a callback has not returned
	Dropped  int       // callbacks that were accepted and will not run, timers not due apart
}

// Unwrap returns the cause, so that errors.Is(err, context.DeadlineExceeded) tells a context that ended.
func (e *UnfinishedError) Unwrap() error { return e.Cause }

func (e *UnfinishedError) Error() string {
	const named = 8 // in the message; all are in the field
	var b strings.Builder
	fmt.Fprintf(&b, "loop: shutdown not finished: %v", e.Cause)
	for i, r := range e.Running {
		if i == named {
			fmt.Fprintf(&b, "; and %d more", len(e.Running)-named)
			break
		}
		fmt.Fprintf(&b, "; still running: %v", r)
	}
	if e.Callback {
		b.WriteString("; still running: a callback")
	}
	if e.Dropped > 0 {
		fmt.Fprintf(&b, "; callbacks dropped: %d", e.Dropped)
	}
	return b.String()
}

// site names the place that a program counter of runtime.Callers stands for.
func site(pc uintptr) (place, function string) {
	if pc == 0 {
		return "unknown", "unknown"
	}
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	return fmt.Sprintf("%s:%d", f.File, f.Line), f.Function
}
