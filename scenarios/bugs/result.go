package bugs

import (
	"sync"

	"github.com/lastcall-go/lastcall/sim"
)

var resultBugs = []Bug{
	{
		Name: "tokio-1853", Family: LostResult, Kind: sim.Deadlock,
		Source: "tokio #1853; #1875",
		What:   "spawn_blocking after the pool's shutdown drops the task without shutting it down: its JoinHandle never resolves.",
		Mend:   "The task that is not accepted is shut down, which resolves its handle.",
		Broken: func(*sim.T) { spawnBlocking(false) },
		Mended: func(*sim.T) { spawnBlocking(true) },
	},
	{
		Name: "netty-9603", Family: LostResult, Kind: sim.Deadlock,
		Source: "Netty #9603; #9858",
		What:   "A task is accepted and then abandoned at termination; another executor waits for it for ever.",
		Mend:   "Switch to SHUTDOWN, then one more full drain: what is accepted is run, what is late is rejected.",
		Broken: func(*sim.T) { terminates(false) },
		Mended: func(*sim.T) { terminates(true) },
	},
	{
		Name: "netty-8230", Family: LostResult, Kind: sim.Deadlock,
		Source: "Netty #8230; #8232",
		What:   "The last task is submitted between 'the queue is empty' and the change of state to idle, and nobody starts the runner again.",
		Mend:   "The queue is looked at again after the change of state.",
		Broken: func(*sim.T) { goesIdle(false) },
		Mended: func(*sim.T) { goesIdle(true) },
	},
	{
		Name: "infra-controller-3540", Family: LostResult, Kind: sim.Deadlock,
		Source: "ragflow #18646; infra-controller #3540, #3541",
		What:   "The look whether it is stopped and the send are two critical sections; a submitter that is blocked is invisible to the drain.",
		Mend:   "A read lock over check and send, the write lock over the close.",
		Broken: func(*sim.T) { blockedSubmitter(false) },
		Mended: func(*sim.T) { blockedSubmitter(true) },
	},
}

func spawnBlocking(mended bool) {
	var mu sync.Mutex
	shutdown := false
	ended := make(chan struct{})
	tasks := make(chan func(), 1)
	go func() {
		defer close(ended)
		for task := range tasks {
			task()
		}
	}()
	spawn := func() (handle chan error) {
		handle = make(chan error, 1)
		mu.Lock()
		defer mu.Unlock()
		if !shutdown {
			tasks <- func() { handle <- nil }
		} else if mended {
			handle <- errClosed
		}
		return handle
	}
	go func() {
		mu.Lock()
		defer mu.Unlock()
		shutdown = true
		close(tasks)
	}()
	<-spawn()
	<-ended
}

func terminates(mended bool) {
	var mu sync.Mutex
	shut := false
	var queue []func()
	execute := func(task func()) error {
		mu.Lock()
		defer mu.Unlock()
		if shut {
			return errClosed
		}
		queue = append(queue, task)
		return nil
	}
	drain := func() {
		mu.Lock()
		defer mu.Unlock()
		for _, task := range queue {
			task()
		}
		queue = nil
	}
	go func() { // the executor ends
		drain()
		mu.Lock()
		shut = true
		mu.Unlock()
		if mended {
			drain()
		}
	}()
	ran := make(chan struct{})
	if execute(func() { close(ran) }) == nil {
		<-ran
	}
}

func goesIdle(mended bool) {
	var mu sync.Mutex
	var queue []func()
	running := false
	take := func() (task func()) {
		mu.Lock()
		defer mu.Unlock()
		if len(queue) > 0 {
			task, queue = queue[0], queue[1:]
		}
		return task
	}
	start := func() bool { // the change of state from idle to running
		mu.Lock()
		defer mu.Unlock()
		was := running
		running = true
		return !was
	}
	run := func() {
		for {
			for task := take(); task != nil; task = take() {
				task()
			}
			mu.Lock()
			running = false
			again := mended && len(queue) > 0
			mu.Unlock()
			if !again || !start() {
				return
			}
		}
	}
	execute := func(task func()) {
		mu.Lock()
		queue = append(queue, task)
		mu.Unlock()
		if start() {
			go run()
		}
	}
	var ran sync.WaitGroup
	ran.Add(2)
	execute(ran.Done)
	execute(ran.Done)
	ran.Wait()
}

func blockedSubmitter(mended bool) {
	var mu sync.RWMutex
	stopped := false
	tasks, stop := make(chan func()), make(chan struct{})
	go func() { // the drain: until nobody is in submit, or so it seems
		for {
			select {
			case task := <-tasks:
				task()
			case <-stop:
				return
			}
		}
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
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = submit(func() {})
	}()
	mu.Lock()
	stopped = true
	mu.Unlock()
	close(stop)
	<-ended
}
