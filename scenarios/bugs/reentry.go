package bugs

import (
	"sync"

	"github.com/lastcall-go/lastcall/sim"
)

var reentryBugs = []Bug{
	{
		Name: "cpython-130145", Family: Reentry, Kind: sim.Deadlock,
		Source: "CPython gh-130145",
		What:   "A second run_forever is refused, and its cleanup is the outer one's: the stop that has come meanwhile is forgotten, and the outer loop runs on.",
		Mend:   "The checks are made before the try whose finally cleans up.",
		Broken: func(*sim.T) { refusedRun(false) },
		Mended: func(*sim.T) { refusedRun(true) },
	},
	{
		Name: "cpython-94031", Family: Reentry, Kind: sim.Assertion,
		Source: "CPython gh-94031; GH-95470 (closed unmerged)",
		What:   "Two threads both pass the check that nobody runs the loop before either says that it does.",
		Mend:   "There it was declared unsupported. Here: check and mark are one step.",
		Broken: func(t *sim.T) { bothRun(t, false) },
		Mended: func(t *sim.T) { bothRun(t, true) },
	},
	{
		Name: "cpython-44225", Family: Reentry, Kind: sim.Assertion,
		Source: "CPython bpo-44225 (gh-88391); kept there, since it is the tested idiom of stopping beforehand",
		What:   "A stop that comes when the loop has just ended stays armed, and ends the next run after one turn.",
		Mend:   "There it was kept. Here: the flag is lowered as a run begins.",
		Broken: func(t *sim.T) { armedStop(t, false) },
		Mended: func(t *sim.T) { armedStop(t, true) },
	},
}

// runLoop is a loop that can be run once at a time.
type runLoop struct {
	mu       sync.Mutex
	changed  *sync.Cond
	running  bool
	stopping bool
	queue    []func()
}

func newRunLoop() *runLoop {
	l := new(runLoop)
	l.changed = sync.NewCond(&l.mu)
	return l
}

func (l *runLoop) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopping = true
	l.changed.Broadcast()
}

// runLocked turns the loop, one callback at a time, until it is to stop.
func (l *runLoop) runLocked() {
	l.running = true
	for {
		for len(l.queue) == 0 && !l.stopping {
			l.changed.Wait()
		}
		if len(l.queue) > 0 {
			f := l.queue[0]
			l.queue = l.queue[1:]
			l.mu.Unlock()
			f()
			l.mu.Lock()
		}
		if l.stopping {
			return
		}
	}
}

// refusedRun has a callback that tries to run the loop again while somebody stops it.
func refusedRun(mended bool) {
	l := newRunLoop()
	cleanUp := func() {
		l.running, l.stopping = false, false
	}
	var run func()
	run = func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if !mended {
			defer cleanUp()
		}
		if l.running {
			return // "This event loop is already running"
		}
		if mended {
			defer cleanUp()
		}
		l.runLocked()
	}
	l.queue = append(l.queue, run)
	go l.stop()
	run()
}

func bothRun(t *sim.T, mended bool) {
	var mu sync.Mutex
	running, inside := false, 0
	run := func() {
		mu.Lock()
		if running {
			mu.Unlock()
			return
		}
		if !mended {
			mu.Unlock()
			mu.Lock()
		}
		running = true
		inside++
		if inside > 1 {
			t.Error("two threads run the loop")
		}
		mu.Unlock()
		mu.Lock()
		inside--
		running = false
		mu.Unlock()
	}
	go run()
	run()
}

// armedStop runs a loop twice. The first run ends when its one callback has run, and somebody stops it at about that time.
func armedStop(t *sim.T, mended bool) {
	l := newRunLoop()
	turns := func(n int) (ran int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if mended {
			l.stopping = false
		}
		for range n {
			ran++
			stop := l.stopping
			l.mu.Unlock() // a turn
			l.mu.Lock()
			if stop {
				break
			}
		}
		return ran
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		l.stop()
	}()
	turns(1)
	<-stopped
	if ran := turns(2); ran != 2 {
		t.Errorf("the second run ends after %d turn, and nobody has stopped it", ran)
	}
}
