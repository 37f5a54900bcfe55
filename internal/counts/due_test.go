package counts

import (
	"sync"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// TestDueTogether: two goroutines that sleep until the same instant lose an update between them. The second timer is due once the clock
// has moved to the first, so its firing is no early move of the clock, and a search without bounds must not leave it out.
func TestDueTogether(t *testing.T) {
	body := func(t *sim.T) {
		var mu sync.Mutex
		x := 0
		get := func() int { mu.Lock(); defer mu.Unlock(); return x }
		set := func(v int) { mu.Lock(); x = v; mu.Unlock() }
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { time.Sleep(time.Second); set(get() + 1) })
		}
		wg.Wait()
		if x != 2 {
			t.Errorf("an update is lost")
		}
	}
	for name, c := range map[string]struct {
		maker scheduler.Maker
		found bool
	}{
		"no bound":       {scheduler.Exhaustive(), true},
		"one preemption": {scheduler.Exhaustive(scheduler.Preemptions(1)), true},
		"none":           {scheduler.Exhaustive(scheduler.Preemptions(0)), false}, // the update needs one, and a timer is no way round that
		"random":         {scheduler.Random, true},
	} {
		r, err := sim.Config{Name: name, Strategy: c.maker, Schedules: 100_000}.Explore(body)
		if err != nil {
			t.Fatal(err)
		}
		if r.OK() == c.found || !c.found && !r.Complete {
			t.Errorf("%s: found %t in %d schedules, complete %t", name, !r.OK(), r.Schedules, r.Complete)
		}
		if !r.OK() && r.Failures[0].Preemptions != 1 {
			t.Errorf("%s: shown with %d preemptions", name, r.Failures[0].Preemptions)
		}
	}
}
