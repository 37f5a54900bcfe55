package asyncio

// ReturnWhen is concurrent.futures.wait's and tasks.wait's return_when.
type ReturnWhen int

const (
	AllCompleted ReturnWhen = iota
	FirstException
	FirstCompleted
)

// Waited is what tasks.wait returns, each in the order in which the futures were given.
type Waited struct {
	Done, Pending []*Future
}

// Wait is tasks.wait without a timeout. It never cancels what it waits for.
func Wait(fs []*Future, when ReturnWhen) Coroutine { return wait(fs, when, nil) }

// WaitWithin is tasks.wait with a timeout in seconds, which ends the wait and raises nothing.
func WaitWithin(fs []*Future, when ReturnWhen, timeout float64) Coroutine {
	return wait(fs, when, &timeout)
}

// wait is tasks.wait with tasks._wait.
func wait(fs []*Future, when ReturnWhen, timeout *float64) Coroutine {
	return func(t *Task) (any, error) {
		if len(fs) == 0 {
			return nil, Raise("ValueError", "Set of Tasks/Futures is empty.")
		}
		if err := t.loop.own(fs); err != nil {
			return nil, err
		}
		waiter := NewFuture(t.loop)
		release := func() error {
			if waiter.Done() {
				return nil
			}
			return waiter.SetResult(nil)
		}
		timer := &Handle{loop: t.loop}
		if timeout != nil {
			var err error
			if timer, err = t.loop.CallLater(*timeout, Callback{"_release_waiter", release}); err != nil {
				return nil, err
			}
		}
		counter := len(fs)
		onCompletion := &DoneCallback{"_wait.<locals>._on_completion", func(f *Future) error {
			counter--
			if counter > 0 && when != FirstCompleted && !(when == FirstException && f.failed()) {
				return nil
			}
			timer.Cancel()
			return release()
		}}
		for _, f := range fs {
			if err := f.AddDoneCallback(onCompletion); err != nil {
				return nil, err
			}
		}
		_, err := t.Await(waiter)
		timer.Cancel()
		for _, f := range fs {
			f.RemoveDoneCallback(onCompletion)
		}
		return waited(fs), err
	}
}

// own is what wait did until 3.10: it made futures of what it was given, and so saw which loop they belong to.
func (l *Loop) own(fs []*Future) error {
	if l.interpreter.version > V2018 {
		return nil
	}
	for _, f := range fs {
		if _, err := f.ensureFuture(l); err != nil {
			return err
		}
	}
	return nil
}

// failed reports whether f ended with an exception that is not its cancellation.
func (f *Future) failed() bool {
	o := f.outcome.Load()
	return o != nil && o.exception != nil
}

func waited(fs []*Future) *Waited {
	w := &Waited{}
	for _, f := range fs {
		if f.Done() {
			w.Done = append(w.Done, f)
		} else {
			w.Pending = append(w.Pending, f)
		}
	}
	return w
}
