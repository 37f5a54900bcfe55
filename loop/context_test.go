package loop

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

type contextKey struct{}

var errWhy = errors.New("why")

// TestTheContextOfWork holds the context that is made on demand to one that is made at once: whoever asks what and when, the answers are the same.
func TestTheContextOfWork(t *testing.T) {
	acts := map[string]func(parent context.CancelCauseFunc, end func(*contextState), ask func()){
		"nothing":   func(context.CancelCauseFunc, func(*contextState), func()) {},
		"cancelled": func(_ context.CancelCauseFunc, end func(*contextState), _ func()) { end(stateCanceled) },
		"cancelled twice": func(_ context.CancelCauseFunc, end func(*contextState), _ func()) {
			end(stateCanceled)
			end(stateClosed)
		},
		"asked, cancelled twice": func(_ context.CancelCauseFunc, end func(*contextState), ask func()) {
			ask()
			end(stateCanceled)
			end(stateClosed)
		},
		"cancelled, asked, cancelled": func(_ context.CancelCauseFunc, end func(*contextState), ask func()) {
			end(stateClosed)
			ask()
			end(stateCanceled)
		},
		"the parent": func(parent context.CancelCauseFunc, _ func(*contextState), _ func()) { parent(errWhy) },
		"the parent, cancelled": func(parent context.CancelCauseFunc, end func(*contextState), _ func()) {
			parent(errWhy)
			end(stateCanceled)
		},
		"asked, the parent, cancelled": func(parent context.CancelCauseFunc, end func(*contextState), ask func()) {
			ask()
			parent(errWhy)
			end(stateCanceled)
		},
		"cancelled, the parent": func(parent context.CancelCauseFunc, end func(*contextState), _ func()) {
			end(stateCanceled)
			parent(errWhy)
		},
		"returned": func(_ context.CancelCauseFunc, end func(*contextState), _ func()) { end(stateReturned) },
	}
	questions := map[string]func(context.Context) any{
		"Err":   func(c context.Context) any { return c.Err() },
		"Done":  func(c context.Context) any { return closed(c.Done()) },
		"Cause": func(c context.Context) any { return context.Cause(c) },
		"Value": func(c context.Context) any { return c.Value(contextKey{}) },
		"Deadline": func(c context.Context) any {
			d, ok := c.Deadline()
			return []any{d, ok}
		},
	}
	for name, act := range acts {
		for first, ask := range questions {
			deadline, cancel := context.WithTimeout(context.WithValue(background, contextKey{}, 7), time.Hour)
			defer cancel()
			parent, end := context.WithCancelCause(deadline)
			lazy := &workContext{parent: parent}
			act(end, lazy.end, func() { ask(lazy) })

			parent, end = context.WithCancelCause(deadline)
			want, cancelWant := context.WithCancelCause(parent)
			act(end, func(s *contextState) { cancelWant(s.cause) }, func() { ask(want) })
			require.Equal(t, ask(want), ask(lazy), "%s: %s first", name, first)
			for second, ask := range questions {
				require.Equal(t, ask(want), ask(lazy), "%s: %s, then %s", name, first, second)
			}
			cancelWant(nil)
		}
	}
}

// TestContextsDerivedFromTheWorkContext: no goroutine is needed for them, and they end with it.
func TestContextsDerivedFromTheWorkContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		c := &workContext{parent: background}
		child, cancel := context.WithTimeout(c, time.Hour)
		defer cancel()
		called := false
		context.AfterFunc(c, func() { called = true })
		c.end(stateCanceled)
		synctest.Wait()
		require.True(t, called)
		require.ErrorIs(t, child.Err(), context.Canceled)
		require.Equal(t, ErrCanceled, context.Cause(child))
		require.Equal(t, "loop.Submit", c.String())
	})
}

// TestTheContextOfWorkIsAskedAndEndedAtOnce has goroutines ask while others end it. All must agree.
func TestTheContextOfWorkIsAskedAndEndedAtOnce(t *testing.T) {
	for range 500 {
		c := &workContext{parent: background}
		causes := make(chan error, 8)
		for i := range 8 {
			go func() {
				if i == 3 {
					c.end(stateCanceled)
				} else if i == 5 {
					c.end(stateClosed)
				}
				<-c.Done()
				causes <- context.Cause(c)
			}()
		}
		first := <-causes
		require.NotNil(t, first)
		for range 7 {
			require.Equal(t, first, <-causes)
		}
	}
}
