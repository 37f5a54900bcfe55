package loop

import (
	"context"
	"runtime"
	"slices"
)

// Submit has f called by a worker. f's context is derived from ctx; it is cancelled by [Future.Cancel] and when the loop shuts down,
// and its [context.Cause] tells which: [ErrCanceled], [ErrClosed], or the cause of ctx. Work whose ctx has ended when its turn
// comes is not begun, and its future ends with ctx's error.
//
// A panic in f becomes the future's error, a [*PanicError]; [runtime.Goexit] becomes [ErrGoexit].
func Submit[T any](l *Loop, ctx context.Context, f func(context.Context) (T, error)) (*Future[T], error) {
	if l == nil || ctx == nil || f == nil {
		return nil, ErrNil
	}
	fut := &Future[T]{work: f}
	fut.loop, fut.job = l, fut
	fut.ctx.parent = ctx
	runtime.Callers(2, fut.pc[:])
	if err := l.submit(ctx, &fut.task); err != nil {
		return nil, err
	}
	return fut, nil
}

// submit queues t, waiting for room if it may.
func (l *Loop) submit(ctx context.Context, t *task) error {
	l.mu.Lock()
	if l.phase != open { // contract 3, as in Post
		l.mu.Unlock()
		return ErrClosed
	}
	if l.fullLocked() {
		return l.submitFull(ctx, t)
	}
	l.enqueueLocked(t)
	l.mu.Unlock()
	return nil
}

// fullLocked tells whether there is room for queued work. Work that a worker is on its way to does not wait for one.
func (l *Loop) fullLocked() bool {
	return l.queueMax > 0 && l.jobs.len-l.coming >= l.queueMax && l.workers >= l.workersMax+l.lent
}

func (l *Loop) enqueueLocked(t *task) {
	l.submitted++
	l.jobs.push(t)
	l.startWorkerLocked()
}

// A submitter is a call of Submit that waits for room. ready is closed when it was given room, or refused for ever.
type submitter struct {
	task    *task
	ready   chan struct{}
	refused bool
}

// admitLocked gives room to those who have waited longest. The giver queues their work: nobody overtakes them on the way.
func (l *Loop) admitLocked() {
	for len(l.blocked) > 0 && !l.fullLocked() {
		s := l.blocked[0]
		l.blocked[0] = nil
		l.blocked = l.blocked[1:]
		l.enqueueLocked(s.task)
		close(s.ready)
	}
}

// submitFull waits for room. The mutex is held on entry and not on return.
func (l *Loop) submitFull(ctx context.Context, t *task) error {
	// Contract 6: workers that all wait for room in their own queue would wait for ever.
	if l.failFast || insideAny() {
		l.mu.Unlock()
		return ErrQueueFull
	}
	s := &submitter{task: t, ready: make(chan struct{})}
	l.blocked = append(l.blocked, s)
	l.mu.Unlock()

	select {
	case <-s.ready:
	case <-ctx.Done():
		if l.giveUpWaiting(s) {
			return ctx.Err()
		}
	}
	if s.refused {
		return ErrClosed
	}
	return nil
}

// giveUpWaiting takes s out of those who wait for room, and tells whether it was still one of them.
func (l *Loop) giveUpWaiting(s *submitter) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.Index(l.blocked, s)
	if i < 0 {
		return false
	}
	l.blocked = slices.Delete(l.blocked, i, i+1)
	return true
}
