package loop

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFutureEndsWithWhatItsWorkReturns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		f := mustSubmit(t, l, value("v"))
		got, err := f.Wait(background)
		require.NoError(t, err)
		require.Equal(t, "v", got)
		require.True(t, closed(f.Done()))
		got, err = f.Result()
		require.NoError(t, err)
		require.Equal(t, "v", got)

		boom := errors.New("boom")
		failing := mustSubmit(t, l, func(context.Context) (int, error) { return 7, boom })
		n, err := failing.Wait(background)
		require.ErrorIs(t, err, boom)
		require.Equal(t, 7, n, "the value beside an error is kept")
	})
}

func TestResultOfAFutureThatHasNotEnded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		f := mustSubmit(t, l, untilCanceled)
		done := f.Done()
		_, err := f.Result()
		require.ErrorIs(t, err, ErrPending)
		require.False(t, closed(done))
		f.Cancel()
		<-done
		require.Equal(t, done, f.Done(), "one channel for all who ask")
	})
}

func TestPanicAndGoexitInWorkEndTheFuture(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1))
		boom := errors.New("boom")
		var fs []*Future[int]
		for _, work := range []func(context.Context) (int, error){
			func(context.Context) (int, error) { panic(boom) },
			func(context.Context) (int, error) { runtime.Goexit(); return 1, nil },
			func(context.Context) (int, error) { defer runtime.Goexit(); panic("then Goexit") },
			value(4),
		} {
			fs = append(fs, mustSubmit(t, l, work))
		}
		_, err := fs[0].Wait(background)
		var p *PanicError
		require.ErrorAs(t, err, &p)
		require.ErrorIs(t, err, boom)
		require.Contains(t, string(p.Stack), "TestPanicAndGoexit")
		_, err = fs[1].Wait(background)
		require.ErrorIs(t, err, ErrGoexit)
		_, err = fs[2].Wait(background)
		require.ErrorIs(t, err, ErrGoexit)
		n, err := fs[3].Wait(background)
		require.NoError(t, err)
		require.Equal(t, 4, n, "the pool has replaced its only worker, twice")
		synctest.Wait()
		require.Equal(t, Stats{Submitted: 4, Returned: 4}, l.Stats())
	})
}

func TestCancelOfQueuedWorkKeepsItFromRunning(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1))
		busy := mustSubmit(t, l, untilCanceled)
		f := mustSubmit(t, l, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
		synctest.Wait()
		require.True(t, f.Cancel())
		require.True(t, closed(f.Done()), "at once")
		_, err := f.Result()
		require.Equal(t, context.Canceled, err)
		require.False(t, f.Cancel(), "it has ended")
		require.Error(t, f.ctx.Err(), "its context is released")
		busy.Cancel()
		require.NoError(t, l.Shutdown(background))
		require.Equal(t, Stats{Submitted: 2, Returned: 1, Withdrawn: 1}, l.Stats())
	})
}

// TestCancelThenClose is window W4 of asyncio: there cancel() says true and the job runs.
func TestCancelThenClose(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1))
		release := make(chan struct{})
		mustSubmit(t, l, func(context.Context) (int, error) { <-release; return 0, nil })
		f := mustSubmit(t, l, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
		require.True(t, f.Cancel())
		require.NoError(t, l.Close())
		close(release)
		<-l.Closed()
	})
}

func TestCancelOfRunningWorkCancelsItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		obeys := mustSubmit(t, l, untilCanceled)
		late := mustSubmit(t, l, func(ctx context.Context) (int, error) {
			<-ctx.Done()
			time.Sleep(time.Second)
			return 3, nil
		})
		synctest.Wait()
		require.False(t, obeys.Cancel(), "it runs")
		require.False(t, late.Cancel())
		_, err := obeys.Wait(background)
		require.ErrorIs(t, err, ErrCanceled)
		require.ErrorIs(t, err, context.Canceled)
		_, err = late.Result()
		require.ErrorIs(t, err, ErrPending, "cancelled work can still be waited for")
		n, err := late.Wait(background)
		require.NoError(t, err)
		require.Equal(t, 3, n)
	})
}

func TestTheCauseTellsWhyWorkWasCancelled(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		why := errors.New("why")
		parent, cancel := context.WithCancelCause(background)
		byParent, err := Submit(l, parent, untilCanceled)
		require.NoError(t, err)
		byCancel, byShutdown := mustSubmit(t, l, untilCanceled), mustSubmit(t, l, untilCanceled)
		synctest.Wait()
		cancel(why)
		byCancel.Cancel()
		require.NoError(t, l.Shutdown(background))
		for f, want := range map[*Future[int]]error{byParent: why, byCancel: ErrCanceled, byShutdown: ErrClosed} {
			_, err := f.Result()
			require.Equal(t, want, err)
		}
	})
}

func TestWorkWhoseContextEndedWhileItWasQueued(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1))
		busy := mustSubmit(t, l, untilCanceled)
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		f, err := Submit(l, ctx, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
		require.NoError(t, err)
		time.Sleep(2 * time.Second)
		busy.Cancel()
		_, err = f.Wait(background)
		require.Equal(t, context.DeadlineExceeded, err)
	})
}

func TestWaitWhoseContextEnds(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		f := mustSubmit(t, l, func(ctx context.Context) (int, error) {
			time.Sleep(time.Minute)
			return 1, ctx.Err()
		})
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		_, err := f.Wait(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		n, err := f.Wait(background)
		require.NoError(t, err, "the work was left alone")
		require.Equal(t, 1, n)
		n, err = f.Wait(ctx)
		require.NoError(t, err, "both at once: the result is worth more")
		require.Equal(t, 1, n)
	})
}

func TestOnDoneRunsOnTheLoopInOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		var j journal
		f := mustSubmit(t, l, func(context.Context) (int, error) { time.Sleep(time.Second); return 5, nil })
		for i := range 3 {
			require.NoError(t, f.OnDone(func(f *Future[int]) {
				callback, _ := inside()
				require.True(t, callback)
				n, err := f.Result()
				j.add(fmt.Sprint(i, n, err))
			}))
		}
		require.Equal(t, 3, l.Stats().Pending, "accepted at registration")
		done := start(l)
		time.Sleep(2 * time.Second)
		require.NoError(t, f.OnDone(func(*Future[int]) { j.add("late") }))
		synctest.Wait()
		require.Equal(t, []string{"0 5 <nil>", "1 5 <nil>", "2 5 <nil>", "late"}, j.all())
		require.NoError(t, l.Shutdown(background))
		require.NoError(t, <-done)
		require.ErrorIs(t, f.OnDone(func(*Future[int]) {}), ErrClosed)
		require.Equal(t, Stats{Accepted: 4, Ran: 4, Submitted: 1, Returned: 1}, l.Stats())
	})
}

func TestOnDoneOfCancelledWorkRuns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1))
		busy := mustSubmit(t, l, untilCanceled)
		f := mustSubmit(t, l, value(1))
		var got error
		require.NoError(t, f.OnDone(func(f *Future[int]) { _, got = f.Result() }))
		f.Cancel()
		busy.Cancel()
		require.NoError(t, l.Shutdown(background))
		require.Equal(t, context.Canceled, got)
	})
}
