package loop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// refusesEverything checks that l accepts nothing and that no call panics or hangs.
func refusesEverything(t *testing.T, l *Loop) {
	t.Helper()
	require.ErrorIs(t, l.Post(noop), ErrClosed)
	_, err := l.After(0, noop)
	require.ErrorIs(t, err, ErrClosed)
	_, err = Submit(l, background, value(1))
	require.ErrorIs(t, err, ErrClosed)
	require.ErrorIs(t, l.Run(), ErrClosed)
	l.Stop()
	mustAddUp(t, l.Stats())
}

func TestShutdownRunsWhatWasAccepted(t *testing.T) {
	t.Run("on the goroutine in Run", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l := New()
			shuttingDown := false
			onRunner := 0
			check := func() {
				onRunner++
				require.False(t, shuttingDown && calledBy("Shutdown"))
			}
			f := mustSubmit(t, l, value(1))
			fired, err := l.After(0, l.Stop)
			require.NoError(t, err)
			require.NoError(t, l.Run())
			hold := make(chan struct{})
			mustPost(t, l, func() { <-hold })
			for range 10 {
				mustPost(t, l, check)
			}
			done := start(l)
			synctest.Wait()
			shut := make(chan error)
			go func() { shut <- l.Shutdown(background) }()
			synctest.Wait()
			shuttingDown = true
			refusesEverything(t, l) // while the callbacks run
			require.ErrorIs(t, f.OnDone(func(*Future[int]) {}), ErrClosed)
			require.ErrorIs(t, fired.Reset(0), ErrClosed)
			close(hold)
			require.NoError(t, <-shut)
			require.Equal(t, 10, onRunner)
			require.True(t, closed(l.Closed()))
			require.NoError(t, <-done)
			refusesEverything(t, l)
		})
	})
	t.Run("on the caller's where nobody runs the loop", func(t *testing.T) {
		l := New()
		ran := 0
		mustPost(t, l, func() { ran++; require.True(t, calledBy("Shutdown")) })
		mustPost(t, l, func() { ran++; require.ErrorIs(t, l.Run(), ErrClosed, "a Run that comes during it") })
		require.NoError(t, l.Shutdown(background))
		require.Equal(t, 2, ran)
		refusesEverything(t, l)
	})
}

// calledBy tells whether a method of Loop is among the callers.
func calledBy(method string) bool {
	buf := make([]byte, 1<<16)
	return strings.Contains(string(buf[:runtime.Stack(buf, false)]), "(*Loop)."+method+"(")
}

func TestShutdownJoinsTheWorkers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1))
		var j journal
		obeys := mustSubmit(t, l, func(ctx context.Context) (int, error) {
			<-ctx.Done()
			time.Sleep(time.Second)
			j.add("worker returns")
			return 1, context.Cause(ctx)
		})
		require.NoError(t, obeys.OnDone(func(*Future[int]) { j.add("OnDone") }))
		never := mustSubmit(t, l, func(context.Context) (int, error) { t.Error("it ran"); return 0, nil })
		require.NoError(t, never.OnDone(func(f *Future[int]) {
			_, err := f.Result()
			j.add(fmt.Sprint("queued work: ", err))
		}))
		synctest.Wait()
		begin := time.Now()
		require.NoError(t, l.Shutdown(background))
		require.Equal(t, time.Second, time.Since(begin))
		require.Equal(t, []string{"queued work: loop: closed", "worker returns", "OnDone"}, j.all())
		n, err := obeys.Result()
		require.Equal(t, ErrClosed, err)
		require.Equal(t, 1, n)
		require.Error(t, never.ctx.Err(), "its context is released")
		require.Equal(t, Stats{Accepted: 2, Ran: 2, Submitted: 2, Returned: 1, Withdrawn: 1}, l.Stats())
	})
}

// TestShutdownTurnsTheLoopWhileItJoins is the deadlock of shapes P6: a worker waits for a callback, the closer for the worker.
func TestShutdownTurnsTheLoopWhileItJoins(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		called := make(chan struct{})
		mustSubmit(t, l, func(context.Context) (int, error) { <-called; return 0, nil })
		synctest.Wait()
		mustPost(t, l, func() { close(called) })
		require.NoError(t, l.Shutdown(background))
	})
}

func TestShutdownDropsTimersThatAreNotDue(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var drops []int
		l := New(OnDrop(func(n int) { drops = append(drops, n) }))
		ran := false
		_, err := l.After(time.Second, func() { ran = true })
		require.NoError(t, err)
		late, err := l.After(time.Hour, func() { t.Error("not due") })
		require.NoError(t, err)
		_, err = l.After(time.Minute, func() { t.Error("not due") })
		require.NoError(t, err)
		time.Sleep(time.Second)
		require.NoError(t, l.Shutdown(background))
		require.True(t, ran, "this one was due")
		require.False(t, late.Stop())
		require.Equal(t, []int{2}, drops)
		require.Equal(t, Stats{Accepted: 3, Ran: 1, Dropped: 2}, l.Stats())
	})
}

func TestADueTimerStoppedDuringAShutdown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		timer, err := l.After(0, func() { t.Error("stopped") })
		require.NoError(t, err)
		f := mustSubmit(t, l, untilCanceled)
		synctest.Wait()
		f.Cancel()
		l.mu.Lock()
		l.beginShutdownLocked()
		l.mu.Unlock()
		require.True(t, timer.Stop(), "it has not begun")
		require.NoError(t, l.Shutdown(background))
		require.Equal(t, 1, l.Stats().Cancelled)
	})
}

func TestShutdownIgnoresStop(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		ran := false
		mustPost(t, l, func() {
			mustPost(t, l, func() { ran = true; l.Stop() })
			l.Stop()
			require.ErrorIs(t, l.Shutdown(background), ErrInCallback)
		})
		require.NoError(t, l.Run())
		require.True(t, ran, "Run has carried the shutdown out")
		require.True(t, closed(l.Closed()))
	})
}

func TestShutdownTwiceAndAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		mustSubmit(t, l, after(time.Second, 1, nil))
		done := start(l)
		synctest.Wait()
		errs := make(chan error, 10)
		for range 10 {
			go func() { errs <- l.Shutdown(background) }()
		}
		for range 10 {
			require.NoError(t, <-errs)
		}
		require.NoError(t, <-done)
		require.NoError(t, l.Shutdown(background))
		require.NoError(t, l.Close())
		ended, cancel := context.WithCancel(background)
		cancel()
		require.NoError(t, l.Shutdown(ended), "it is over: nothing to wait for")
	})
}

func TestShutdownWhoseContextEndsNamesWhatRuns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var dropped int
		l := New(OnDrop(func(n int) { dropped += n }))
		release := make(chan struct{})
		stubborn := mustSubmit(t, l, func(context.Context) (string, error) { <-release; return "late", nil }) // this line
		require.NoError(t, stubborn.OnDone(func(*Future[string]) { t.Error("after the end of the loop") }))
		done := start(l)
		time.Sleep(time.Second)

		ctx, cancel := context.WithTimeout(background, 2*time.Second)
		defer cancel()
		err := l.Shutdown(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var unfinished *UnfinishedError
		require.ErrorAs(t, err, &unfinished)
		require.Len(t, unfinished.Running, 1)
		require.Equal(t, 3*time.Second, unfinished.Running[0].For)
		require.Contains(t, err.Error(), "main_test.go:", "mustSubmit called Submit")
		require.Contains(t, err.Error(), "for 3s")
		require.Equal(t, 1, unfinished.Dropped)
		require.False(t, unfinished.Callback)

		require.NoError(t, <-done, "Run does not wait for work that nothing can end")
		refusesEverything(t, l)
		require.False(t, closed(l.Closed()))
		require.Equal(t, 1, dropped)

		close(release)
		got, err := stubborn.Wait(background)
		require.NoError(t, err)
		require.Equal(t, "late", got, "the late result reaches its future")
		<-l.Closed()
		require.Equal(t, Stats{Accepted: 1, Dropped: 1, Submitted: 1, Returned: 1}, l.Stats())
	})
}

func TestTheSiteIsWhereSubmitWasCalled(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		release := make(chan struct{})
		_, _, line, _ := runtime.Caller(0)
		_, err := Submit(l, background, func(context.Context) (int, error) { <-release; return 0, nil })
		require.NoError(t, err)
		synctest.Wait()
		ctx, cancel := context.WithCancelCause(background)
		why := errors.New("why")
		cancel(why)
		err = l.Shutdown(ctx)
		require.Contains(t, err.Error(), fmt.Sprintf("shutdown_test.go:%d (", line+1))
		require.Contains(t, err.Error(), "TestTheSiteIsWhereSubmitWasCalled")
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, why)
		close(release)
	})
}

func TestUnfinishedErrorText(t *testing.T) {
	e := &UnfinishedError{Cause: ErrClosed, Callback: true, Dropped: 3}
	for i := range 10 {
		e.Running = append(e.Running, Running{Site: fmt.Sprintf("a.go:%d", i), Func: "main.f", For: time.Second})
	}
	require.Equal(t, "loop: shutdown not finished: loop: closed"+
		"; still running: work submitted at a.go:0 (main.f), for 1s; still running: work submitted at a.go:1 (main.f), for 1s"+
		"; still running: work submitted at a.go:2 (main.f), for 1s; still running: work submitted at a.go:3 (main.f), for 1s"+
		"; still running: work submitted at a.go:4 (main.f), for 1s; still running: work submitted at a.go:5 (main.f), for 1s"+
		"; still running: work submitted at a.go:6 (main.f), for 1s; still running: work submitted at a.go:7 (main.f), for 1s"+
		"; and 2 more; still running: a callback; callbacks dropped: 3", e.Error())
}

func TestShutdownWhoseContextEndsDuringACallback(t *testing.T) {
	t.Run("of the goroutine in Run", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l := New()
			hold := make(chan struct{})
			mustPost(t, l, func() { <-hold })
			mustPost(t, l, func() { t.Error("dropped and called") })
			done := start(l)
			synctest.Wait()
			ctx, cancel := context.WithTimeout(background, time.Second)
			defer cancel()
			err := l.Shutdown(ctx)
			var unfinished *UnfinishedError
			require.ErrorAs(t, err, &unfinished)
			require.True(t, unfinished.Callback)
			require.Equal(t, 1, unfinished.Dropped)
			require.False(t, closed(l.Closed()))
			close(hold)
			require.NoError(t, <-done)
			require.True(t, closed(l.Closed()))
			err = l.Shutdown(background)
			require.ErrorIs(t, err, ErrClosed, "a later Shutdown does not say that all has run")
			require.ErrorAs(t, err, &unfinished)
		})
	})
	t.Run("of its own", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			l := New()
			ctx, cancel := context.WithCancel(background)
			defer cancel()
			ran := 0
			for range 3 {
				mustPost(t, l, func() {
					if ran++; ran == 2 {
						cancel()
					}
				})
			}
			err := l.Shutdown(ctx)
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, 2, ran, "it looks at its context between callbacks")
			require.Equal(t, Stats{Accepted: 3, Ran: 2, Dropped: 1}, l.Stats())
			require.True(t, closed(l.Closed()))
		})
	})
}

func TestShutdownInsideACloseOrAfterOne(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		hold := make(chan struct{})
		mustPost(t, l, func() { <-hold })
		mustPost(t, l, noop)
		done := start(l)
		synctest.Wait()
		shut := make(chan error, 1)
		go func() { shut <- l.Shutdown(background) }()
		synctest.Wait()
		closedErr := make(chan error, 1)
		go func() { closedErr <- l.Close() }()
		synctest.Wait()
		require.Empty(t, closedErr, "Close returns after the callback that was running")
		close(hold)
		require.NoError(t, <-closedErr)
		require.ErrorIs(t, <-shut, ErrClosed, "not every callback has run")
		require.NoError(t, <-done)
	})
	bubble(t, func(t *testing.T) {
		l := New()
		mustSubmit(t, l, after(time.Second, 1, nil))
		synctest.Wait()
		require.NoError(t, l.Close())
		begin := time.Now()
		require.NoError(t, l.Shutdown(background), "nothing was dropped")
		require.Equal(t, time.Second, time.Since(begin), "it joins the workers that Close left")
	})
}

func TestAnImpatientShutdownEndsAPatientOne(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		f := mustSubmit(t, l, after(time.Hour, 1, nil))
		require.NoError(t, f.OnDone(func(*Future[int]) { t.Error("dropped and called") }))
		synctest.Wait()
		patient := make(chan error, 1)
		go func() { patient <- l.Shutdown(background) }()
		synctest.Wait()
		ended, cancel := context.WithCancel(background)
		cancel()
		require.ErrorIs(t, l.Shutdown(ended), context.Canceled)
		require.ErrorIs(t, <-patient, ErrClosed)
	})
}

func TestGoexitInADrainThatOthersWaitFor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		hold := make(chan struct{})
		ran := false
		mustPost(t, l, func() { <-hold; runtime.Goexit() })
		mustPost(t, l, func() { ran = true })
		go l.Shutdown(background) // drains, and is taken away
		synctest.Wait()
		other := make(chan error, 1)
		go func() { other <- l.Shutdown(background) }()
		synctest.Wait()
		close(hold)
		require.NoError(t, <-other, "it takes over")
		require.True(t, ran)
	})
}

func TestCloseDropsAndSaysHowMuch(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var drops []int
		l := New(Workers(1), OnDrop(func(n int) { drops = append(drops, n) }))
		never := func() { t.Error("dropped and called") }
		mustPost(t, l, never)
		mustPost(t, l, never)
		_, err := l.After(0, never)
		require.NoError(t, err)
		runs := mustSubmit(t, l, after(time.Second, 7, nil))
		queued := mustSubmit(t, l, value(1))
		for range 2 {
			require.NoError(t, runs.OnDone(func(*Future[int]) { never() }))
			require.NoError(t, queued.OnDone(func(*Future[int]) { never() }))
		}
		synctest.Wait()
		begin := time.Now()
		require.NoError(t, l.Close())
		require.Zero(t, time.Since(begin), "it does not wait for workers")
		require.Equal(t, []int{7}, drops)
		_, err = queued.Result()
		require.Equal(t, ErrClosed, err)
		require.ErrorIs(t, runs.ctx.Err(), context.Canceled)
		require.Equal(t, ErrClosed, context.Cause(&runs.ctx))
		require.Equal(t, Stats{Accepted: 7, Dropped: 7, Submitted: 2, Withdrawn: 1, Working: 1, Workers: 1}, l.Stats())
		require.False(t, closed(l.Closed()))
		refusesEverything(t, l)

		n, err := runs.Wait(background)
		require.NoError(t, err)
		require.Equal(t, 7, n)
		<-l.Closed()
		require.NoError(t, l.Close())
		require.Equal(t, []int{7}, drops, "told once")
	})
}

func TestCloseReturnsAfterTheCallbackThatRuns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var j journal
		l := New(OnDrop(func(n int) { j.add(fmt.Sprint("dropped ", n)) }))
		hold := make(chan struct{})
		mustPost(t, l, func() { <-hold; j.add("callback returns") })
		mustPost(t, l, j.note("never"))
		done := start(l)
		synctest.Wait()
		for range 3 {
			go func() { require.NoError(t, l.Close()); j.add("Close returns") }()
		}
		synctest.Wait()
		mustAddUp(t, l.Stats())
		require.Equal(t, 1, l.Stats().Ran)
		close(hold)
		synctest.Wait()
		require.Equal(t, []string{"dropped 1", "callback returns", "Close returns", "Close returns", "Close returns"}, j.all())
		require.NoError(t, <-done)
	})
}

func TestCloseWith100000PostsInFlight(t *testing.T) {
	const n = 100_000
	dropped, ran := 0, 0
	l := New(OnDrop(func(n int) { dropped += n }))
	done := start(l)
	posting := make(chan int)
	for range 4 {
		go func() {
			accepted := 0
			for range n / 4 {
				if l.Post(func() { ran++ }) == nil {
					accepted++
				}
			}
			posting <- accepted
		}()
	}
	accepted := <-posting
	require.NoError(t, l.Close())
	for range 3 {
		accepted += <-posting
	}
	ranOrLate(t, <-done)
	require.Equal(t, accepted, ran+dropped)
	require.Equal(t, Stats{Accepted: accepted, Ran: ran, Dropped: dropped}, l.Stats())
}

func TestOnDropThatPanicsOrExits(t *testing.T) {
	for name, f := range map[string]func(int){
		"panic":  func(int) { panic("boom") },
		"Goexit": func(int) { runtime.Goexit() },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var fault error
				l := New(OnDrop(f), OnError(func(err error) { fault = err }))
				mustPost(t, l, noop)
				go l.Close()
				<-l.Closed()
				require.Equal(t, name == "panic", fault != nil)
				require.NoError(t, l.Close())
			})
		})
	}
}

func TestTheLoopIsNotOverBeforeOnDropHasReturned(t *testing.T) {
	bubble(t, func(t *testing.T) {
		hold := make(chan struct{})
		l := New(OnDrop(func(int) { <-hold }))
		mustPost(t, l, noop)
		go l.Close()
		second := make(chan error, 1)
		synctest.Wait()
		go func() { second <- l.Close() }()
		synctest.Wait()
		require.Empty(t, second)
		require.False(t, closed(l.Closed()))
		close(hold)
		require.NoError(t, <-second)
		require.True(t, closed(l.Closed()))
	})
}

func TestTheLoggerIsTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var out strings.Builder
		l := New(Logger(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))))
		hold := make(chan struct{})
		mustSubmit(t, l, func(context.Context) (int, error) { <-hold; return 0, nil })
		_, err := l.After(time.Hour, noop)
		require.NoError(t, err)
		synctest.Wait()
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		require.Error(t, l.Shutdown(ctx))
		close(hold)
		require.Contains(t, out.String(), `level=DEBUG msg="loop: shutting down" work=1`)
		require.Contains(t, out.String(), `level=WARN msg="loop: callbacks dropped" n=1`)
		require.Contains(t, out.String(), `level=WARN msg="loop: shutdown not finished"`)
	})
}
