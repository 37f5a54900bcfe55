package asyncio_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// cancelStopClose is the question's program with one job, which comes to its end as the loop is closed. It returns what was logged.
func cancelStopClose(t *sim.T, version asyncio.Version) []string {
	w := newWorld(t, version)
	pool := w.py.NewThreadPoolExecutor(1)
	begun := make(chan struct{})
	f, err := w.loop.RunInExecutor(pool, func() (any, error) { close(begun); time.Sleep(time.Second); return 7, nil })
	w.must(err)
	<-begun
	_, err = f.Cancel()
	w.must(err)
	w.turn()
	time.Sleep(time.Second)
	w.must(w.loop.Close())
	pool.Shutdown(true)
	return w.logged
}

// TestPreemptionsOfTheQuestion: in 2015 the traceback comes without a preemption. Since 2018 the worker looks before it posts, so it takes
// one, between the look and the post; no version takes more.
func TestPreemptionsOfTheQuestion(t *testing.T) {
	for version, least := range map[asyncio.Version]int{asyncio.V2015: 0, asyncio.V2018: 1, asyncio.V2022: 1, asyncio.V2025: 1} {
		for n := range least + 1 {
			cfg := sim.Config{Name: version.String(), Strategy: scheduler.Exhaustive(scheduler.Preemptions(n), scheduler.ClockMoves(0)), Schedules: 100_000}
			r, err := cfg.Explore(func(t *sim.T) {
				for _, l := range cancelStopClose(t, version) {
					t.Error(l)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if n < least {
				assert.True(t, r.OK() && r.Complete, "%s within %d preemptions: %v", version, n, r.Failures)
				continue
			}
			if assert.False(t, r.OK(), "%s within %d preemptions", version, n) {
				assert.True(t, strings.HasSuffix(strings.SplitN(r.Failures[0].Message, "\n", 2)[0], asyncio.ErrClosed.Error()), r.Failures[0].Message)
				assert.Equal(t, least, r.Failures[0].Preemptions)
			}
		}
	}
}
