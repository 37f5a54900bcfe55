package loop

import (
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestCallbacksRunInTheOrderOfThePosts(t *testing.T) {
	l := New()
	var got []int
	for i := range 100 {
		mustPost(t, l, func() { got = append(got, i) })
	}
	l.Stop()
	require.NoError(t, l.Run())
	for i, n := range got {
		require.Equal(t, i, n)
	}
	require.Len(t, got, 100)
}

func TestPostDuringABatchGoesToTheNext(t *testing.T) {
	l := New()
	var j journal
	mustPost(t, l, func() {
		j.add("a")
		mustPost(t, l, j.note("child of a"))
		l.Stop()
	})
	mustPost(t, l, j.note("b"))
	require.NoError(t, l.Run())
	require.Equal(t, []string{"a", "b"}, j.all(), "Stop finishes the batch and leaves the next")
	l.Stop()
	require.NoError(t, l.Run())
	require.Equal(t, []string{"a", "b", "child of a"}, j.all())
}

func TestStopBeforeRunGivesOneBatch(t *testing.T) {
	l := New()
	var j journal
	l.Stop()
	require.NoError(t, l.Run(), "an empty one too")
	mustPost(t, l, func() { j.add("a"); mustPost(t, l, j.note("b")) })
	l.Stop()
	l.Stop()
	require.NoError(t, l.Run())
	require.Equal(t, []string{"a"}, j.all())
	require.Equal(t, 1, l.Stats().Pending)
}

func TestStopWakesARunThatSleeps(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		done := start(l)
		synctest.Wait()
		l.Stop()
		require.NoError(t, <-done)
		done = start(l)
		synctest.Wait()
		require.Empty(t, done, "a Stop that was heeded does not stop the next Run")
		require.NoError(t, l.Close())
		require.NoError(t, <-done)
	})
}

func TestRunWhileRunningChangesNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		done := start(l)
		synctest.Wait()
		require.ErrorIs(t, l.Run(), ErrRunning)
		ran := make(chan error, 1)
		mustPost(t, l, func() { ran <- l.Run() })
		require.ErrorIs(t, <-ran, ErrRunning)

		var j journal
		mustPost(t, l, j.note("still running"))
		synctest.Wait()
		require.Equal(t, []string{"still running"}, j.all())
		l.Stop() // CPython 3.13's outer loop ignores stop after the same refusal: gh-130145
		require.NoError(t, <-done)
	})
}

func TestRunOnAClosedLoop(t *testing.T) {
	l := New()
	require.NoError(t, l.Close())
	require.ErrorIs(t, l.Run(), ErrClosed)
	l.Stop()
	require.ErrorIs(t, l.Run(), ErrClosed)
}

func TestRunInACallbackOfAnotherLoop(t *testing.T) {
	a, b := New(), New()
	var err error
	mustPost(t, a, func() { err = b.Run(); a.Stop() })
	require.NoError(t, a.Run())
	require.ErrorIs(t, err, ErrInCallback)
}

func TestPanicInACallbackGoesToOnErrorAndTheLoopGoesOn(t *testing.T) {
	var got []error
	l := New(OnError(func(err error) { got = append(got, err) }))
	var j journal
	boom := errors.New("boom")
	mustPost(t, l, j.note("a"))
	mustPost(t, l, func() { panic(boom) })
	mustPost(t, l, j.note("b"))
	mustPost(t, l, func() { panic("text") })
	mustPost(t, l, func() { j.add("c"); l.Stop() })
	require.NoError(t, l.Run())
	require.Equal(t, []string{"a", "b", "c"}, j.all())
	require.Len(t, got, 2)
	require.ErrorIs(t, got[0], boom)
	var p *PanicError
	require.ErrorAs(t, got[1], &p)
	require.Equal(t, "text", p.Value)
	require.Contains(t, string(p.Stack), "TestPanicInACallback", "the stack leads to the panic")
	require.Equal(t, "loop: panic: text", p.Error())
	require.Equal(t, 5, l.Stats().Ran, "a callback that panics has run")
}

func TestPanicInOnErrorIsLoggedAndTheLoopGoesOn(t *testing.T) {
	var out strings.Builder
	l := New(Logger(slog.New(slog.NewTextHandler(&out, nil))), OnError(func(error) { panic("second") }))
	ran := false
	mustPost(t, l, func() { panic("first") })
	mustPost(t, l, func() { ran = true; l.Stop() })
	require.NoError(t, l.Run())
	require.True(t, ran)
	require.Contains(t, out.String(), "first")
	require.Contains(t, out.String(), "second")
}

func TestQuietButForPanics(t *testing.T) {
	var out strings.Builder
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	defer slog.SetDefault(before)

	l := New()
	mustPost(t, l, func() { panic("boom") })
	l.Stop()
	require.NoError(t, l.Run())
	require.Contains(t, out.String(), "boom", "a panic that nobody takes is not swallowed")

	out.Reset()
	mustPost(t, l, noop)
	require.NoError(t, l.Close())
	require.Empty(t, out.String())
}

func TestGoexitInACallbackLeavesTheRestQueued(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		var j journal
		mustPost(t, l, j.note("a"))
		mustPost(t, l, func() { j.add("b"); runtime.Goexit() })
		mustPost(t, l, j.note("c"))
		mustPost(t, l, j.note("d"))
		_, err := l.After(0, j.note("timer"))
		require.NoError(t, err)
		done := start(l)
		synctest.Wait()
		require.Empty(t, done, "Run did not return, its goroutine is gone")
		require.Equal(t, []string{"a", "b"}, j.all())
		s := l.Stats()
		mustAddUp(t, s)
		require.Equal(t, 3, s.Pending)

		mustPost(t, l, j.note("e"))
		l.Stop()
		require.NoError(t, l.Run(), "the role is free again")
		require.Equal(t, []string{"a", "b", "c", "d", "e", "timer"}, j.all())
	})
}

func TestGoexitInOnError(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(OnError(func(error) { runtime.Goexit() }))
		var j journal
		mustPost(t, l, func() { panic("boom") })
		mustPost(t, l, j.note("b"))
		start(l)
		synctest.Wait()
		require.NoError(t, l.Shutdown(background))
		require.Equal(t, []string{"b"}, j.all())
	})
}

func TestNilIsRefused(t *testing.T) {
	l := New(nil)
	require.ErrorIs(t, l.Post(nil), ErrNil)
	_, err := l.After(0, nil)
	require.ErrorIs(t, err, ErrNil)
	_, err = Submit[int](l, background, nil)
	require.ErrorIs(t, err, ErrNil)
	_, err = Submit(nil, background, value(1))
	require.ErrorIs(t, err, ErrNil)
	_, err = Submit(l, nil, value(1)) //nolint:staticcheck // on purpose
	require.ErrorIs(t, err, ErrNil)
	_, err = Await[int](l, nil)
	require.ErrorIs(t, err, ErrNil)
	_, err = WaitAll[int](background, nil)
	require.ErrorIs(t, err, ErrNil)
	_, _, err = WaitFirstError[int](background, nil)
	require.ErrorIs(t, err, ErrNil)
	require.ErrorIs(t, l.Shutdown(nil), ErrNil) //nolint:staticcheck // on purpose
	require.NoError(t, l.Post(noop), "and has changed nothing")

	f := mustSubmit(t, l, value(1))
	require.ErrorIs(t, f.OnDone(nil), ErrNil)
	_, err = f.Wait(nil) //nolint:staticcheck // on purpose
	require.ErrorIs(t, err, ErrNil)
	require.NoError(t, l.Shutdown(background))
}

func TestABurstDoesNotHoldItsMemory(t *testing.T) {
	l := New()
	for range 1 << 16 {
		mustPost(t, l, noop)
	}
	l.Stop()
	require.NoError(t, l.Run())
	require.Equal(t, (1<<16+chunkLen-1)/chunkLen, l.free.len, "the next burst allocates nothing")
	mustPost(t, l, noop)
	l.Stop()
	require.NoError(t, l.Run())
	require.LessOrEqual(t, l.free.len, freeMin)
}
