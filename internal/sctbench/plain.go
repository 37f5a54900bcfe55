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

// several starts n goroutines in a loop.
func several(n int, f func()) {
	for range n {
		go f()
	}
}
