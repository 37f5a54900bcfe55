package asyncio

import (
	"sync/atomic"
	"time"
)

// Loop is selector_events.BaseSelectorEventLoop, which every loop on Unix is. But for CallSoonThreadsafe its methods belong to the
// thread that runs it.
type Loop struct {
	interpreter     *Interpreter
	closed          atomic.Bool
	stopping        atomic.Bool
	threadID        atomic.Int64 // 0 for None
	ready           deque
	scheduled       atomic.Pointer[timerHeap]
	timersCancelled int

	pipe     chan struct{} // the self-pipe: a byte or none, since one wakes as many would
	ssock    attribute     // its reading end
	csock    attribute     // its writing end
	selector attribute

	defaultExecutor        atomic.Pointer[ThreadPoolExecutor]
	executorShutdownCalled atomic.Bool
	exceptionHandler       func(*Loop, *Context) error
	tasks                  []*Task // tasks._all_tasks, of this loop
}

// attribute is an attribute of which only whether it is None matters. At first it is not.
type attribute struct{ none atomic.Bool }

func (a *attribute) isNone() bool { return a.none.Load() }

func (a *attribute) setNone() { a.none.Store(true) }

// clockResolution is time.get_clock_info('monotonic').resolution on Linux.
const clockResolution = 1e-9

// NewEventLoop is events.new_event_loop with selector_events.BaseSelectorEventLoop.__init__.
func (py *Interpreter) NewEventLoop() *Loop {
	l := &Loop{interpreter: py, ready: make(deque, dequeRoom), pipe: make(chan struct{}, 1)}
	l.scheduled.Store(&timerHeap{})
	py.addLoop(l)
	return l
}

// Interpreter returns the process that the loop is in.
func (l *Loop) Interpreter() *Interpreter { return l.interpreter }

// IsClosed is base_events.BaseEventLoop.is_closed.
func (l *Loop) IsClosed() bool { return l.closed.Load() }

// IsRunning is base_events.BaseEventLoop.is_running: some thread is in run_forever.
func (l *Loop) IsRunning() bool { return l.threadID.Load() != 0 }

// Ready returns len(loop._ready), how many handles are to be called. In a loop that is closed they never are.
func (l *Loop) Ready() int { return len(l.ready) }

// Time is base_events.BaseEventLoop.time, in seconds.
func (l *Loop) Time() float64 { return time.Since(l.interpreter.start).Seconds() }

// checkClosed is base_events.BaseEventLoop._check_closed.
func (l *Loop) checkClosed() error {
	if l.closed.Load() {
		return ErrClosed
	}
	return nil
}

// CallSoon is base_events.BaseEventLoop.call_soon with _call_soon: _check_closed, then _ready.append.
func (l *Loop) CallSoon(cb Callback) (*Handle, error) { return l.callSoon(newHandle(l, cb)) }

func (l *Loop) callSoon(h *Handle) (*Handle, error) {
	if err := l.checkClosed(); err != nil {
		return nil, err
	}
	l.ready.append(h)
	return h, nil
}

// CallSoonThreadsafe is base_events.BaseEventLoop.call_soon_threadsafe: check closed, append, wake, in that order and with
// nothing that holds them together.
func (l *Loop) CallSoonThreadsafe(cb Callback) (*Handle, error) {
	h, err := l.callSoon(newHandle(l, cb))
	if err != nil {
		return nil, err
	}
	l.writeToSelf()
	return h, nil
}

// CallLater is base_events.BaseEventLoop.call_later. delay is in seconds.
func (l *Loop) CallLater(delay float64, cb Callback) (*Handle, error) {
	return l.CallAt(l.Time()+delay, cb)
}

// CallAt is base_events.BaseEventLoop.call_at.
func (l *Loop) CallAt(when float64, cb Callback) (*Handle, error) {
	if err := l.checkClosed(); err != nil {
		return nil, err
	}
	h := newHandle(l, cb)
	h.timer, h.when = true, when
	l.scheduled.Load().push(h)
	h.scheduled = true
	return h, nil
}

// writeToSelf is selector_events.BaseSelectorEventLoop._write_to_self. On a pipe that is closed, or about to be, it does nothing.
func (l *Loop) writeToSelf() {
	if l.csock.isNone() {
		return
	}
	select {
	case l.pipe <- struct{}{}:
	default:
	}
}

// Stop is base_events.BaseEventLoop.stop. Until 3.5.0 it was call_soon(_raise_stop_error): what is ready before it runs, what
// becomes ready later does not.
func (l *Loop) Stop() error {
	if l.interpreter.version == V2015 {
		_, err := l.CallSoon(Callback{"_raise_stop_error", func() error { return errStop }})
		return err
	}
	l.stopping.Store(true)
	return nil
}
