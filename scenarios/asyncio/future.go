package asyncio

import (
	"slices"
	"sync/atomic"
)

// Future is _asyncio.Future, futures.Future in C: each of its methods is one step up to where it calls into the loop. It belongs to the
// thread that runs its loop; others may ask only whether it is done or cancelled.
type Future struct {
	loop      *Loop
	outcome   atomic.Pointer[outcome] // nil while pending
	callbacks []*DoneCallback
	blocking  bool       // _asyncio_future_blocking: a coroutine has handed it to its task
	task      *Task      // whose Future it is, or nil
	gathering *gathering // whose outer future it is, or nil
}

// outcome is how a future ended.
type outcome struct {
	cancelled bool
	exception error
	result    any
}

// DoneCallback is what is called when a future is done. Two are equal if they are the same.
type DoneCallback struct {
	Name string
	Call func(*Future) error
}

// Awaitable is what can be waited for: a [Future], a [Task], a [Coroutine].
type Awaitable interface {
	// ensureFuture is tasks.ensure_future.
	ensureFuture(l *Loop) (*Future, error)
}

func (f *Future) ensureFuture(l *Loop) (*Future, error) {
	if f.loop != l {
		return nil, Raise("ValueError", "The future belongs to a different loop than the one specified as the loop argument")
	}
	return f, nil
}

// NewFuture is futures.Future.__init__ and base_events.BaseEventLoop.create_future. It works on a closed loop too.
func NewFuture(loop *Loop) *Future { return &Future{loop: loop} }

// Loop is futures.Future.get_loop.
func (f *Future) Loop() *Loop { return f.loop }

// Done is futures.Future.done.
func (f *Future) Done() bool { return f.outcome.Load() != nil }

// Cancelled is futures.Future.cancelled.
func (f *Future) Cancelled() bool {
	o := f.outcome.Load()
	return o != nil && o.cancelled
}

// Result is futures.Future.result.
func (f *Future) Result() (any, error) {
	o := f.outcome.Load()
	switch {
	case o == nil:
		return nil, ErrNotReady
	case o.cancelled:
		return nil, ErrCancelled
	}
	return o.result, o.exception
}

// Exception is futures.Future.exception: what was set, and what is raised instead.
func (f *Future) Exception() (exception, raised error) {
	o := f.outcome.Load()
	switch {
	case o == nil:
		return nil, ErrNotSet
	case o.cancelled:
		return nil, ErrCancelled
	}
	return o.exception, nil
}

// Cancel is futures.Future.cancel, and what tasks.Task and tasks._GatheringFuture put in its place. On a closed loop the state
// changes and the error comes none the less, if there are callbacks.
func (f *Future) Cancel() (bool, error) {
	switch {
	case f.task != nil:
		return f.task.cancel()
	case f.gathering != nil:
		return f.gathering.cancel(f)
	}
	return f.cancel()
}

func (f *Future) cancel() (bool, error) {
	if !f.outcome.CompareAndSwap(nil, &outcome{cancelled: true}) {
		return false, nil
	}
	return true, f.scheduleCallbacks()
}

// SetResult is futures.Future.set_result.
func (f *Future) SetResult(result any) error { return f.set(&outcome{result: result}) }

// SetException is futures.Future.set_exception.
func (f *Future) SetException(exception error) error {
	if className(exception) == "StopIteration" && f.task == nil {
		if f.Done() {
			return ErrInvalidState
		}
		text := "StopIteration interacts badly with generators and cannot be raised into a Future"
		if f.loop.interpreter.version < V2025 { // before 3.13
			return Raise("TypeError", text)
		}
		exception = Raise("RuntimeError", text)
	}
	return f.set(&outcome{exception: exception})
}

func (f *Future) set(o *outcome) error {
	if f.task != nil {
		what := "set_result"
		if o.exception != nil {
			what = "set_exception"
		}
		return Raise("RuntimeError", "Task does not support "+what+" operation")
	}
	return f.end(o)
}

// end is set_result and set_exception: the state first, then the callbacks.
func (f *Future) end(o *outcome) error {
	if !f.outcome.CompareAndSwap(nil, o) {
		return ErrInvalidState
	}
	return f.scheduleCallbacks()
}

// scheduleCallbacks is futures.Future.__schedule_callbacks: where call_soon fails, the rest of them is lost.
func (f *Future) scheduleCallbacks() error {
	callbacks := f.callbacks
	f.callbacks = nil
	for _, cb := range callbacks {
		if err := f.callSoon(cb); err != nil {
			return err
		}
	}
	return nil
}

func (f *Future) callSoon(cb *DoneCallback) error {
	_, err := f.loop.callSoon(&Handle{loop: f.loop, name: cb.Name, argument: f, callback: func() error { return cb.Call(f) }})
	return err
}

// AddDoneCallback is futures.Future.add_done_callback.
func (f *Future) AddDoneCallback(cb *DoneCallback) error {
	if f.Done() {
		return f.callSoon(cb)
	}
	f.callbacks = append(f.callbacks, cb)
	return nil
}

// RemoveDoneCallback is futures.Future.remove_done_callback. It returns how many there were.
func (f *Future) RemoveDoneCallback(cb *DoneCallback) int {
	before := len(f.callbacks)
	f.callbacks = slices.DeleteFunc(f.callbacks, func(c *DoneCallback) bool { return c == cb })
	return before - len(f.callbacks)
}

// String is futures.Future.__repr__, without the places where callbacks were defined.
func (f *Future) String() string {
	name := "Future"
	switch {
	case f.task != nil:
		return f.task.repr()
	case f.gathering != nil:
		name = "_GatheringFuture"
	}
	return "<" + name + " " + f.reprInfo() + ">"
}

// reprInfo is base_futures._future_repr_info.
func (f *Future) reprInfo() string {
	o := f.outcome.Load()
	switch {
	case o == nil && len(f.callbacks) == 0:
		return "pending"
	case o == nil:
		return "pending cb=[" + formatCallbacks(f.callbacks) + "]"
	case o.cancelled:
		return "cancelled"
	case o.exception != nil:
		return "finished exception=" + repr(o.exception)
	}
	return "finished result=" + repr(o.result)
}

// formatCallbacks is base_futures._format_callbacks.
func formatCallbacks(cb []*DoneCallback) string {
	first, last := cb[0].Name+"()", cb[len(cb)-1].Name+"()"
	switch len(cb) {
	case 1:
		return first
	case 2:
		return first + ", " + last
	}
	return first + ", <" + repr(len(cb)-2) + " more>, " + last
}
