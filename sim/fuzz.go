package sim

import (
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
)

// Fuzz lets the fuzzer's bytes choose the schedule.
func Fuzz(f *testing.F, body func(t *T)) {
	f.Helper()
	Config{}.Fuzz(f, body)
}

// Fuzz lets the fuzzer's bytes choose the schedule: each decision takes a byte or so, and where they have run out the
// goroutine that runs goes on. A failing input is kept by the fuzzer and, as a schedule, by us.
//
// It starts with the schedules that are kept for it, and under go test -fuzz with what [scheduler.Feedback] finds in 500 schedules.
func (c Config) Fuzz(f *testing.F, body func(t *T)) {
	f.Helper()
	if c.Name == "" {
		c.Name = f.Name()
	}
	if !kernel.Enabled {
		f.Fatal(errPlain)
	}
	f.Add([]byte{})
	f.Add([]byte{1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233})
	seeds, err := c.seeds(body)
	if err != nil {
		f.Fatalf("lastcall: %v", err)
	}
	for _, data := range seeds {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		t.Helper()
		one := c.resolved()
		if one.Replay == "" {
			one.Strategy, one.strategyName, one.Schedules = scheduler.Bytes(data), "bytes", 1
		}
		x := one.explorer(t, body)
		x.once(t)
		one.settle(t, x.report)
	})
}

// explorer returns an exploration by a resolved configuration.
func (c Config) explorer(tb testing.TB, body func(t *T)) *explorer {
	return newExplorer(c, tb, body, time.Time{})
}

// once runs what there is to run, without what only whole explorations are checked for.
func (x *explorer) once(t *testing.T) {
	if x.c.Replay != "" {
		if err := x.replayToken(x.c.Replay); err != nil {
			t.Fatal(err)
		}
		return
	}
	x.alone = true
	if err := x.all(); err != nil {
		t.Fatal(err)
	}
}
