package libraries

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/panjf2000/ants/v2"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// found explores body until it fails as expected. The kernel of a finding is smaller than the suite's case, so that it is found soon.
func found(t *testing.T, strategy scheduler.Maker, message string, body func(*sim.T)) {
	t.Helper()
	r, err := sim.Config{Name: t.Name(), Schedules: 200_000, Strategy: strategy, Grace: 10 * time.Second, Steps: 5000}.Explore(body)
	if err != nil {
		t.Fatal(err)
	}
	if r.OK() {
		t.Fatalf("not found in %d schedules: the library may be mended", r.Schedules)
	}
	f := r.Failures[0]
	t.Logf("schedule %d, %d preemptions: %s: %s\n%s\n%s", f.Schedule, f.Preemptions, f.Kind, f.Message, f.Trace, f.Token)
	if f.Kind != sim.Assertion || len(f.Message) < len(message) || f.Message[:len(message)] != message {
		t.Errorf("%s: %s", f.Kind, f.Message)
	}
}

func quiet() ants.Option { return ants.WithPanicHandler(func(any) {}) }

// TestAntsRunsAfterRelease: ReleaseContext has returned nil, and a task begins.
func TestAntsRunsAfterRelease(t *testing.T) {
	const message = "a task runs although ReleaseContext has returned nil"
	found(t, scheduler.Portfolio, message, func(t *sim.T) {
		p, _ := ants.NewPool(1, quiet())
		var released atomic.Bool
		go func() {
			_ = p.Submit(func() {
				if released.Load() {
					t.Error(message)
				}
			})
		}()
		if p.ReleaseContext(t.Context()) == nil {
			released.Store(true)
		}
	})
}

// TestAntsSubmitHangs: a Submit that has looked before Release never comes back, with nothing left that could wake it.
func TestAntsSubmitHangs(t *testing.T) {
	const message = "Submit has not returned"
	found(t, scheduler.PCT(4), message, func(t *sim.T) {
		p, _ := ants.NewPool(1, quiet())
		_ = p.Submit(func() {})
		var returned atomic.Bool
		go func() {
			_ = p.Submit(func() {})
			returned.Store(true)
		}()
		p.Release()
		for range 3 {
			synctest.Wait()
			time.Sleep(5 * time.Second)
		}
		synctest.Wait()
		if !returned.Load() {
			t.Error(message)
		}
	})
}

// TestAntsPanicLosesWakeUp: a worker that panics signals without the lock, before the submitter that has counted it sleeps.
func TestAntsPanicLosesWakeUp(t *testing.T) {
	const message = "Submit has not returned although no worker is left"
	found(t, scheduler.PCT(4), message, func(t *sim.T) {
		p, _ := ants.NewPool(1, quiet(), ants.WithDisablePurge(true))
		_ = p.Submit(func() { panic("task") })
		var returned atomic.Bool
		go func() {
			_ = p.Submit(func() {})
			returned.Store(true)
		}()
		for range 3 {
			synctest.Wait()
			time.Sleep(5 * time.Second)
		}
		synctest.Wait()
		if !returned.Load() {
			t.Error(message)
		}
		p.Release()
	})
}
