package loop

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAwait(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		var j journal
		f := mustSubmit(t, l, after(time.Second, 5, nil))
		require.NoError(t, f.OnDone(func(*Future[int]) { j.add("done") }))
		n, err := Await(l, f)
		require.NoError(t, err)
		require.Equal(t, 5, n)
		require.Equal(t, []string{"done"}, j.all(), "OnDone comes before Await returns")

		mustPost(t, l, j.note("batch"))
		_, err = Await(l, f)
		require.NoError(t, err)
		require.Equal(t, []string{"done", "batch"}, j.all(), "a future that has ended still turns the loop once")

		_, err = Await(New(), f)
		require.ErrorIs(t, err, ErrOtherLoop)
		require.NoError(t, l.Close())
		_, err = Await(l, f)
		require.ErrorIs(t, err, ErrClosed)
	})
}

func TestAwaitThatIsStopped(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		f := mustSubmit(t, l, after(time.Second, 5, nil))
		mustPost(t, l, l.Stop)
		_, err := Await(l, f)
		require.ErrorIs(t, err, ErrStopped)
		n, err := Await(l, f)
		require.NoError(t, err, "it can be resumed")
		require.Equal(t, 5, n)
	})
}

func TestAwaitIsRefusedWhereRunIs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l, other := New(), New()
		f := mustSubmit(t, l, untilCanceled)
		done := start(l)
		synctest.Wait()
		_, err := Await(l, f)
		require.ErrorIs(t, err, ErrRunning)

		errs := make(chan error, 2)
		mustPost(t, l, func() { _, err := Await(l, f); errs <- err })
		require.ErrorIs(t, <-errs, ErrInCallback)
		g := mustSubmit(t, other, untilCanceled)
		mustSubmit(t, l, func(context.Context) (int, error) { _, err := Await(other, g); errs <- err; return 0, nil })
		require.ErrorIs(t, <-errs, ErrInCallback)
		require.NoError(t, l.Shutdown(background))
		require.NoError(t, other.Shutdown(background))
		require.NoError(t, <-done)
	})
}

func TestAwaitOnALoopThatEnds(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		f := mustSubmit(t, l, untilCanceled)
		mustPost(t, l, func() { require.ErrorIs(t, l.Shutdown(background), ErrInCallback) })
		_, err := Await(l, f)
		require.Equal(t, ErrClosed, err, "the work's own, from the cause of its context")
		require.True(t, closed(l.Closed()))

		l = New()
		f = mustSubmit(t, l, after(time.Second, 5, nil))
		synctest.Wait()
		mustPost(t, l, func() { require.ErrorIs(t, l.Close(), ErrInCallback) })
		begin := time.Now()
		_, err = Await(l, f)
		require.Equal(t, ErrClosed, err)
		require.Zero(t, time.Since(begin))
		n, err := f.Wait(background)
		require.NoError(t, err)
		require.Equal(t, 5, n)
	})
}
