package bugs

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/lastcall-go/lastcall/sim"
)

var errClosed = errors.New("closed")

var postBugs = []Bug{
	{
		Name: "gopool-send-on-closed", Family: PostToClosed, Kind: sim.Panic,
		Source: "gammazero/workerpool #76, #66; #80 (v1.2.0)",
		What:   "Submit sends on the task queue while Stop closes it.",
		Mend:   "Do returns ErrStopped; it holds a read lock over check and send, and Stop the write lock over the close.",
		Broken: func(*sim.T) { sendOnClosed(false) },
		Mended: func(*sim.T) { sendOnClosed(true) },
	},
	{
		Name: "cilium-8805", Family: PostToClosed, Kind: sim.Panic,
		Source: "cilium #8805",
		What:   "Enqueue looks whether the queue is draining, Stop closes the channel of events, and the send panics.",
		Mend:   "How it was mended there is not known. Here: the channel of events is never closed; the send is a select with the channel that says stop.",
		Broken: enqueueBroken,
		Mended: enqueueMended,
	},
	{
		Name: "grpc-1687", Family: PostToClosed, Kind: sim.Panic,
		Source: "grpc-go #1687, read as the GoBench kernel",
		What:   "The finisher closes the channel of writes while writers select-send on it.",
		Mend:   "Never close the data channel, close only a done channel.",
		Broken: func(*sim.T) { writeToFinished(false) },
		Mended: func(*sim.T) { writeToFinished(true) },
	},
	{
		Name: "anyio-1265", Family: PostToClosed, Kind: sim.Assertion,
		Source: "anyio #1265; #1279",
		What:   "A worker looks whether the loop is closed and then posts: the close lands between, and the post raises.",
		Mend:   "Post first, and swallow the refusal only if the loop is closed.",
		Broken: func(t *sim.T) { workerPosts(t, false) },
		Mended: func(t *sim.T) { workerPosts(t, true) },
	},
	{
		Name: "libuv-2226", Family: PostToClosed, Polls: true, Kind: sim.Assertion,
		Source: "libuv #2226; #2231 (37042a5), then #3879 (fe7ee4a)",
		What:   "uv_async_send: between the compare-and-exchange of pending and the write, the callback may run and close the handle.",
		Mend:   "A spinlock at first. Then the sender is counted as busy, and the closer spins until nobody is.",
		Broken: func(t *sim.T) { asyncSend(t, false) },
		Mended: func(t *sim.T) { asyncSend(t, true) },
	},
	{
		Name: "libuv-2625", Family: PostToClosed, Kind: sim.Panic,
		Source: "libuv #2625; #2626",
		What:   "The fsevents thread reads state->loop after uv_loop_close has freed it.",
		Mend:   "The mutex is extended over the field.",
		Broken: func(*sim.T) { readsLoop(false) },
		Mended: func(*sim.T) { readsLoop(true) },
	},
	{
		Name: "tornado-635", Family: PostToClosed, Kind: sim.Assertion,
		Source: "Tornado #635 (2012)",
		What:   "add_callback in one thread writes to the waker pipe while close() closes it in another.",
		Mend:   "A lock over the write and over the close.",
		Broken: func(t *sim.T) { writesToWaker(t, false) },
		Mended: func(t *sim.T) { writesToWaker(t, true) },
	},
	{
		Name: "netty-9362", Family: PostToClosed, Kind: sim.Panic,
		Source: "Netty #9362; #9586, #9616",
		What:   "A waker writes to the eventfd while the loop that is shutting down closes it.",
		Mend:   "Wake-up edges are tracked: the loop closes the eventfd when no waker is on its way.",
		Broken: func(*sim.T) { wakesEventFD(false) },
		Mended: func(*sim.T) { wakesEventFD(true) },
	},
}

func sendOnClosed(mended bool) {
	var mu sync.RWMutex
	stopped := false
	tasks, ended := make(chan func(), 1), make(chan struct{})
	go func() {
		for task := range tasks {
			task()
		}
		close(ended)
	}()
	submit := func(task func()) error {
		mu.RLock()
		if stopped {
			mu.RUnlock()
			return errClosed
		}
		if mended {
			defer mu.RUnlock()
		} else {
			mu.RUnlock()
		}
		tasks <- task
		return nil
	}
	stop := func() {
		mu.Lock()
		stopped = true
		close(tasks)
		mu.Unlock()
		<-ended
	}
	go func() { _ = submit(func() {}) }()
	stop()
}

// drained is a queue of events as cilium's.
type drained struct {
	events chan int
	drain  chan struct{}
	ended  chan struct{}
}

func newDrained() *drained {
	return &drained{events: make(chan int), drain: make(chan struct{}), ended: make(chan struct{})}
}

func enqueueBroken(*sim.T) {
	q := newDrained()
	go func() {
		for range q.events {
		}
		close(q.ended)
	}()
	go func() {
		select {
		case <-q.drain:
			return
		default:
		}
		q.events <- 1
	}()
	close(q.drain)
	close(q.events)
	<-q.ended
}

func enqueueMended(*sim.T) {
	q := newDrained()
	go func() {
		defer close(q.ended)
		for {
			select {
			case <-q.events:
			case <-q.drain:
				return
			}
		}
	}()
	go func() {
		select {
		case <-q.drain:
		case q.events <- 1:
		}
	}()
	close(q.drain)
	<-q.ended
}

func writeToFinished(mended bool) {
	writes, done := make(chan func(), 1), make(chan struct{})
	go func() { // a handler writes
		select {
		case <-done:
		case writes <- func() {}:
		}
	}()
	go func() { // the transport finishes
		close(done)
		if !mended {
			close(writes)
		}
	}()
	<-done
}

// oneLoop is a loop that is either open or closed, and refuses once it is closed.
type oneLoop struct {
	mu     sync.Mutex
	closed bool
	queue  []func()
}

func (l *oneLoop) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

func (l *oneLoop) post(f func()) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errClosed
	}
	l.queue = append(l.queue, f)
	return nil
}

func (l *oneLoop) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}

func workerPosts(t *sim.T, mended bool) {
	l := new(oneLoop)
	go func() {
		if !mended && l.isClosed() {
			return
		}
		if err := l.post(func() {}); err != nil && !(mended && l.isClosed()) {
			t.Errorf("the worker dies of %v", err)
		}
	}()
	l.close()
}

// asyncSend has one sender; the loop's goroutine sees that something is pending, runs the callback, and that closes the handle.
func asyncSend(t *sim.T, mended bool) {
	var pending, busy, closed atomic.Bool
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		busy.Store(true)
		defer busy.Store(false)
		if !pending.CompareAndSwap(false, true) {
			return
		}
		if closed.Load() { // the write to the pipe
			t.Error("a write to a handle that is closed and may be freed")
		}
	}()
	if pending.Load() { // some other wake-up has the loop look
		for mended && busy.Load() {
		}
		closed.Store(true)
	}
	<-ended
}

func readsLoop(mended bool) {
	type uvLoop struct{ events int }
	var mu sync.Mutex
	loop := &uvLoop{}
	thread := func() {
		mu.Lock()
		open := loop != nil
		if mended {
			defer mu.Unlock()
		} else {
			mu.Unlock()
			mu.Lock() // the next look at the loop
			defer mu.Unlock()
		}
		if open {
			loop.events++
		}
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		thread()
	}()
	mu.Lock()
	loop = nil
	mu.Unlock()
	<-ended
}

func writesToWaker(t *sim.T, mended bool) {
	var lock sync.Mutex
	var open atomic.Bool
	open.Store(true)
	closing := false
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if mended {
			lock.Lock()
			defer lock.Unlock()
			if closing {
				return
			}
		} else if !open.Load() {
			return
		}
		if !open.Load() {
			t.Error("close() called during concurrent operation")
		}
	}()
	if mended {
		lock.Lock()
		defer lock.Unlock()
		closing = true
	}
	open.Store(false)
	if mended {
		return
	}
	<-ended
}

func wakesEventFD(mended bool) {
	var mu sync.Mutex
	wakers, shut := 0, false
	none := sync.NewCond(&mu)
	fd := make(chan struct{}, 1)
	waker := func() {
		mu.Lock()
		if shut {
			mu.Unlock()
			return
		}
		wakers++
		mu.Unlock()
		select {
		case fd <- struct{}{}:
		default:
		}
		mu.Lock()
		defer mu.Unlock()
		wakers--
		none.Broadcast()
	}
	go waker()
	mu.Lock()
	shut = true
	for mended && wakers > 0 {
		none.Wait()
	}
	mu.Unlock()
	close(fd)
}
