package lastcall

import (
	"context"
	"errors"
	"math/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/loop"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
	"github.com/stretchr/testify/require"
)

// running returns a loop that a goroutine runs, and what waits for that.
func running(opts ...loop.Option) (l *loop.Loop, wait func()) {
	l = loop.New(opts...)
	done := make(chan struct{})
	go func() { defer close(done); l.Run() }()
	return l, func() { <-done }
}

func deadline(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	context.AfterFunc(ctx, cancel)
	return ctx
}

// TestWorkThatNeverReturns: Shutdown says who it leaves behind, Run ends, and nothing else is held up.
func TestWorkThatNeverReturns(t *testing.T) {
	sim.Test(t, func(t *sim.T) {
		never := make(chan struct{})
		l, wait := running(loop.Workers(2))
		stuck, err := loop.Submit(l, context.Background(), func(context.Context) (int, error) { <-never; return 1, nil })
		require.NoError(t, err)
		fine, err := loop.Submit(l, context.Background(), func(context.Context) (int, error) { return 2, nil })
		require.NoError(t, err)
		require.NoError(t, stuck.OnDone(func(*loop.Future[int]) { t.Error("the loop had given up") }))

		n, err := fine.Wait(context.Background())
		require.NoError(t, err, "the other worker is free")
		require.Equal(t, 2, n)
		time.Sleep(time.Second)
		err = l.Shutdown(deadline(time.Minute))
		var left *loop.UnfinishedError
		require.ErrorAs(t, err, &left)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Len(t, left.Running, 1)
		require.Equal(t, time.Minute+time.Second, left.Running[0].For)
		require.Contains(t, left.Running[0].Site, "fault_test.go:")
		require.Equal(t, 1, left.Dropped)
		wait()
		require.Equal(t, loop.ErrClosed, l.Post(nothing))
		require.NoError(t, l.Close(), "Close does not wait for it")
		_, err = stuck.Wait(deadline(time.Hour))
		require.ErrorIs(t, err, context.DeadlineExceeded)

		close(never) // it does, for the test's sake
		<-l.Closed()
		n, err = stuck.Result()
		require.NoError(t, err)
		require.Equal(t, 1, n, "its result is not lost")
	})
}

// TestWorkThatIgnoresItsContext: a patient Shutdown waits for it, and its OnDone function runs.
func TestWorkThatIgnoresItsContext(t *testing.T) {
	sim.Test(t, func(t *sim.T) {
		l, wait := running(loop.Workers(1))
		asked, called := false, false
		f, err := loop.Submit(l, context.Background(), func(ctx context.Context) (int, error) {
			time.Sleep(time.Hour)
			asked = ctx.Err() != nil
			return 1, nil
		})
		require.NoError(t, err)
		require.NoError(t, f.OnDone(func(*loop.Future[int]) { called = true }))
		time.Sleep(time.Minute)
		begin := time.Now()
		require.False(t, f.Cancel())
		require.NoError(t, l.Shutdown(context.Background()))
		require.Equal(t, time.Hour-time.Minute, time.Since(begin))
		require.True(t, asked && called)
		wait()
	})
}

// TestCallbacksThatPanic: every one, OnError and OnDrop too, and the loop goes on.
func TestCallbacksThatPanic(t *testing.T) {
	sim.Test(t, func(t *sim.T) {
		told := 0
		l, wait := running(loop.Logger(quiet), loop.OnDrop(func(int) { panic("OnDrop") }), loop.OnError(func(error) { told++; panic("OnError") }))
		ran := 0
		fail := func() { ran++; panic("callback") }
		require.NoError(t, l.Post(fail))
		_, err := l.After(0, fail)
		require.NoError(t, err)
		_, err = l.After(time.Hour, fail)
		require.NoError(t, err)
		f, err := loop.Submit(l, context.Background(), func(context.Context) (int, error) { panic("work") })
		require.NoError(t, err)
		require.NoError(t, f.OnDone(func(*loop.Future[int]) { fail() }))
		_, err = f.Wait(context.Background())
		var p *loop.PanicError
		require.True(t, errors.As(err, &p))
		time.Sleep(time.Second)
		require.NoError(t, l.Shutdown(context.Background()))
		wait()
		require.Equal(t, 3, ran)
		require.Equal(t, 4, told, "three callbacks, and OnDrop")
		require.Equal(t, 1, l.Stats().Dropped)
	})
}

// TestAClockThatJumps: timers that come due together, since the loop was held up, run by deadline, and a periodic one once.
func TestAClockThatJumps(t *testing.T) {
	sim.Test(t, func(t *sim.T) {
		l, wait := running()
		var got []int
		ticks := 0
		require.NoError(t, l.Post(func() { // on the loop, which alone uses tick
			var tick *loop.Timer
			var err error
			tick, err = l.After(time.Hour, func() {
				ticks++
				require.NoError(t, tick.Reset(time.Hour))
			})
			require.NoError(t, err)
		}))
		hold := func() { time.Sleep(1000 * time.Hour) } // the clock jumps by that
		require.NoError(t, l.Post(hold))
		for _, n := range []int{5, 3, 9, 1, 7, 3} {
			_, err := l.After(time.Duration(n)*time.Hour, func() { got = append(got, n) })
			require.NoError(t, err)
		}
		time.Sleep(1000*time.Hour + 30*time.Minute)
		require.NoError(t, l.Shutdown(context.Background()))
		wait()
		require.Equal(t, []int{1, 3, 3, 5, 7, 9}, got)
		require.Equal(t, 1, ticks)
	})
}

// TestContractOnAClockThatJumps lets the clock move at any time, so that a goroutine may be slower than a timeout. What hangs on its moving
// only when nobody can go on is left out.
func TestContractOnAClockThatJumps(t *testing.T) {
	n := programs(t, 1000)
	if testing.Short() {
		n = min(n, 100)
	}
	m := scheduler.NewMachine()
	rng := rand.New(rand.NewSource(20260103))
	strategy := scheduler.Random(20260103)
	for range n {
		p := randomProgram(rng)
		for range 2 {
			r, _ := strategy.Next()
			h := p.underOptions(m, r, scheduler.Options{Steps: 20_000, Lag: time.Hour})
			for _, of := range properties {
				if what := of.broken(h); what != "" && of.name != "what is due runs as soon as the loop is free" {
					t.Fatalf("%v\n%s: %s", p, of.name, what)
				}
			}
		}
	}
}

// Test100000PostsInFlight closes a loop, or shuts one down, when half of 100,000 posts are queued behind a callback that blocks, and four goroutines
// are at the other half.
func Test100000PostsInFlight(t *testing.T) {
	const posters, each = 4, 25_000
	for name, end := range map[string]func(*loop.Loop) error{
		"Close":    (*loop.Loop).Close,
		"Shutdown": func(l *loop.Loop) error { return l.Shutdown(context.Background()) },
	} {
		t.Run(name, func(t *testing.T) {
			var dropped, accepted, ran atomic.Int64
			l, wait := running(loop.OnDrop(func(n int) { dropped.Add(int64(n)) }))
			var all sync.WaitGroup
			count := func() { ran.Add(1) }
			hold, half := make(chan struct{}), make(chan struct{})
			require.NoError(t, l.Post(func() { <-hold; count() }))
			accepted.Add(1)
			for range posters {
				all.Go(func() {
					for range each {
						if l.Post(count) == nil && accepted.Add(1) == posters*each/2 {
							close(half)
						}
					}
				})
			}
			<-half
			ended := make(chan error)
			go func() { ended <- end(l) }()
			for l.Post(count) == nil { // until the door is shut
				accepted.Add(1)
			}
			close(hold)
			require.NoError(t, <-ended)
			after := ran.Load()
			all.Wait()
			wait()
			require.Equal(t, after, ran.Load(), "none ran after the end")
			require.Equal(t, accepted.Load(), ran.Load()+dropped.Load())
			s := l.Stats()
			require.Equal(t, []int{int(accepted.Load()), int(ran.Load()), int(dropped.Load()), 0}, []int{s.Accepted, s.Ran, s.Dropped, s.Pending})
			if name == "Shutdown" {
				require.Zero(t, dropped.Load())
			} else {
				require.GreaterOrEqual(t, dropped.Load(), int64(posters*each/2-1), "all but the one that blocked")
			}
		})
	}
}
