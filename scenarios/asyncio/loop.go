package asyncio

import (
	"errors"
	"sync/atomic"
)

// ErrClosed is base_events.BaseEventLoop._check_closed's error.
var ErrClosed = errors.New("RuntimeError: Event loop is closed")

// ErrStopped is base_events.BaseEventLoop.run_until_complete's error.
var ErrStopped = errors.New("RuntimeError: Event loop stopped before Future completed.")

// Loop is selector_events.BaseSelectorEventLoop. But for CallSoonThreadsafe its methods belong to the thread that runs it.
type Loop struct {
	interpreter     *Interpreter
	closed          atomic.Bool
	ready           deque
	csock           atomic.Bool   // the self-pipe's writing end is there
	ssock           chan struct{} // its reading end, which holds a byte or none: one wakes as many would
	defaultExecutor *ThreadPoolExecutor
	stopError       bool // _raise_stop_error has run
}

// NewEventLoop is events.new_event_loop.
func (py *Interpreter) NewEventLoop() *Loop {
	l := &Loop{interpreter: py, ready: make(deque, dequeRoom), ssock: make(chan struct{}, 1)}
	l.csock.Store(true)
	return l
}

func (l *Loop) checkClosed() error {
	if l.closed.Load() {
		return ErrClosed
	}
	return nil
}

// CallSoon is base_events.BaseEventLoop.call_soon with _call_soon: _check_closed, then _ready.append.
func (l *Loop) CallSoon(callback func()) error {
	if err := l.checkClosed(); err != nil {
		return err
	}
	l.ready.append(callback)
	return nil
}

// CallSoonThreadsafe is base_events.BaseEventLoop.call_soon_threadsafe: check closed, append, wake, in that order and with
// nothing that holds them together.
func (l *Loop) CallSoonThreadsafe(callback func()) error {
	if err := l.CallSoon(callback); err != nil {
		return err
	}
	l.writeToSelf()
	return nil
}

// writeToSelf is selector_events.BaseSelectorEventLoop._write_to_self. On a closed pipe it does nothing.
func (l *Loop) writeToSelf() {
	if !l.csock.Load() {
		return
	}
	select {
	case l.ssock <- struct{}{}:
	default:
	}
}

// RunForever is base_events.BaseEventLoop.run_forever as of 3.5.0: until _run_once raises _StopError.
func (l *Loop) RunForever() error {
	if err := l.checkClosed(); err != nil {
		return err
	}
	for !l.stopError {
		l.runOnce()
	}
	l.stopError = false
	return nil
}

// RunUntilComplete is base_events.BaseEventLoop.run_until_complete as of 3.5.0, whose callback stops the loop at once and
// not by another call_soon.
func (l *Loop) RunUntilComplete(f *Future) error {
	if err := l.checkClosed(); err != nil {
		return err
	}
	id, err := f.AddDoneCallback(func(*Future) { l.raiseStopError() })
	if err != nil {
		return err
	}
	if err := l.RunForever(); err != nil {
		return err
	}
	f.RemoveDoneCallback(id)
	if !f.Done() {
		return ErrStopped
	}
	return f.Exception()
}

// Stop is base_events.BaseEventLoop.stop until 3.5.0: what is ready before it runs, what becomes ready later does not.
func (l *Loop) Stop() error { return l.CallSoon(l.raiseStopError) }

// raiseStopError is base_events._raise_stop_error. A _StopError is no Exception, so a handle lets it pass.
func (l *Loop) raiseStopError() { l.stopError = true }

// runOnce is base_events.BaseEventLoop._run_once: select, which waits if nothing is ready, then as many callbacks as are ready
// then. A _StopError leaves the rest of them in the queue.
func (l *Loop) runOnce() {
	if len(l.ready) == 0 {
		<-l.ssock
	} else {
		select {
		case <-l.ssock:
		default:
		}
	}
	for range len(l.ready) {
		l.ready.popleft()()
		if l.stopError {
			return
		}
	}
}

// Close is selector_events.BaseSelectorEventLoop.close and base_events.BaseEventLoop.close, which it calls: the self-pipe, the
// flag, the queue, the pool. It does not wait for the pool's threads.
func (l *Loop) Close() {
	if l.closed.Load() {
		return
	}
	l.csock.Store(false)
	l.closed.Store(true)
	l.ready.clear()
	if l.defaultExecutor != nil {
		l.defaultExecutor.Shutdown(false)
		l.defaultExecutor = nil
	}
}

// deque is collections.deque, of which each method is one step. A channel has just that, where a mutex would make two of it.
type deque chan func()

// dequeRoom is how much a deque holds. Python's has no bound, and no program here comes near this one.
const dequeRoom = 256

func (d deque) append(f func()) { d <- f }

func (d deque) popleft() func() { return <-d }

// clear takes more steps than Python's, which nobody can tell: only the thread that clears takes out, and what others append
// meanwhile stays, as if it had come after.
func (d deque) clear() {
	for range len(d) {
		<-d
	}
}
