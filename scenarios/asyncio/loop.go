package asyncio

import (
	"errors"
	"sync"
	"sync/atomic"
)

// ErrClosed is RuntimeError('Event loop is closed').
var ErrClosed = errors.New("RuntimeError: Event loop is closed")

// Loop is base_events.BaseEventLoop with the self-pipe of selector_events.BaseSelectorEventLoop.
// But for CallSoonThreadsafe its methods belong to the goroutine that runs the loop.
type Loop struct {
	closed   atomic.Bool
	gil      sync.Mutex // makes one append to, or one popleft of, _ready atomic
	ready    []func()
	selfPipe chan struct{}
	stopping bool
}

// NewLoop is asyncio.new_event_loop.
func NewLoop() *Loop { return &Loop{selfPipe: make(chan struct{}, 1)} }

// CallSoonThreadsafe is BaseEventLoop.call_soon_threadsafe: check closed, append, wake, in that order and with nothing that
// holds them together.
func (l *Loop) CallSoonThreadsafe(callback func()) error {
	if err := l.CallSoon(callback); err != nil {
		return err
	}
	l.writeToSelf()
	return nil
}

// CallSoon is BaseEventLoop.call_soon: _check_closed, then _ready.append.
func (l *Loop) CallSoon(callback func()) error {
	if l.closed.Load() {
		return ErrClosed
	}
	l.gil.Lock()
	l.ready = append(l.ready, callback)
	l.gil.Unlock()
	return nil
}

// writeToSelf is BaseSelectorEventLoop._write_to_self: one byte is as good as many.
func (l *Loop) writeToSelf() {
	select {
	case l.selfPipe <- struct{}{}:
	default:
	}
}

// RunForever is BaseEventLoop.run_forever.
func (l *Loop) RunForever() {
	for {
		l.runOnce()
		if l.stopping {
			l.stopping = false
			return
		}
	}
}

// RunUntilComplete is BaseEventLoop.run_until_complete: the future's callback stops the loop.
func (l *Loop) RunUntilComplete(f *Future) {
	f.AddDoneCallback(func(*Future) { l.Stop() })
	l.RunForever()
}

// Stop is BaseEventLoop.stop: call_soon(_raise_stop_error) in 3.4, so what is ready before it runs before it.
func (l *Loop) Stop() { l.CallSoon(func() { l.stopping = true }) }

// runOnce is BaseEventLoop._run_once: wait for the self-pipe if nothing is ready, then run as many
// callbacks as were ready.
func (l *Loop) runOnce() {
	n := l.lenReady()
	if n == 0 {
		<-l.selfPipe
		n = l.lenReady()
	}
	for range n {
		l.popLeft()()
	}
}

func (l *Loop) lenReady() int {
	l.gil.Lock()
	defer l.gil.Unlock()
	return len(l.ready)
}

func (l *Loop) popLeft() func() {
	l.gil.Lock()
	defer l.gil.Unlock()
	f := l.ready[0]
	l.ready = l.ready[1:]
	return f
}

// Close is BaseEventLoop.close: the flag, then the queue. It does not wait for workers (executor.shutdown(wait=False)).
func (l *Loop) Close() {
	l.closed.Store(true)
	l.gil.Lock()
	l.ready = nil
	l.gil.Unlock()
}
