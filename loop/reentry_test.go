package loop

import (
	"context"
	"log/slog"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// endings are the ways to end a loop, each of which must be refused from inside without being lost.
var endings = map[string]func(*Loop) error{
	"Shutdown": func(l *Loop) error { return l.Shutdown(background) },
	"Close":    (*Loop).Close,
}

func TestEndingALoopFromItsOwnCallback(t *testing.T) {
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				l := New()
				var j journal
				mustPost(t, l, func() {
					require.ErrorIs(t, end(l), ErrInCallback)
					require.ErrorIs(t, end(l), ErrInCallback, "also the second time")
					require.ErrorIs(t, l.Post(noop), ErrClosed, "it has begun")
					require.False(t, closed(l.Closed()), "this callback is not done")
					j.add("first")
				})
				mustPost(t, l, j.note("second"))
				require.NoError(t, l.Run())
				require.True(t, closed(l.Closed()))
				if name == "Close" {
					require.Equal(t, []string{"first"}, j.all())
				} else {
					require.Equal(t, []string{"first", "second"}, j.all())
				}
				refusesEverything(t, l)
			})
		})
	}
}

func TestEndingALoopFromATimerAndFromOnDone(t *testing.T) {
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				l := New()
				_, err := l.After(time.Second, func() { require.ErrorIs(t, end(l), ErrInCallback) })
				require.NoError(t, err)
				require.NoError(t, l.Run())
				require.True(t, closed(l.Closed()))

				l = New()
				f := mustSubmit(t, l, value(1))
				require.NoError(t, f.OnDone(func(*Future[int]) { require.ErrorIs(t, end(l), ErrInCallback) }))
				require.NoError(t, l.Run())
				require.True(t, closed(l.Closed()))
			})
		})
	}
}

func TestEndingALoopFromWork(t *testing.T) {
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				l := New()
				done := start(l)
				synctest.Wait()
				f := mustSubmit(t, l, func(ctx context.Context) (int, error) {
					err := end(l)
					require.ErrorIs(t, ctx.Err(), context.Canceled, "its own context is cancelled")
					return 1, err
				})
				_, err := f.Wait(background)
				require.ErrorIs(t, err, ErrInCallback)
				<-l.Closed()
				require.NoError(t, <-done)
			})
		})
	}
}

// TestShutdownFromWorkWhereNobodyRunsTheLoop leaves a shutdown that nobody carries out, until somebody comes.
func TestShutdownFromWorkWhereNobodyRunsTheLoop(t *testing.T) {
	for name, come := range map[string]func(*testing.T, *Loop){
		"Run":      func(t *testing.T, l *Loop) { require.ErrorIs(t, l.Run(), ErrClosed) },
		"Shutdown": func(t *testing.T, l *Loop) { require.NoError(t, l.Shutdown(background)) },
		"Close":    func(t *testing.T, l *Loop) { require.NoError(t, l.Close()) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				l := New()
				ran := 0
				mustPost(t, l, func() { ran++ })
				registered := make(chan struct{}) // a loop that is shutting down takes no OnDone
				f := mustSubmit(t, l, func(context.Context) (int, error) { <-registered; return 0, l.Shutdown(background) })
				require.NoError(t, f.OnDone(func(*Future[int]) { ran++ }))
				close(registered)
				_, err := f.Wait(background)
				require.ErrorIs(t, err, ErrInCallback)
				synctest.Wait()
				require.False(t, closed(l.Closed()))
				require.Equal(t, 2, l.Stats().Pending)
				come(t, l)
				require.True(t, closed(l.Closed()))
				if name == "Close" {
					require.Equal(t, 2, l.Stats().Dropped)
				} else {
					require.Equal(t, 2, ran)
				}
			})
		})
	}
}

func TestShutdownFromWorkEndsByItselfWhereNothingIsQueued(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		mustSubmit(t, l, func(context.Context) (int, error) { return 0, l.Shutdown(background) })
		<-l.Closed()
	})
}

func TestTwoCallbacksThatEndEachOthersLoops(t *testing.T) {
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a, b := New(), New()
				ready := make(chan struct{}, 2)
				meet := make(chan struct{})
				for _, pair := range [][2]*Loop{{a, b}, {b, a}} {
					mustPost(t, pair[0], func() {
						ready <- struct{}{}
						<-meet
						require.ErrorIs(t, end(pair[1]), ErrInCallback)
					})
				}
				doneA, doneB := start(a), start(b)
				<-ready
				<-ready
				close(meet)
				<-a.Closed()
				<-b.Closed()
				require.NoError(t, <-doneA)
				require.NoError(t, <-doneB)
			})
		})
	}
}

func TestEndingALoopFromOnDropOnErrorAndTheLogger(t *testing.T) {
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				var l *Loop
				calls := 0
				hook := func() { calls++; require.ErrorIs(t, end(l), ErrInCallback) }
				l = New(OnDrop(func(int) { hook() }), OnError(func(error) { hook() }))
				mustPost(t, l, func() { panic("boom") })
				_, err := l.After(time.Hour, noop)
				require.NoError(t, err)
				require.NoError(t, l.Run())
				require.True(t, closed(l.Closed()))
				require.Equal(t, 2, calls)
			})
		})
	}
}

func TestEverythingElseFromACallback(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New()
		var timer *Timer
		mustPost(t, l, func() {
			var err error
			timer, err = l.After(time.Hour, noop)
			require.NoError(t, err)
			require.NoError(t, timer.Reset(2*time.Hour))
			require.True(t, timer.Stop())
			f := mustSubmit(t, l, value(1))
			n, err := f.Wait(background)
			require.NoError(t, err)
			require.Equal(t, 1, n)
			require.NoError(t, f.OnDone(func(*Future[int]) { l.Stop() }))
			require.False(t, f.Cancel())
			_, err = WaitAll(background, f)
			require.NoError(t, err)
			mustAddUp(t, l.Stats())
			require.False(t, closed(l.Closed()))
		})
		require.NoError(t, l.Run())
		require.NoError(t, l.Shutdown(background))
	})
}

func TestInsideSeesThroughDeepStacks(t *testing.T) {
	l := New()
	var deep func(n int) (callback, work bool)
	deep = func(n int) (callback, work bool) {
		if n == 0 {
			return inside()
		}
		return deep(n - 1)
	}
	callback, work := deep(1000)
	require.False(t, callback || work)
	mustPost(t, l, func() {
		callback, work = deep(1000)
		func() {
			defer func() { recover() }()
			defer func() { deferred, _ := inside(); require.True(t, deferred, "while a panic unwinds") }()
			panic(1)
		}()
	})
	l.Stop()
	require.NoError(t, l.Run())
	require.True(t, callback)
	require.False(t, work)

	elsewhere := make(chan bool)
	mustPost(t, l, func() { go func() { elsewhere <- insideAny() }() })
	l.Stop()
	require.NoError(t, l.Run())
	require.False(t, <-elsewhere, "a goroutine that a callback started is not in it")

	f := mustSubmit(t, l, func(context.Context) (bool, error) { _, work := deep(1000); return work, nil })
	work, err := f.Wait(background)
	require.NoError(t, err)
	require.True(t, work)
	require.NoError(t, l.Shutdown(background))
}

// TestRunFromWork is refused: with a Shutdown from outside, the loop would wait for its worker and the worker for the loop.
func TestRunFromWork(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l, other := New(), New()
		f := mustSubmit(t, l, func(context.Context) (int, error) {
			require.ErrorIs(t, other.Run(), ErrInCallback)
			return 0, l.Run()
		})
		_, err := f.Wait(background)
		require.ErrorIs(t, err, ErrInCallback)
		require.NoError(t, l.Shutdown(background))
		require.NoError(t, other.Shutdown(background))
	})
}

// A nosyContext looks at a loop whenever it is asked anything.
type nosyContext struct {
	context.Context
	l *Loop
}

func (c nosyContext) Done() <-chan struct{} { c.l.Stats(); return c.Context.Done() }
func (c nosyContext) Err() error            { c.l.Stats(); return c.Context.Err() }

func TestContextsThatCallTheLoop(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Workers(1), QueueLimit(1))
		nosy := func() (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithTimeout(background, time.Second)
			return nosyContext{ctx, l}, cancel
		}
		for range 2 {
			ctx, cancel := nosy()
			defer cancel()
			_, err := Submit(l, ctx, after(time.Hour, 1, nil))
			require.NoError(t, err)
		}
		ctx, cancel := nosy()
		defer cancel()
		_, err := Submit(l, ctx, value(1))
		require.ErrorIs(t, err, context.DeadlineExceeded, "there was no room")
		ctx, cancel = nosy()
		defer cancel()
		require.ErrorIs(t, l.Shutdown(ctx), context.DeadlineExceeded)
		<-l.Closed()
	})
}

func TestALoggerThatExits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		l := New(Logger(slog.New(exitHandler{})), OnDrop(func(int) {}))
		_, err := l.After(time.Hour, noop)
		require.NoError(t, err)
		go l.Shutdown(background)
		<-l.Closed()
		require.NoError(t, l.Close())
	})
}

// exitHandler is a [slog.Handler] that takes the goroutine away.
type exitHandler struct{}

func (exitHandler) Enabled(context.Context, slog.Level) bool  { return true }
func (exitHandler) Handle(context.Context, slog.Record) error { runtime.Goexit(); return nil }
func (h exitHandler) WithAttrs([]slog.Attr) slog.Handler      { return h }
func (h exitHandler) WithGroup(string) slog.Handler           { return h }
