package loop

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// WaitAll waits until all futures have ended, and returns their values in the order given and their errors, joined. If ctx ends
// first it returns ctx's error alone. It cancels nothing. As [Future.Wait], it does not need the loop to run.
func WaitAll[T any](ctx context.Context, fs ...*Future[T]) ([]T, error) {
	if ctx == nil || slices.Contains(fs, nil) {
		return nil, ErrNil
	}
	for _, f := range fs {
		if err := f.wait(ctx); err != nil {
			return nil, err
		}
	}
	values := make([]T, len(fs))
	errs := make([]error, len(fs))
	for i, f := range fs {
		values[i], errs[i] = f.value, f.err
	}
	return values, errors.Join(errs...)
}

// WaitFirstError waits until one of the futures has failed or all have ended, and returns those that have ended by then and those that have
// not, both in the order given. err is the error of the one that failed first; if ctx ends first, it is ctx's. It cancels nothing.
//
// As asyncio's FIRST_EXCEPTION, it does not take a cancelled future ([context.Canceled]) for one that failed.
func WaitFirstError[T any](ctx context.Context, fs ...*Future[T]) (done, pending []*Future[T], err error) {
	if ctx == nil || slices.Contains(fs, nil) {
		return nil, nil, ErrNil
	}
	tasks := make([]*task, len(fs))
	for i, f := range fs {
		tasks[i] = &f.task
	}
	err = waitFirst(ctx, tasks)
	for _, f := range fs {
		if f.hasEnded() {
			done = append(done, f)
		} else {
			pending = append(pending, f)
		}
	}
	return done, pending, err
}

// A watch waits for the first failure among tasks, which may belong to several loops.
type watch struct {
	mu    sync.Mutex // taken with a loop's mutex held, never the other way round
	left  int
	err   error
	ready chan struct{} // closed at the first failure, or when none is left
}

// watchers are a task's watches. A future has room for a pointer to them: few are watched.
type watchers struct {
	watch *watch
	next  *watchers
}

// note is told of the end of each task, with the mutex of its loop held.
func (w *watch) note(t *task) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left--
	if w.err != nil {
		return
	}
	if t.failed {
		w.err = t.job.failure()
	} else if w.left > 0 {
		return
	}
	close(w.ready)
}

func waitFirst(ctx context.Context, tasks []*task) error {
	if len(tasks) == 0 {
		return nil
	}
	w := &watch{left: len(tasks), ready: make(chan struct{})}
	var crowded []*Loop // those where work that is waited for is queued
	for _, t := range tasks {
		if w.add(t) && !slices.Contains(crowded, t.loop) {
			crowded = append(crowded, t.loop)
		}
	}
	defer w.removeFrom(tasks)
	if len(crowded) > 0 {
		if _, work := inside(); work {
			for _, l := range crowded {
				defer l.lend()()
			}
		}
	}
	select {
	case <-w.ready:
	case <-ctx.Done():
		if !isClosed(w.ready) {
			return ctx.Err()
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// add has w told of the end of t, at once if it has ended, and tells whether t is queued.
func (w *watch) add(t *task) bool {
	t.loop.mu.Lock()
	defer t.loop.mu.Unlock()
	if t.state == ended {
		w.note(t)
	} else {
		t.watches = &watchers{w, t.watches}
	}
	return t.state == queued
}

// removeFrom makes the tasks forget w, so that a future that lives long does not collect them.
func (w *watch) removeFrom(tasks []*task) {
	for _, t := range tasks {
		t.loop.mu.Lock()
		for p := &t.watches; *p != nil; {
			if (*p).watch == w {
				*p = (*p).next
			} else {
				p = &(*p).next
			}
		}
		t.loop.mu.Unlock()
	}
}
