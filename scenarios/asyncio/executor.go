package asyncio

import (
	"sync"
	"sync/atomic"
)

// How much a work queue and a semaphore hold. Python's have no bound.
const (
	queueRoom = 256
	idleRoom  = 1 << 16 // of nothing, so it takes no memory
)

// cpuCount is os.cpu_count().
const cpuCount = 4

// Job is what a worker is given: a blocking call, which returns its result or what it raises.
type Job func() (any, error)

// ThreadPoolExecutor is concurrent.futures.thread.ThreadPoolExecutor. Python's also ends its threads when nobody refers to it any more.
type ThreadPoolExecutor struct {
	interpreter  *Interpreter
	maxWorkers   int
	workQueue    chan *workItem // nil stands for None
	idle         chan struct{}  // _idle_semaphore, since 3.8
	shutdownLock sync.Mutex
	shutdown     atomic.Bool
	started      int
	threads      sync.WaitGroup
}

// workItem is concurrent.futures.thread._WorkItem.
type workItem struct {
	future *ConcurrentFuture
	fn     Job
}

// NewThreadPoolExecutor is concurrent.futures.thread.ThreadPoolExecutor.__init__. 0 stands for None: as many threads as the version
// thinks fit, on 4 processors.
func (py *Interpreter) NewThreadPoolExecutor(maxWorkers int) *ThreadPoolExecutor {
	if maxWorkers == 0 {
		maxWorkers = py.defaultWorkers()
	}
	e := &ThreadPoolExecutor{interpreter: py, maxWorkers: maxWorkers,
		workQueue: make(chan *workItem, queueRoom), idle: make(chan struct{}, idleRoom)}
	py.globalLock.Lock()
	py.pools = append(py.pools, e)
	py.globalLock.Unlock()
	return e
}

// defaultWorkers is base_events._MAX_WORKERS of 2015, and max_workers where it is None since 3.8.
func (py *Interpreter) defaultWorkers() int {
	if py.version == V2015 {
		return 5
	}
	return min(32, cpuCount+4)
}

// Submit is concurrent.futures.thread.ThreadPoolExecutor.submit.
func (e *ThreadPoolExecutor) Submit(fn Job) (*ConcurrentFuture, error) {
	e.shutdownLock.Lock()
	defer e.shutdownLock.Unlock()
	if e.interpreter.version != V2015 {
		e.interpreter.globalLock.Lock()
		defer e.interpreter.globalLock.Unlock()
	}
	if e.shutdown.Load() {
		return nil, ErrShutdown
	}
	if e.interpreter.version != V2015 && e.interpreter.shutdown.Load() {
		return nil, ErrInterpreterShutdown
	}
	f := e.interpreter.NewConcurrentFuture()
	e.put(&workItem{f, fn})
	e.adjustThreadCount()
	return f, nil
}

// adjustThreadCount is concurrent.futures.thread.ThreadPoolExecutor._adjust_thread_count. In 2015 a job started a thread until there were
// enough, whether or not one was idle.
func (e *ThreadPoolExecutor) adjustThreadCount() {
	if e.interpreter.version != V2015 {
		select {
		case <-e.idle:
			return
		default:
		}
	}
	if e.started < e.maxWorkers {
		e.started++
		e.threads.Go(e.worker)
	}
}

// worker is concurrent.futures.thread._worker.
func (e *ThreadPoolExecutor) worker() {
	for {
		if w := e.get(); w != nil {
			w.run()
			if v := e.interpreter.version; v == V2018 || v == V2022 {
				e.idle <- struct{}{}
			}
			continue
		}
		if e.interpreter.shutdown.Load() || e.shutdown.Load() {
			if e.interpreter.version != V2015 {
				e.shutdown.Store(true)
			}
			e.put(nil) // for the other workers
			return
		}
	}
}

// put is queue.SimpleQueue.put, one step.
func (e *ThreadPoolExecutor) put(w *workItem) {
	select {
	case e.workQueue <- w:
	default:
		panic("asyncio: more jobs are queued than the rendering has room for")
	}
}

// get is how _worker takes from its queue. Since 3.12 a thread counts as idle when it finds nothing to do, and not after every job.
func (e *ThreadPoolExecutor) get() *workItem {
	if e.interpreter.version == V2025 {
		select {
		case w := <-e.workQueue:
			return w
		default:
			e.idle <- struct{}{}
		}
	}
	return <-e.workQueue
}

// run is concurrent.futures.thread._WorkItem.run.
func (w *workItem) run() {
	if ok, _ := w.future.SetRunningOrNotifyCancel(); !ok {
		return
	}
	if result, err := w.fn(); err != nil {
		w.future.SetException(err)
	} else {
		w.future.SetResult(result)
	}
}

// Threads returns len(executor._threads).
func (e *ThreadPoolExecutor) Threads() int {
	e.shutdownLock.Lock()
	defer e.shutdownLock.Unlock()
	return e.started
}

// Shutdown is concurrent.futures.thread.ThreadPoolExecutor.shutdown.
func (e *ThreadPoolExecutor) Shutdown(wait bool) {
	e.shutdownLock.Lock()
	e.shutdown.Store(true)
	e.put(nil)
	e.shutdownLock.Unlock()
	if wait {
		e.threads.Wait()
	}
}

// RunInExecutor is base_events.BaseEventLoop.run_in_executor. Where Python has None, nil is the loop's default executor.
func (l *Loop) RunInExecutor(e *ThreadPoolExecutor, fn Job) (*Future, error) {
	if err := l.checkClosed(); err != nil {
		return nil, err
	}
	if e == nil {
		var err error
		if e, err = l.executor(); err != nil {
			return nil, err
		}
	}
	f, err := e.Submit(fn)
	if err != nil {
		return nil, err
	}
	return WrapFuture(f, l)
}

// executor is what run_in_executor does where it is given none, _check_default_executor included.
func (l *Loop) executor() (*ThreadPoolExecutor, error) {
	e := l.defaultExecutor.Load()
	if l.interpreter.version != V2015 && l.executorShutdownCalled.Load() {
		return nil, ErrExecutorShutdown
	}
	if e == nil {
		e = l.interpreter.NewThreadPoolExecutor(0)
		l.defaultExecutor.Store(e)
	}
	return e, nil
}

// SetDefaultExecutor is base_events.BaseEventLoop.set_default_executor.
func (l *Loop) SetDefaultExecutor(e *ThreadPoolExecutor) { l.defaultExecutor.Store(e) }
