package asyncio

import "fmt"

// ShutdownDefaultExecutor is base_events.BaseEventLoop.shutdown_default_executor, since 3.9, without a timeout.
func (l *Loop) ShutdownDefaultExecutor() Coroutine {
	return func(t *Task) (any, error) {
		switch {
		case l.interpreter.version == V2015:
			return nil, Raise("AttributeError", "'_UnixSelectorEventLoop' object has no attribute 'shutdown_default_executor'")
		case l.interpreter.version == V2025:
			return nil, l.shutdownWithin(t, nil)
		}
		future, joined := l.startShutdown(false)
		if future == nil {
			return nil, nil
		}
		_, err := t.Await(future)
		<-joined // finally
		return nil, err
	}
}

// ShutdownDefaultExecutorWithin is base_events.BaseEventLoop.shutdown_default_executor with a timeout in seconds, since 3.12. It renders
// 3.13.0, where the timeout has come to work.
func (l *Loop) ShutdownDefaultExecutorWithin(timeout float64) Coroutine {
	return func(t *Task) (any, error) {
		if l.interpreter.version < V2022 {
			return nil, Raise("TypeError", "shutdown_default_executor() takes 1 positional argument but 2 were given")
		}
		return nil, l.shutdownWithin(t, &timeout)
	}
}

// shutdownWithin is shutdown_default_executor as of 3.13: whoever is cancelled while it waits does not join the thread.
func (l *Loop) shutdownWithin(t *Task, timeout *float64) error {
	future, joined := l.startShutdown(true)
	if future == nil {
		return nil
	}
	err := t.within(timeout, func() error {
		_, err := t.Await(future)
		return err
	})
	switch err {
	case nil:
		<-joined
		return nil
	case ErrTimeout:
		l.interpreter.logger(fmt.Sprintf("RuntimeWarning: The executor did not finishing joining its threads within %g seconds.", *timeout), nil)
		e := l.defaultExecutor.Load()
		if e == nil {
			return Raise("AttributeError", "'NoneType' object has no attribute 'shutdown'")
		}
		e.Shutdown(false)
		return nil
	}
	return err
}

// startShutdown is what all of them begin with. The future is nil where there is no executor.
func (l *Loop) startShutdown(timed bool) (future *Future, joined <-chan struct{}) {
	l.executorShutdownCalled.Store(true)
	if l.defaultExecutor.Load() == nil {
		return nil, nil
	}
	future = NewFuture(l)
	return future, l.interpreter.thread("_do_shutdown", func() error { return l.doShutdown(future, timed) })
}

// doShutdown is base_events.BaseEventLoop._do_shutdown, in a thread of its own. Its looks at is_closed came in 2022, its looks at whether
// the future is cancelled with the timeout.
func (l *Loop) doShutdown(future *Future, timed bool) error {
	guarded := l.interpreter.version >= V2022
	err := l.joinExecutor(future, guarded, timed)
	if err == nil {
		return nil
	}
	if guarded && l.IsClosed() || timed && future.Cancelled() {
		return nil
	}
	_, err = l.CallSoonThreadsafe(Callback{"Future.set_exception", func() error { return future.SetException(err) }})
	return err
}

// joinExecutor is the try block of _do_shutdown.
func (l *Loop) joinExecutor(future *Future, guarded, timed bool) error {
	e := l.defaultExecutor.Load()
	if e == nil {
		return Raise("AttributeError", "'NoneType' object has no attribute 'shutdown'")
	}
	e.Shutdown(true)
	if guarded && l.IsClosed() {
		return nil
	}
	cb := Callback{"Future.set_result", func() error { return future.SetResult(nil) }}
	if timed {
		cb = Callback{"_set_result_unless_cancelled", func() error { return setResultUnlessCancelled(future, nil) }}
	}
	_, err := l.CallSoonThreadsafe(cb)
	return err
}

// setResultUnlessCancelled is futures._set_result_unless_cancelled.
func setResultUnlessCancelled(f *Future, result any) error {
	if f.Cancelled() {
		return nil
	}
	return f.SetResult(result)
}
