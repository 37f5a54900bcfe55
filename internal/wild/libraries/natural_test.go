package libraries

import (
	"context"
	"flag"
	"sync/atomic"
	"testing"
	"time"

	"github.com/panjf2000/ants/v2"
)

var natural = flag.Duration("natural", 0, "how long to try each of ants's findings on the ordinary scheduler")

// TestAntsNaturally counts how often the findings come by themselves: no bubble, nothing is controlled.
func TestAntsNaturally(t *testing.T) {
	if *natural == 0 {
		t.Skip("-natural says how long")
	}
	t.Run("runs after ReleaseContext", func(t *testing.T) {
		pools, late := 0, new(atomic.Int64)
		for start := time.Now(); time.Since(start) < *natural; pools++ {
			p, _ := ants.NewPool(1, quiet())
			released, ended := new(atomic.Bool), make(chan struct{})
			go func() {
				defer close(ended)
				_ = p.Submit(func() {
					if released.Load() {
						late.Add(1)
					}
				})
			}()
			if p.ReleaseContext(context.Background()) == nil {
				released.Store(true)
			}
			<-ended
		}
		t.Logf("%d tasks of %d pools began after ReleaseContext had returned nil", late.Load(), pools)
	})
	t.Run("Submit hangs", func(t *testing.T) {
		pools, hanging := 0, new(atomic.Int64)
		for start := time.Now(); time.Since(start) < *natural; pools++ {
			p, _ := ants.NewPool(1, quiet())
			_ = p.Submit(func() {})
			hanging.Add(1)
			go func() {
				_ = p.Submit(func() {})
				hanging.Add(-1)
			}()
			p.Release()
		}
		time.Sleep(time.Second)
		t.Logf("%d calls of Submit on %d pools have not returned", hanging.Load(), pools)
	})
	t.Run("a panic loses a wake-up", func(t *testing.T) {
		pools, late := 0, 0
		for start := time.Now(); time.Since(start) < *natural; pools++ {
			p, _ := ants.NewPool(1, quiet(), ants.WithDisablePurge(true))
			_ = p.Submit(func() { panic("task") })
			returned := make(chan struct{})
			go func() {
				_ = p.Submit(func() {})
				close(returned)
			}()
			select {
			case <-returned:
			case <-time.After(time.Second):
				late++
			}
			p.Release()
			<-returned
		}
		t.Logf("%d calls of Submit on %d pools came back with Release alone", late, pools)
	})
}
