// Package collector has the garbage collector come less often while explorations run: their heaps are small, so that without it there would be a cycle
// every few milliseconds, which slows the runs down for as long as it lasts, and has no core of its own where all of them explore.
package collector

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

const (
	usual   = 100      // what GOGC is where nobody has set it
	percent = 400      // what it is then
	small   = 32 << 20 // bytes that are alive: of a heap that has more no more than usual is to be left uncollected
)

var state sparing

type sparing struct {
	mu    sync.Mutex
	users int
	set   bool // to percent
}

// Spare has the collector come less often until done is called, unless GOGC or GOMEMLIMIT is set, or the program has set how often it comes. It may be called by several explorations at a time.
func Spare() (done func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	s := &state
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users++; s.users == 1 {
		was := debug.SetGCPercent(percent)
		if s.set = was == usual; !s.set {
			debug.SetGCPercent(was)
		}
	}
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.users--; s.users == 0 {
			s.restore()
		}
	})
}

func (s *sparing) restore() {
	if s.set {
		s.set = false
		debug.SetGCPercent(usual)
	}
}

// Look looks how large the heap has become. Who spares the collector calls it now and then.
func Look() {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	look(sample[0].Value.Uint64())
}

func look(alive uint64) {
	s := &state
	s.mu.Lock()
	defer s.mu.Unlock()
	if alive > small {
		s.restore()
	}
}
