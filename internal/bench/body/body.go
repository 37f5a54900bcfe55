// Package body is the program that the benchmarks run: once under control, once in a plain synctest bubble.
package body

import (
	"context"
	"sync"
	"time"
)

// Shutdown is a small shutdown program: four goroutines, a context, timers.
func Shutdown() {
	l := &loop{}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
			if !l.isClosed() {
				l.post(i)
			}
		}()
	}
	go func() { time.Sleep(time.Second); cancel(); l.close() }()
	wg.Wait()
}

type loop struct {
	mu     sync.Mutex
	closed bool
	q      []int
}

func (l *loop) isClosed() bool { l.mu.Lock(); defer l.mu.Unlock(); return l.closed }

func (l *loop) post(x int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.q = append(l.q, x)
	}
}

func (l *loop) close() { l.mu.Lock(); l.closed = true; l.mu.Unlock() }
