package asyncio

// ReturnWhen is concurrent.futures.wait's and tasks.wait's return_when.
type ReturnWhen int

const (
	AllCompleted ReturnWhen = iota
	FirstException
)

// Wait is tasks.wait, with the task that run_until_complete makes of it. There must be at least one future.
func Wait(loop *Loop, fs []*Future, when ReturnWhen) *Future {
	task := NewFuture(loop)
	if err := loop.CallSoon(func() { wait(task, fs, when) }); err != nil { // Task.__init__
		task.set(err)
	}
	return task
}

// wait is tasks._wait, from the task's first step to where it returns.
func wait(task *Future, fs []*Future, when ReturnWhen) {
	waiter := NewFuture(task.loop)
	counter := len(fs)
	onCompletion := func(f *Future) {
		counter--
		failed := f.Exception() != nil && !f.Cancelled()
		if (counter <= 0 || when == FirstException && failed) && !waiter.Done() {
			waiter.set(nil)
		}
	}
	ids := make([]CallbackID, len(fs))
	for i, f := range fs {
		ids[i], _ = f.AddDoneCallback(onCompletion)
	}
	waiter.AddDoneCallback(func(*Future) { // Task._wakeup
		for i, f := range fs {
			f.RemoveDoneCallback(ids[i])
		}
		task.set(nil)
	})
}
