package asyncio

// chained is what _chain_future asks of its two futures, of which one belongs to a loop and one to threads, or both to loops.
type chained interface {
	Cancelled() bool
	snapshot() outcome // of a future that is done: it does not change any more, so it is read in one step
	chainLoop() *Loop  // None for a concurrent future
	cancelChained() error
	whenDone(name string, fn func() error) error
	copyFrom(source chained) error
}

// chain is futures._chain_future's frame.
type chain struct {
	version             Version
	source, destination chained
	sourceLoop          *Loop
	destLoop            *Loop
}

// chainFuture is futures._chain_future: when the source ends so does the destination, when the destination is cancelled so is the
// source. As of 3.5.0 wrap_future did the same by itself.
func chainFuture(version Version, source, destination chained) error {
	c := &chain{version, source, destination, source.chainLoop(), destination.chainLoop()}
	if err := destination.whenDone("_chain_future.<locals>._call_check_cancel", c.callCheckCancel); err != nil {
		return err
	}
	return source.whenDone("_chain_future.<locals>._call_set_state", c.callSetState)
}

// callCheckCancel is _call_check_cancel.
func (c *chain) callCheckCancel() error {
	if !c.destination.Cancelled() {
		return nil
	}
	if c.sourceLoop == nil || c.here(c.sourceLoop) {
		return c.source.cancelChained()
	}
	_, err := c.sourceLoop.CallSoonThreadsafe(Callback{"Future.cancel", c.source.cancelChained})
	return err
}

// callSetState is _call_set_state, in the thread that ends the source. Which questions it asks before it posts is what the versions differ
// in; none of them asks and posts in one step.
func (c *chain) callSetState() error {
	if c.version >= V2018 && c.destination.Cancelled() && c.destLoop != nil && c.destLoop.IsClosed() {
		return nil
	}
	if c.destLoop == nil || c.here(c.destLoop) {
		return c.setState()
	}
	if c.version >= V2022 && c.destLoop.IsClosed() {
		return nil
	}
	_, err := c.destLoop.CallSoonThreadsafe(Callback{"_chain_future.<locals>._set_state", c.setState})
	return err
}

// here reports whether what belongs to loop can be called at once: the two loops are the same, or since 2025, loop runs this thread.
func (c *chain) here(loop *Loop) bool {
	if c.version < V2025 {
		return c.sourceLoop == c.destLoop
	}
	return loop == loop.interpreter.runningLoop()
}

// setState is _set_state.
func (c *chain) setState() error { return c.destination.copyFrom(c.source) }

func (f *Future) chainLoop() *Loop { return f.loop }

func (f *Future) snapshot() outcome { return *f.outcome.Load() }

func (f *Future) cancelChained() error {
	_, err := f.Cancel()
	return err
}

func (f *Future) whenDone(name string, fn func() error) error {
	return f.AddDoneCallback(&DoneCallback{name, func(*Future) error { return fn() }})
}

// copyFrom is futures._copy_future_state: a future that was cancelled meanwhile stays as it is.
func (f *Future) copyFrom(source chained) error {
	switch o := f.outcome.Load(); {
	case o == nil:
	case o.cancelled:
		return nil
	default:
		return Raise("AssertionError", "")
	}
	o := source.snapshot()
	switch {
	case o.cancelled:
		return f.cancelChained()
	case o.exception != nil:
		return f.SetException(o.exception)
	}
	return f.SetResult(o.result)
}

func (f *ConcurrentFuture) chainLoop() *Loop { return nil }

func (f *ConcurrentFuture) snapshot() outcome {
	f.condition.Lock()
	defer f.condition.Unlock()
	return f.outcome
}

func (f *ConcurrentFuture) cancelChained() error {
	f.Cancel()
	return nil
}

func (f *ConcurrentFuture) whenDone(_ string, fn func() error) error {
	f.AddDoneCallback(func(*ConcurrentFuture) error { return fn() })
	return nil
}

// copyFrom is futures._set_concurrent_future_state.
func (f *ConcurrentFuture) copyFrom(source chained) error {
	o := source.snapshot()
	if o.cancelled {
		f.Cancel()
	}
	if ok, err := f.SetRunningOrNotifyCancel(); !ok {
		return err
	}
	return f.set(o)
}

// WrapFuture is futures.wrap_future.
func WrapFuture(f *ConcurrentFuture, loop *Loop) (*Future, error) {
	n := NewFuture(loop)
	return n, chainFuture(loop.interpreter.version, f, n)
}
