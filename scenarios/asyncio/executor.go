package asyncio

import "sync"

// Executor is concurrent.futures.thread.ThreadPoolExecutor.
type Executor struct {
	queue   chan *workItem
	workers sync.WaitGroup
}

// workItem is concurrent.futures.thread._WorkItem with its concurrent.futures.Future.
type workItem struct {
	mu      sync.Mutex // the future's _condition
	started bool
	over    bool // cancelled before it started
	fn      func() error
	onDone  func(error) // the callback that wrap_future added
}

// NewExecutor is ThreadPoolExecutor(workers), with its threads started. The queue has no bound there, and here room for all that is submitted.
func NewExecutor(workers, room int) *Executor {
	e := &Executor{queue: make(chan *workItem, room)}
	for range workers {
		e.workers.Go(e.worker)
	}
	return e
}

// worker is concurrent.futures.thread._worker.
func (e *Executor) worker() {
	for w := range e.queue {
		w.run()
	}
}

// run is _WorkItem.run: set_running_or_notify_cancel, then the function, then the callbacks, in the worker's thread.
func (w *workItem) run() {
	w.mu.Lock()
	over := w.over
	w.started = true
	w.mu.Unlock()
	if !over {
		w.onDone(w.fn())
	}
}

// cancel is concurrent.futures.Future.cancel: it does nothing to what has started.
func (w *workItem) cancel() {
	w.mu.Lock()
	w.over = w.over || !w.started
	w.mu.Unlock()
}

// Shutdown is ThreadPoolExecutor.shutdown.
func (e *Executor) Shutdown(wait bool) {
	close(e.queue)
	if wait {
		e.workers.Wait()
	}
}

// RunInExecutor is BaseEventLoop.run_in_executor: futures.wrap_future(executor.submit(fn)) as of 2015, whose chaining is
//
//	fut.add_done_callback(lambda f: loop.call_soon_threadsafe(new._copy_state, f))
//
// An exception in such a callback is logged by concurrent.futures; here it goes to logged.
func (l *Loop) RunInExecutor(e *Executor, fn func() error, logged func(error)) *Future {
	f := NewFuture(l)
	w := &workItem{fn: fn}
	w.onDone = func(result error) {
		if err := l.CallSoonThreadsafe(func() { f.copyState(result) }); err != nil {
			logged(err)
		}
	}
	f.AddDoneCallback(func(f *Future) { // wrap_future's _check_cancel_other
		if f.Cancelled() {
			w.cancel()
		}
	})
	e.queue <- w
	return f
}
