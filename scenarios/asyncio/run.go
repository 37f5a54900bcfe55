package asyncio

import "time"

// maximumSelectTimeout is base_events.MAXIMUM_SELECT_TIMEOUT, in seconds.
const maximumSelectTimeout = 24 * 3600

// checkRunning is base_events.BaseEventLoop._check_running.
func (l *Loop) checkRunning() error {
	running := l.IsRunning()
	switch {
	case running && l.interpreter.version == V2015:
		return Raise("RuntimeError", "Event loop is running.")
	case running:
		return ErrRunning
	case l.interpreter.version != V2015 && l.interpreter.runningLoop() != nil:
		return ErrOtherRunning
	}
	return nil
}

// RunForever is base_events.BaseEventLoop.run_forever. It returns what left the loop: SystemExit or KeyboardInterrupt, or nil.
func (l *Loop) RunForever() error {
	if err := l.checkClosed(); err != nil {
		return err
	}
	if err := l.checkRunning(); err != nil {
		return err
	}
	l.threadID.Store(goroutine())
	err := l.turns()
	if l.interpreter.version != V2015 {
		l.stopping.Store(false)
	}
	l.threadID.Store(0)
	return err
}

// turns is the loop of run_forever: until stop has been called, or as of 3.5.0 until _run_once raises _StopError.
//
//go:noinline
func (l *Loop) turns() error {
	for {
		if err := l.runOnce(); err == errStop {
			return nil
		} else if err != nil {
			return err
		}
		if l.isStopping() {
			return nil
		}
	}
}

func (l *Loop) isStopping() bool { return l.interpreter.version != V2015 && l.stopping.Load() }

// runOnce is base_events.BaseEventLoop._run_once: select, then the timers that are due, then as many callbacks as are ready then.
// What a callback raises that is no Exception leaves the rest of them in the queue.
func (l *Loop) runOnce() error {
	timers := l.scheduled.Load()
	timers.dropCancelled(l)
	if err := l.selectEvents(timers); err != nil {
		return err
	}
	if len(timers.items) > 0 {
		end := l.Time() + clockResolution
		for h, ok := timers.due(end); ok; h, ok = timers.due(end) {
			l.ready.append(h)
		}
	}
	for range len(l.ready) {
		h, ok := l.ready.popleft()
		if !ok {
			return Raise("IndexError", "pop from an empty deque") // somebody closes the loop meanwhile
		}
		if h.cancelled {
			continue
		}
		if err := h.run(); err != nil {
			return err
		}
	}
	return nil
}

// selectEvents is selector.select with _process_events and _read_from_self: the byte in the self-pipe is taken out as it is seen,
// where Python calls a handle in the same turn for that, to the same effect.
func (l *Loop) selectEvents(timers *timerHeap) error {
	if l.selector.isNone() { // another thread has closed the loop since run_forever looked
		return Raise("AttributeError", "'NoneType' object has no attribute 'select'")
	}
	if len(l.ready) > 0 || l.isStopping() {
		l.readFromSelf()
		return nil
	}
	if len(timers.items) == 0 {
		<-l.pipe
		return nil
	}
	timeout := min(timers.items[0].when-l.Time(), maximumSelectTimeout)
	if timeout <= 0 {
		l.readFromSelf()
		return nil
	}
	t := time.NewTimer(seconds(timeout))
	select {
	case <-l.pipe:
		t.Stop()
	case <-t.C:
	}
	return nil
}

// readFromSelf is selector_events.BaseSelectorEventLoop._read_from_self.
func (l *Loop) readFromSelf() {
	select {
	case <-l.pipe:
	default:
	}
}

// RunUntilComplete is base_events.BaseEventLoop.run_until_complete. It returns the future's result or what was raised.
func (l *Loop) RunUntilComplete(a Awaitable) (any, error) {
	if err := l.checkClosed(); err != nil {
		return nil, err
	}
	if l.interpreter.version != V2015 {
		if err := l.checkRunning(); err != nil {
			return nil, err
		}
	}
	f, err := a.ensureFuture(l)
	if err != nil {
		return nil, err
	}
	cb := &DoneCallback{"_run_until_complete_cb", runUntilCompleteCB}
	if err := f.AddDoneCallback(cb); err != nil {
		return nil, err
	}
	err = l.RunForever()
	if err == nil || l.interpreter.version != V2015 { // in a finally clause since 3.5.1
		f.RemoveDoneCallback(cb)
	}
	if err != nil {
		return nil, err
	}
	if !f.Done() {
		return nil, ErrStopped
	}
	return f.Result()
}

// runUntilCompleteCB is base_events._run_until_complete_cb. Until 3.5.0 it raised _StopError at once, which cuts the batch.
func runUntilCompleteCB(f *Future) error {
	if exc := f.outcome.Load().exception; exc != nil && leaves(exc) {
		return nil // whoever raised it has left run_forever already
	}
	if f.loop.interpreter.version == V2015 {
		return errStop
	}
	return f.loop.Stop()
}

// seconds is a time in seconds as a duration, rounded up, as selectors.EpollSelector.select does to its milliseconds.
func seconds(s float64) time.Duration {
	d := time.Duration(s * 1e9)
	if d.Seconds() < s {
		d++
	}
	return d
}
