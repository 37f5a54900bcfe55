package counts

import (
	"runtime"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

// TestEngines runs the two reducing searches one after the other on the same bodies, and tells what a schedule takes with each, and how much more the
// heap holds than before: the most that it did, looked at after a collection every 512 schedules and at powers of two. Both must run as many schedules.
func TestEngines(t *testing.T) {
	if !*large {
		t.Skip("it takes a minute")
	}
	for _, p := range []struct {
		name string
		body func()
	}{
		{"readers(13)", func() { readers(13) }},
		{"lastzero(10)", func() { lastzero(10) }},
		{"lastzero(15)", func() { lastzero(15) }},
		{"inc(4)", func() { inc(4) }},
		{"wrw(4)", func() { wrw(4) }},
		{"CoA(4)", func() { coA(4) }},
		{"lockinc(7)", func() { lockinc(7) }},
		{"philosophers with a chair less(4)", func() { seatedPhilosophers(4) }},
		{"indexer(15)", func() { indexer(15) }},
	} {
		want := 0
		for _, e := range engines() {
			runs, elapsed, held := consumes(e.make, p.body)
			t.Logf("%-34s %-13s %7d schedules, %6.1f us each, %7d KB", p.name, e.name, runs, float64(elapsed.Microseconds())/float64(runs), held>>10)
			if want > 0 && runs != want {
				t.Errorf("%s: %d schedules with one, %d with the other", p.name, want, runs)
			}
			want = runs
		}
	}
}

func consumes(maker scheduler.Maker, body func()) (runs int, elapsed time.Duration, held uint64) {
	m, s := scheduler.NewMachine(), maker(1)
	first, _ := scheduler.Random(1).Next()
	m.Run(first, body, scheduler.Options{Steps: 1000}) // makes the room that a machine keeps
	before := heap()
	for {
		start := time.Now()
		run, ok := s.Next()
		if !ok {
			return runs, elapsed, held
		}
		m.Run(run, body, scheduler.Options{Steps: 1000})
		elapsed += time.Since(start)
		if runs++; runs&(runs-1) == 0 || runs%512 == 0 {
			now := heap()
			held = max(held, now-min(now, before))
		}
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
