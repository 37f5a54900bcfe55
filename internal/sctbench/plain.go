//go:build !artifact

package sctbench

import (
	"sync"
	"sync/atomic"
)

// A shared variable: each access is a step.
type shared struct{ atomic.Int32 }

type lock = sync.Mutex

// started is called where main has started a goroutine.
func started() {}

// spun is called where a lock that spins was not free.
func spun() {}

// several starts n goroutines in a loop.
func several(n int, f func()) {
	for range n {
		go f()
	}
}

// second does f, and returns what waits for it.
func second(f func()) func() {
	f()
	return func() {}
}

// crew are goroutines that main need not wait for.
type crew struct{}

func (crew) several(n int, f func()) { several(n, f) }

func (crew) wait() {}

// settle stores what has been decided by a load just before.
func (s *shared) settle(v int32) { s.Store(v) }
