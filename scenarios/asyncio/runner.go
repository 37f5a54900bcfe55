package asyncio

// threadJoinTimeout is constants.THREAD_JOIN_TIMEOUT, in seconds.
const threadJoinTimeout = 300

// Runner is runners.Runner, since 3.11. Before, asyncio.run did the same in the same order.
type Runner struct {
	interpreter *Interpreter
	loop        *Loop
	closed      bool
}

// NewRunner is runners.Runner.__init__.
func (py *Interpreter) NewRunner() *Runner { return &Runner{interpreter: py} }

// Loop is runners.Runner.get_loop.
func (r *Runner) Loop() (*Loop, error) {
	if r.closed {
		return nil, Raise("RuntimeError", "Runner is closed")
	}
	if r.loop == nil { // _lazy_init
		r.loop = r.interpreter.NewEventLoop()
	}
	return r.loop, nil
}

// Run is runners.Runner.run, without its handling of SIGINT.
func (r *Runner) Run(coro Coroutine) (any, error) {
	loop, err := r.Loop()
	if err != nil {
		return nil, err
	}
	task, err := loop.CreateTask(coro)
	if err != nil {
		return nil, err
	}
	return loop.RunUntilComplete(task)
}

// Close is runners.Runner.close: all tasks are cancelled and awaited, once; then the asynchronous generators, of which there are none here; then
// the default executor; then the loop is closed, whatever was raised before. No other executor is waited for.
func (r *Runner) Close() error {
	if r.closed || r.loop == nil {
		return nil
	}
	err := r.shutdown()
	if e := r.loop.Close(); e != nil {
		err = e
	}
	r.loop, r.closed = nil, true
	return err
}

func (r *Runner) shutdown() error {
	if err := r.loop.cancelAllTasks(); err != nil {
		return err
	}
	if _, err := r.loop.RunUntilComplete(shutdownAsyncgens); err != nil {
		return err
	}
	executor := r.loop.ShutdownDefaultExecutor()
	if r.interpreter.version >= V2025 { // since 3.12
		executor = r.loop.ShutdownDefaultExecutorWithin(threadJoinTimeout)
	}
	_, err := r.loop.RunUntilComplete(executor)
	return err
}

// shutdownAsyncgens is base_events.BaseEventLoop.shutdown_asyncgens where there is none.
var shutdownAsyncgens Coroutine = func(*Task) (any, error) { return nil, nil }

// Run is runners.run, since 3.7.
func (py *Interpreter) Run(coro Coroutine) (any, error) {
	if py.version == V2015 {
		return nil, Raise("AttributeError", "module 'asyncio' has no attribute 'run'")
	}
	if py.runningLoop() != nil {
		return nil, Raise("RuntimeError", "asyncio.run() cannot be called from a running event loop")
	}
	r := py.NewRunner()
	result, err := r.Run(coro)
	if e := r.Close(); e != nil {
		return nil, e
	}
	return result, err
}

// cancelAllTasks is runners._cancel_all_tasks. Python goes through a set, here it is in the order in which the tasks were made.
func (l *Loop) cancelAllTasks() error {
	var cancel []*Future
	for _, t := range l.tasks {
		if !t.Done() {
			cancel = append(cancel, &t.Future)
		}
	}
	if len(cancel) == 0 {
		return nil
	}
	for _, f := range cancel {
		if _, err := f.Cancel(); err != nil {
			return err
		}
	}
	all, err := Gather(l, cancel, true)
	if err != nil {
		return err
	}
	if _, err := l.RunUntilComplete(all); err != nil {
		return err
	}
	for _, f := range cancel {
		if exc, _ := f.Exception(); exc != nil {
			l.CallExceptionHandler(&Context{Message: "unhandled exception during asyncio.run() shutdown", Exception: exc, Task: f.task})
		}
	}
	return nil
}
