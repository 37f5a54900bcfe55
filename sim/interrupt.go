package sim

import (
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
)

// interrupts is what the process knows of being asked to stop. The first interrupt or termination ends explorations where they stand, with
// what they have found so far; the second ends the process, since a schedule may be in code that does not end.
var interrupts struct {
	mu   sync.Mutex
	n    int // explorations that are under way
	stop chan struct{}
	came atomic.Bool
}

// heedInterrupts has interrupts stop explorations from now until the function that it returns is called.
func heedInterrupts() (over func()) {
	s := &interrupts
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n++; s.n == 1 {
		s.stop = make(chan struct{})
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		go func(stop chan struct{}) {
			defer signal.Stop(signals)
			select {
			case <-signals:
				s.came.Store(true)
			case <-stop:
			}
		}(s.stop)
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.n--; s.n == 0 {
			close(s.stop)
		}
	}
}

// Interrupted reports whether the process was asked to stop while it explored. Nothing is explored from then on.
func Interrupted() bool { return interrupts.came.Load() }
