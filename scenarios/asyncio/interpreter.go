package asyncio

import (
	"sync"
	"sync/atomic"
	"time"
)

// Logger gets what Python logs or writes to standard error: the message, and the exception that it is about or nil.
// It is called in the thread that logs, and by several at once.
type Logger func(message string, err error)

// Interpreter is a Python process: what modules keep, and its exit.
type Interpreter struct {
	version  Version
	logger   Logger
	start    time.Time // where time.monotonic begins
	shutdown atomic.Bool
	// globalLock is concurrent.futures.thread._global_shutdown_lock, since 3.9. It guards pools, which stand for _threads_queues.
	globalLock sync.Mutex
	pools      []*ThreadPoolExecutor
	loops      atomic.Pointer[[]*Loop]
	threads    sync.WaitGroup // threading's threads that are no daemons, but for the pools'
	tasksNamed atomic.Int64
	coroutines sync.Map // goroutines that a Task switches to: which task
}

// Start starts an interpreter of a version.
func Start(version Version, logger Logger) *Interpreter {
	return &Interpreter{version: version, logger: logger, start: time.Now()}
}

// Version returns the version that the interpreter renders.
func (py *Interpreter) Version() Version { return py.version }

// Exit is what Python does at the process's end: threading._shutdown with concurrent.futures.thread._python_exit, by which each of
// the pools' threads is told and joined. Tasks that are still pending are destroyed and say so (tasks.Task.__del__).
func (py *Interpreter) Exit() {
	if py.version == V2015 {
		py.shutdown.Store(true)
	} else {
		py.globalLock.Lock()
		py.shutdown.Store(true)
		py.globalLock.Unlock()
	}
	for _, e := range py.pools {
		for range e.started {
			e.put(nil)
		}
	}
	for _, e := range py.pools {
		e.threads.Wait()
	}
	py.threads.Wait()
	for _, l := range py.allLoops() {
		l.destroyTasks()
	}
}

// Destroy ends the coroutines that wait still, and says nothing: each holds a goroutine, which the end of a schedule does not end. It is
// for the cleanup of a test, and does nothing after Exit.
func (py *Interpreter) Destroy() {
	for _, l := range py.allLoops() {
		for _, t := range l.tasks {
			t.destroy()
		}
	}
}

// thread is threading.Thread(target=...).start(). What the target raises goes to threading.excepthook.
func (py *Interpreter) thread(name string, target func() error) (done <-chan struct{}) {
	c := make(chan struct{})
	py.threads.Go(func() {
		if err := target(); err != nil {
			py.logger("Exception in thread ("+name+")", err)
		}
		close(c)
	})
	return c
}

func (py *Interpreter) allLoops() []*Loop {
	if p := py.loops.Load(); p != nil {
		return *p
	}
	return nil
}

func (py *Interpreter) addLoop(l *Loop) {
	for {
		old := py.loops.Load()
		var loops []*Loop
		if old != nil {
			loops = append(loops, *old...)
		}
		loops = append(loops, l)
		if py.loops.CompareAndSwap(old, &loops) {
			return
		}
	}
}
