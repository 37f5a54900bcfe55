package loop

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTimersOfOneInstantRunInTheOrderTheyWereSet(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		var j journal
		for i := range 8 { // asyncio's order for eight equal ones is 0,2,6,5,7,1,3,4
			_, err := l.After(time.Second, j.note(fmt.Sprint(i)))
			require.NoError(t, err)
		}
		done := start(l)
		time.Sleep(time.Second)
		synctest.Wait()
		require.Equal(t, []string{"0", "1", "2", "3", "4", "5", "6", "7"}, j.all())
		require.NoError(t, l.Close())
		require.NoError(t, <-done)
	})
}

func TestTimersRunByDeadlineAndNoEarlier(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		begin := time.Now()
		var got []time.Duration
		var want []time.Duration
		for range 100 {
			d := time.Duration(rand.IntN(50)) * time.Millisecond
			want = append(want, d)
			_, err := l.After(d, func() {
				require.Equal(t, d, time.Since(begin), "on a virtual clock a timer is exact")
				got = append(got, d)
			})
			require.NoError(t, err)
		}
		_, err := l.After(time.Second, l.Stop)
		require.NoError(t, err)
		require.NoError(t, l.Run())
		slices.Sort(want)
		require.Equal(t, want, got)
	})
}

func TestNegativeDelaysRunByDeadlineAfterThePosts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		var j journal
		for _, d := range []time.Duration{0, -1, -2 * time.Hour, math.MinInt64} {
			_, err := l.After(d, j.note(fmt.Sprint(int64(d))))
			require.NoError(t, err)
		}
		mustPost(t, l, j.note("post"))
		l.Stop()
		require.NoError(t, l.Run())
		require.Equal(t, []string{"post", fmt.Sprint(math.MinInt64), "-7200000000000", "-1", "0"}, j.all())
	})
}

func TestATimerBeyondTheEndOfTime(t *testing.T) {
	l := New()
	timer, err := l.After(math.MaxInt64, noop)
	require.NoError(t, err)
	mustPost(t, l, l.Stop)
	require.NoError(t, l.Run())
	require.True(t, timer.Stop())
}

func TestAfterShortensASleep(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		begin := time.Now()
		var at []time.Duration
		note := func() { at = append(at, time.Since(begin)) }
		_, err := l.After(time.Hour, func() { note(); l.Stop() })
		require.NoError(t, err)
		done := start(l)
		synctest.Wait()
		_, err = l.After(time.Second, note)
		require.NoError(t, err)
		require.NoError(t, <-done)
		require.Equal(t, []time.Duration{time.Second, time.Hour}, at)
	})
}

func TestTimerStop(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		var j journal
		timer, err := l.After(time.Second, j.note("no"))
		require.NoError(t, err)
		require.True(t, timer.Stop())
		require.False(t, timer.Stop(), "stopped already")
		ran, err := l.After(2*time.Second, j.note("yes"))
		require.NoError(t, err)
		_, err = l.After(2*time.Second, l.Stop)
		require.NoError(t, err)
		require.NoError(t, l.Run())
		require.False(t, ran.Stop(), "has run")
		require.Equal(t, []string{"yes"}, j.all())
		require.Equal(t, Stats{Accepted: 3, Ran: 2, Cancelled: 1}, l.Stats())
	})
}

func TestATimerStoppedWithinItsBatchDoesNotRun(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		var second *Timer
		var stopped, stoppedAgain bool
		_, err := l.After(time.Second, func() {
			mustAddUp(t, l.Stats())
			require.Equal(t, 2, l.Stats().Pending, "both others are in the batch")
			stopped = second.Stop()
			stoppedAgain = second.Stop()
			mustAddUp(t, l.Stats())
			require.Equal(t, 1, l.Stats().Pending)
		})
		require.NoError(t, err)
		second, err = l.After(time.Second, func() { t.Error("stopped and called") })
		require.NoError(t, err)
		_, err = l.After(time.Second, l.Stop)
		require.NoError(t, err)
		require.NoError(t, l.Run())
		require.True(t, stopped)
		require.False(t, stoppedAgain)
		require.Equal(t, Stats{Accepted: 3, Ran: 2, Cancelled: 1}, l.Stats())
	})
}

func TestResetMovesATimerWhereverItIs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		begin := time.Now()
		var at []time.Duration
		timer, err := l.After(time.Second, func() { at = append(at, time.Since(begin)) })
		require.NoError(t, err)
		_, err = l.After(3*time.Second, func() { // in the batch in which it is due
			require.NoError(t, timer.Reset(4*time.Second))
			require.NoError(t, timer.Reset(5*time.Second))
			mustAddUp(t, l.Stats())
		})
		require.NoError(t, err)
		require.NoError(t, timer.Reset(3*time.Second), "pending")
		_, err = l.After(10*time.Second, func() { // after it has run
			require.NoError(t, timer.Reset(time.Second))
			require.True(t, timer.Stop())
			require.NoError(t, timer.Reset(2*time.Second))
		})
		require.NoError(t, err)
		_, err = l.After(20*time.Second, l.Stop)
		require.NoError(t, err)
		require.NoError(t, l.Run())
		require.Equal(t, []time.Duration{8 * time.Second, 12 * time.Second}, at)
		require.Equal(t, Stats{Accepted: 6, Ran: 5, Cancelled: 1}, l.Stats())
	})
}

func TestResetInItsOwnCallbackMakesATimerPeriodic(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		begin := time.Now()
		n := 0
		var timer *Timer
		timer, err := l.After(time.Second, func() {
			if n++; n == 5 {
				l.Stop()
				return
			}
			require.NoError(t, timer.Reset(time.Second))
		})
		require.NoError(t, err)
		require.NoError(t, l.Run())
		require.Equal(t, 5, n)
		require.Equal(t, 5*time.Second, time.Since(begin))
	})
}

func TestTimerOnAClosedLoop(t *testing.T) {
	l := New()
	timer, err := l.After(time.Hour, noop)
	require.NoError(t, err)
	require.NoError(t, l.Close())
	require.False(t, timer.Stop(), "dropped, not stopped")
	require.ErrorIs(t, timer.Reset(0), ErrClosed)
	_, err = l.After(0, noop)
	require.ErrorIs(t, err, ErrClosed)
	require.Equal(t, Stats{Accepted: 1, Dropped: 1}, l.Stats())
}

// TestTimerHeap holds the heap to its invariant after every operation, as container/heap's tests do.
func TestTimerHeap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var h timerHeap
	var in []*Timer
	check := func() {
		for i, timer := range h {
			require.Equal(t, i, timer.index)
			if i > 0 {
				require.False(t, timer.before(h[(i-1)/2]), "a child before its parent")
			}
		}
		require.Len(t, h, len(in))
	}
	for seq := range 500 {
		if len(in) == 0 || rng.IntN(5) < 3 {
			timer := &Timer{when: time.Duration(rng.IntN(20)), seq: uint64(seq)}
			h.push(timer)
			in = append(in, timer)
		} else {
			i := rng.IntN(len(in))
			h.remove(in[i])
			in = slices.Delete(in, i, i+1)
		}
		check()
	}
	slices.SortFunc(in, func(a, b *Timer) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
	for len(in) > 0 {
		require.Same(t, in[0], h[0])
		h.remove(h[0])
		in = in[1:]
		check()
	}
}
