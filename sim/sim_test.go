package sim_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/sim"
	"github.com/stretchr/testify/assert"
)

func TestMain(m *testing.M) { sim.Main(m) }

type box struct {
	mu     sync.Mutex
	closed bool
	posted int
}

func (b *box) isClosed() bool { b.mu.Lock(); defer b.mu.Unlock(); return b.closed }
func (b *box) post(t *sim.T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	assert.False(t, b.closed, "posted to a closed box")
	b.posted++
}
func (b *box) close() { b.mu.Lock(); b.closed = true; b.mu.Unlock() }

func checkThenPost(t *sim.T) {
	b := new(box)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
			if !b.isClosed() {
				t.Log("not closed")
				b.post(t)
			}
		})
	}
	wg.Go(func() { time.Sleep(time.Second); cancel(); b.close() })
	wg.Wait()
}

func TestX(t *testing.T) { sim.Test(t, checkThenPost) }

func TestY(t *testing.T) { sim.Test(t, func(t *sim.T) {
	var a, b sync.Mutex
	var wg sync.WaitGroup
	wg.Go(func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() })
	wg.Go(func() { b.Lock(); a.Lock(); a.Unlock(); b.Unlock() })
	wg.Wait()
}) }
