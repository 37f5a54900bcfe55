package asyncio

// Close is selector_events.BaseSelectorEventLoop.close. Two threads at once are not meant to call it; the second may meet what the
// first has taken away.
func (l *Loop) Close() error {
	if l.IsRunning() {
		return ErrCloseRunning
	}
	if l.closed.Load() {
		return nil
	}
	if err := l.closeSelfPipe(); err != nil {
		return err
	}
	if err := l.closeBase(); err != nil {
		return err
	}
	if !l.selector.isNone() {
		l.selector.setNone()
	}
	return nil
}

// closeSelfPipe is selector_events.BaseSelectorEventLoop._close_self_pipe.
func (l *Loop) closeSelfPipe() error {
	if l.ssock.isNone() {
		return Raise("AttributeError", "'NoneType' object has no attribute 'fileno'")
	}
	l.ssock.setNone()
	if l.csock.isNone() {
		return Raise("AttributeError", "'NoneType' object has no attribute 'close'")
	}
	l.csock.setNone()
	return nil
}

// closeBase is base_events.BaseEventLoop.close: the flag, the queues, the executor. It does not wait for the executor's threads.
func (l *Loop) closeBase() error {
	if l.IsRunning() {
		return ErrCloseRunning
	}
	if l.closed.Load() {
		return nil
	}
	l.closed.Store(true)
	l.ready.clear()
	l.scheduled.Store(&timerHeap{})
	if l.interpreter.version != V2015 {
		l.executorShutdownCalled.Store(true)
	}
	if e := l.defaultExecutor.Load(); e != nil {
		l.defaultExecutor.Store(nil)
		e.Shutdown(false)
	}
	return nil
}
