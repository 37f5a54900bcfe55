// Package hard attacks the kernel: with what is rare, large, ends oddly or comes from outside.
package hard

import (
	"io"
	"log"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// run runs body under a seed and returns the steps, and what came of it.
func run(m *scheduler.Machine, seed uint64, body func()) (steps []scheduler.Event, verdict string) {
	r, _ := scheduler.Random(seed).Next()
	res := m.Run(r, body, scheduler.Options{Steps: 100_000, Trace: true})
	if res.Kind != "" {
		verdict = res.Kind + ": " + res.Message
	}
	return slices.Clone(res.Trace), verdict
}

// twice holds body to the same steps twice under each of n seeds, and to no verdict.
func twice(t *testing.T, n int, body func()) {
	t.Helper()
	m := scheduler.NewMachine()
	for seed := range uint64(n) {
		a, verdict := run(m, seed+1, body)
		b, second := run(m, seed+1, body)
		if verdict += second; verdict != "" {
			t.Fatalf("seed %d: %s", seed+1, verdict)
		}
		if !slices.Equal(a, b) {
			i := 0
			for i < min(len(a), len(b)) && a[i] == b[i] {
				i++
			}
			t.Fatalf("seed %d: step %d differs:\n%+v\n%+v", seed+1, i+1, a[i:min(i+3, len(a))], b[i:min(i+3, len(b))])
		}
	}
}

// slow is a writer that holds its logger's lock for a while.
type slow struct{ sum int }

func (s *slow) Write(p []byte) (int, error) {
	for i := range 20_000 { // not for a time: that of a bubble stands still
		s.sum += i * s.sum
	}
	return len(p), nil
}

// TestLockOfTheStandardLibraryHeldOutside: a lock inside package log that a goroutine outside the bubble takes again and again
// makes no difference to a schedule.
func TestLockOfTheStandardLibraryHeldOutside(t *testing.T) {
	l := log.New(new(slow), "", 0)
	var stop atomic.Bool
	var done sync.WaitGroup
	for range 2 {
		done.Go(func() {
			for !stop.Load() {
				l.Print("outside")
			}
		})
	}
	twice(t, 300, func() {
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() {
				l.Print("inside ", i)
				l.SetPrefix("x")
			})
		}
		wg.Wait()
	})
	stop.Store(true)
	done.Wait()
}

// TestLockOfTheStandardLibraryHeldInside: one that a goroutine of the bubble holds while it waits is waited for as a step.
func TestLockOfTheStandardLibraryHeldInside(t *testing.T) {
	sim.Config{Schedules: 200}.Test(t, func(t *sim.T) {
		r, w := io.Pipe()
		l := log.New(w, "", 0)
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { l.Print("line") }) // holds the lock until somebody reads
		}
		go func() { wg.Wait(); w.Close() }()
		text, err := io.ReadAll(r)
		if string(text) != "line\nline\n" || err != nil {
			t.Errorf("read %q, %v", text, err)
		}
	})
}

// link is an element of a list, which the collector goes through one after the other, whatever processors it has.
type link struct{ next *link }

// TestLongCollection: whoever waits for a collection is not blocked by what the bubble does not control, long as it takes: some seconds here, which
// the newcomer is spared (LASTCALL_LONG=1).
func TestLongCollection(t *testing.T) {
	if testing.Short() || os.Getenv("LASTCALL_LONG") == "" {
		t.Skip("fills 500 MB, and makes the collector work for some seconds: LASTCALL_LONG=1")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var list *link
	for range 30_000_000 {
		list = &link{list}
	}
	start := time.Now()
	body := func() {
		var wg sync.WaitGroup
		for range 3 { // the others wait for the collector's semaphores
			wg.Go(runtime.GC)
		}
		wg.Wait()
	}
	if _, verdict := run(scheduler.NewMachine(), 1, body); verdict != "" {
		t.Errorf("after %s: %s", time.Since(start), verdict)
	}
	if took := time.Since(start); took < 1200*time.Millisecond {
		t.Errorf("the collection took %s, so nothing was held to anything", took)
	}
	runtime.KeepAlive(list)
}
