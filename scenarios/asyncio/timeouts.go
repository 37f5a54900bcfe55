package asyncio

// Sleep is tasks.sleep. delay is in seconds.
func Sleep(delay float64) Coroutine {
	return func(t *Task) (any, error) {
		if delay <= 0 {
			return nil, t.Yield()
		}
		f := NewFuture(t.loop)
		h, err := t.loop.CallLater(delay, Callback{"_set_result_unless_cancelled", func() error { return setResultUnlessCancelled(f, nil) }})
		if err != nil {
			return nil, err
		}
		_, err = t.Await(f)
		h.Cancel()
		return nil, err
	}
}

// uncancel is tasks.Task.uncancel.
func (t *Task) uncancel() int {
	if t.cancels > 0 {
		t.cancels--
	}
	return t.cancels
}

// within is "async with timeouts.timeout(delay)" around f. nil is None.
func (t *Task) within(delay *float64, f func() error) error {
	if delay == nil {
		return f()
	}
	expiring := false
	onTimeout := Callback{"Timeout._on_timeout", func() error {
		expiring = true
		_, err := t.cancel()
		return err
	}}
	before := t.cancels
	h, err := t.loop.callLaterOrSoon(*delay, onTimeout)
	if err != nil {
		return err
	}
	err = f()
	h.Cancel()
	if expiring && t.uncancel() <= before && err == ErrCancelled {
		return ErrTimeout
	}
	return err
}

// callLaterOrSoon is timeouts.Timeout.reschedule.
func (l *Loop) callLaterOrSoon(delay float64, cb Callback) (*Handle, error) {
	if delay <= 0 {
		return l.CallSoon(cb)
	}
	return l.CallAt(l.Time()+delay, cb)
}
