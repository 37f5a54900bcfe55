package asyncio

import (
	"errors"
	"sync"
	"sync/atomic"
)

// ErrShutdown is concurrent.futures.thread.ThreadPoolExecutor.submit's error.
var ErrShutdown = errors.New("RuntimeError: cannot schedule new futures after shutdown")

// maxWorkers is base_events._MAX_WORKERS, which sized a loop's default executor then.
const maxWorkers = 5

// queueRoom is how much a work queue holds. Python's has no bound, and no program here comes near this one.
const queueRoom = 64

// Interpreter is a Python process: what modules keep, and its exit.
type Interpreter struct {
	logger   func(message string, err error) // concurrent.futures._base.LOGGER
	shutdown atomic.Bool                     // concurrent.futures.thread._shutdown
	pools    []*ThreadPoolExecutor           // for concurrent.futures.thread._threads_queues
}

// Start starts an interpreter whose concurrent.futures logs with logger.
func Start(logger func(message string, err error)) *Interpreter { return &Interpreter{logger: logger} }

// Exit is concurrent.futures.thread._python_exit, which Python runs at the process's end: every thread is told and joined.
func (py *Interpreter) Exit() {
	py.shutdown.Store(true)
	for _, e := range py.pools {
		for range e.started {
			e.workQueue <- nil
		}
	}
	for _, e := range py.pools {
		e.threads.Wait()
	}
}

// ThreadPoolExecutor is concurrent.futures.thread.ThreadPoolExecutor.
type ThreadPoolExecutor struct {
	interpreter  *Interpreter
	maxWorkers   int
	workQueue    chan *workItem // nil stands for None
	shutdownLock sync.Mutex
	shutdown     atomic.Bool
	started      int
	threads      sync.WaitGroup
}

// workItem is concurrent.futures.thread._WorkItem.
type workItem struct {
	future *ConcurrentFuture
	fn     func() error
}

// NewThreadPoolExecutor is concurrent.futures.thread.ThreadPoolExecutor.__init__.
func (py *Interpreter) NewThreadPoolExecutor(maxWorkers int) *ThreadPoolExecutor {
	e := &ThreadPoolExecutor{interpreter: py, maxWorkers: maxWorkers, workQueue: make(chan *workItem, queueRoom)}
	py.pools = append(py.pools, e)
	return e
}

// Submit is concurrent.futures.thread.ThreadPoolExecutor.submit with _adjust_thread_count: a job starts a thread until there are
// enough, whether or not one is idle.
func (e *ThreadPoolExecutor) Submit(fn func() error) (*ConcurrentFuture, error) {
	e.shutdownLock.Lock()
	defer e.shutdownLock.Unlock()
	if e.shutdown.Load() {
		return nil, ErrShutdown
	}
	f := &ConcurrentFuture{interpreter: e.interpreter}
	e.workQueue <- &workItem{f, fn}
	if e.started < e.maxWorkers {
		e.started++
		e.threads.Go(e.worker)
	}
	return f, nil
}

// worker is concurrent.futures.thread._worker.
func (e *ThreadPoolExecutor) worker() {
	for {
		if w := <-e.workQueue; w != nil {
			w.run()
			continue
		}
		if e.interpreter.shutdown.Load() || e.shutdown.Load() {
			e.workQueue <- nil // for the other workers
			return
		}
	}
}

// run is concurrent.futures.thread._WorkItem.run.
func (w *workItem) run() {
	if w.future.setRunningOrNotifyCancel() {
		w.future.set(w.fn())
	}
}

// Shutdown is concurrent.futures.thread.ThreadPoolExecutor.shutdown.
func (e *ThreadPoolExecutor) Shutdown(wait bool) {
	e.shutdownLock.Lock()
	e.shutdown.Store(true)
	e.workQueue <- nil
	e.shutdownLock.Unlock()
	if wait {
		e.threads.Wait()
	}
}

// RunInExecutor is base_events.BaseEventLoop.run_in_executor. Where Python has None, nil is the loop's default executor.
func (l *Loop) RunInExecutor(e *ThreadPoolExecutor, fn func() error) (*Future, error) {
	if err := l.checkClosed(); err != nil {
		return nil, err
	}
	if e == nil {
		if l.defaultExecutor == nil {
			l.defaultExecutor = l.interpreter.NewThreadPoolExecutor(maxWorkers)
		}
		e = l.defaultExecutor
	}
	f, err := e.Submit(fn)
	if err != nil {
		return nil, err
	}
	return wrapFuture(f, l), nil
}
