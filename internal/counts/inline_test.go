package counts

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// TestNotInlined: a method of sync/atomic is an operation also where the compiler calls it as it stands.
func TestNotInlined(t *testing.T) {
	for name, body := range map[string]func(t *sim.T){
		"interface": lostUpdate(func(x *atomic.Int32) func() {
			var c cell = x
			if escapes != nil {
				c = escapes // so that the compiler cannot know the type
			}
			return func() { c.Store(c.Load() + 1) }
		}),
		"method value": lostUpdate(func(x *atomic.Int32) func() {
			load, store := x.Load, x.Store
			return func() { store(load() + 1) }
		}),
	} {
		r, err := sim.Config{Name: name, Strategy: scheduler.Exhaustive(), Schedules: 10_000}.Explore(body)
		if err != nil {
			t.Fatal(err)
		}
		if r.OK() {
			t.Errorf("%s: no update is lost in %d schedules", name, r.Schedules)
		}
	}
}

type cell interface {
	Load() int32
	Store(int32)
}

var escapes cell

func lostUpdate(makeInc func(x *atomic.Int32) func()) func(t *sim.T) {
	return func(t *sim.T) {
		var x atomic.Int32
		inc := makeInc(&x)
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(inc)
		}
		wg.Wait()
		if x.Load() != 2 {
			t.Error("an update is lost")
		}
	}
}
