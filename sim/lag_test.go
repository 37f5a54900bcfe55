package sim

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

// timeouts are bodies in which a timeout meets what it is for: each leaves one of two results, whichever came first.
// At is when the completion is due, before, at or after the timeout, which is a microsecond.
var timeouts = map[string]func(at time.Duration, result func(string)){
	"context": func(at time.Duration, result func(string)) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Microsecond)
		defer cancel()
		done := make(chan struct{}, 1)
		go func() {
			time.Sleep(at)
			done <- struct{}{}
		}()
		select {
		case <-ctx.Done():
			result("timeout")
		case <-done:
			result("completion")
		}
	},
	"After": func(at time.Duration, result func(string)) {
		done := make(chan struct{}, 1)
		go func() {
			time.Sleep(at)
			done <- struct{}{}
		}()
		select {
		case <-time.After(time.Microsecond):
			result("timeout")
		case <-done:
			result("completion")
		}
	},
	"AfterFunc": func(at time.Duration, result func(string)) {
		fired := make(chan struct{})
		timer := time.AfterFunc(time.Microsecond, func() { close(fired) })
		time.Sleep(at)
		if timer.Stop() {
			result("completion")
			return
		}
		<-fired
		result("timeout")
	},
	"computation": func(_ time.Duration, result func(string)) { // it takes no virtual time at all
		ctx, cancel := context.WithTimeout(context.Background(), time.Microsecond)
		defer cancel()
		done := make(chan struct{}, 1)
		go func() { done <- struct{}{} }()
		<-done
		if ctx.Err() != nil {
			result("timeout")
		} else {
			result("completion")
		}
	},
}

// TestTimeouts: a timeout comes before and after what it is for, whichever of the two is due first, in an exhaustive search and in
// fewer than 50 random schedules, with each of 20 seeds. The exception is a timer that is due before the goroutine wakes that would stop it.
func TestTimeouts(t *testing.T) {
	for name, body := range timeouts {
		for _, at := range []time.Duration{time.Microsecond - 1, time.Microsecond, time.Microsecond + 1} {
			if name == "computation" && at != time.Microsecond {
				continue
			}
			orders := 2
			if name == "AfterFunc" && at > time.Microsecond {
				orders = 1
			}
			t.Run(fmt.Sprintf("%s/%v", name, at), func(t *testing.T) {
				seen := make(map[string]int)
				explore := func(c Config) {
					t.Helper()
					clear(seen)
					c.Grace = time.Second
					r, err := c.Explore(func(t *T) { body(at, func(s string) { seen[s]++ }) })
					if err != nil || !r.OK() {
						t.Fatal(err, r.Failures[0].Message, r.Failures[0].Trace)
					}
					if len(seen) != orders {
						t.Errorf("%v, seed %d: %v", r.Strategy, r.Seed, seen)
					}
				}
				explore(Config{Strategy: scheduler.Exhaustive(scheduler.Preemptions(2), scheduler.ClockMoves(1)), Schedules: 1_000_000})
				for _, s := range []string{"portfolio", "random", "pos", "surw"} {
					for seed := range uint64(20) {
						maker, _ := scheduler.ParseStrategy(s)
						explore(Config{Seed: seed + 1, Schedules: 49, Strategy: maker, strategyName: s})
					}
				}
			})
		}
	}
}

// TestLag: no schedule overtakes by more than Lag in all, none does where it is less than nothing, and a body that calls
// synctest.Wait is never overtaken.
func TestLag(t *testing.T) {
	late := func(c Config, timeout time.Duration) (n int) {
		_, err := c.Explore(func(t *T) {
			ctx, cancel := context.WithTimeout(context.Background(), timeout)
			defer cancel()
			done := make(chan struct{})
			go close(done)
			<-done
			if ctx.Err() != nil {
				n++
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, test := range []struct {
		c       Config
		timeout time.Duration
		want    bool
	}{
		{Config{}, time.Millisecond, true},
		{Config{}, time.Millisecond + 1, false},
		{Config{Lag: time.Hour}, time.Hour, true},
		{Config{Lag: -1}, 1, false},
	} {
		test.c.Schedules = 200
		if n := late(test.c, test.timeout); n > 0 != test.want {
			t.Errorf("lag %v: a timeout of %v is first in %d of 200 schedules", test.c.Lag, test.timeout, n)
		}
	}
}

// TestWaitIsNotOvertaken is package synctest's own example of a timeout, in which time must stand still.
func TestWaitIsNotOvertaken(t *testing.T) {
	r, err := Config{}.Explore(func(t *T) {
		const timeout = 5 * time.Second
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		go func() { <-ctx.Done() }()
		time.Sleep(timeout - time.Nanosecond)
		synctest.Wait()
		if err := ctx.Err(); err != nil {
			t.Errorf("before the timeout: %v", err)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if err := ctx.Err(); err != context.DeadlineExceeded {
			t.Errorf("after the timeout: %v", err)
		}
	})
	if err != nil || !r.OK() {
		t.Error(err, r.Failures[0].Message, r.Failures[0].Trace)
	}
}

// TestOvertakingLeaksNobody: what a goroutine is late by is not taken from the time that it has to end.
func TestOvertakingLeaksNobody(t *testing.T) {
	body := func(t *T) {
		for range 3 {
			go func() {
				for range 4 {
					time.Sleep(time.Microsecond)
				}
			}()
		}
	}
	for _, s := range []string{"portfolio", "random"} {
		maker, _ := scheduler.ParseStrategy(s)
		// 4 us are just what the goroutines need; in a schedule that overtakes one of them it ends later.
		r, err := Config{Grace: 4 * time.Microsecond, Strategy: maker}.Explore(body)
		if err != nil || !r.OK() {
			t.Error(s, err, r.Failures[0].Message, r.Failures[0].Trace)
		}
	}
	if r, err := (Config{Grace: 4*time.Microsecond - 1}).Explore(body); err != nil || r.OK() {
		t.Error("4 us less a moment are enough", err)
	}
}

// TestOvertakenReplays: the token of a schedule in which the clock overtook somebody leads there again.
func TestOvertakenReplays(t *testing.T) {
	body := func(t *T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Microsecond)
		defer cancel()
		done := make(chan struct{})
		go close(done)
		<-done
		if ctx.Err() != nil {
			t.Error("late")
		}
	}
	for _, lag := range []time.Duration{0, time.Second} {
		r, err := Config{Name: "late", Lag: lag}.Explore(body)
		if err != nil || r.OK() {
			t.Fatal("nothing found", err)
		}
		f := r.Failures[0]
		again, err := Config{Name: "late", Lag: lag, Replay: f.Token}.Explore(body)
		if err != nil || again.OK() || again.Failures[0].Message != f.Message {
			t.Error(err, again)
		}
		if line := f.replayEnv(); strings.Contains(line, "SIM_LAG=1s ") != (lag > 0) {
			t.Errorf("with a lag of %v the line to paste is %s", lag, line)
		}
	}
}

// TestGoesRoundUntilTimePasses: a program that polls the time sees it pass, in every schedule, although it always can go on
// and changes something each time.
func TestGoesRoundUntilTimePasses(t *testing.T) {
	for _, s := range []string{"portfolio", "random", "pos", "surw", "pct:3"} {
		maker, _ := scheduler.ParseStrategy(s)
		r, err := Config{Strategy: maker, Schedules: 10, Lag: -1}.Explore(func(t *T) {
			var done atomic.Bool
			time.AfterFunc(time.Hour, func() { done.Store(true) })
			var mu sync.Mutex
			for !done.Load() {
				mu.Lock()
				mu.Unlock()
			}
		})
		if err != nil || !r.OK() {
			t.Errorf("%s: %v, %v", s, err, r.Failures[0].Message)
		}
	}
}
