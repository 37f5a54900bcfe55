package loop

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bubble runs f on a virtual clock. A deadlock in it fails the test, and so does a goroutine left behind.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}

// start has a goroutine run l and returns where Run's error will be.
func start(l *Loop) <-chan error {
	done := make(chan error, 1)
	go func() { done <- l.Run() }()
	return done
}

// ranOrLate checks the result of a Run that may have come after the end: on the real scheduler a goroutine that is started first may be first
// to run last.
func ranOrLate(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		require.ErrorIs(t, err, ErrClosed)
	}
}

// journal keeps what happened, in order, from any goroutine.
type journal struct {
	mu     sync.Mutex
	events []string
}

func (j *journal) add(event string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.events = append(j.events, event)
}

// note returns a callback that notes event.
func (j *journal) note(event string) func() { return func() { j.add(event) } }

func (j *journal) all() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]string{}, j.events...)
}

func noop() {}

var background = context.Background()

// value is work that returns v.
func value[T any](v T) func(context.Context) (T, error) {
	return func(context.Context) (T, error) { return v, nil }
}

// untilCanceled is work that ends when its context does, with the cause as its error.
func untilCanceled(ctx context.Context) (int, error) {
	<-ctx.Done()
	return 0, context.Cause(ctx)
}

// mustPost posts f or fails the test.
func mustPost(t *testing.T, l *Loop, f func()) {
	t.Helper()
	require.NoError(t, l.Post(f))
}

func mustSubmit[T any](t *testing.T, l *Loop, f func(context.Context) (T, error)) *Future[T] {
	t.Helper()
	fut, err := Submit(l, background, f)
	require.NoError(t, err)
	return fut
}

// mustAddUp checks the two sums that Stats promises.
func mustAddUp(t require.TestingT, s Stats) {
	require.Equal(t, s.Accepted, s.Ran+s.Cancelled+s.Dropped+s.Pending, "callbacks: %+v", s)
	require.Equal(t, s.Submitted, s.Returned+s.Withdrawn+s.Queued+s.Working, "work: %+v", s)
	require.GreaterOrEqual(t, s.Pending, 0, "%+v", s)
}

func closed(c <-chan struct{}) bool { return isClosed(c) }
