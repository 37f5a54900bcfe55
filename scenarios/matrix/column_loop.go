package matrix

import (
	"context"
	"errors"
	"time"

	"github.com/lastcall-go/lastcall/loop"
)

// loopSystem is package loop. Results are handed over to an OnDone function, a callback like any other.
type loopSystem struct {
	p *play
	l *loop.Loop
}

var _ system = (*loopSystem)(nil)

type loopJob struct {
	s *loopSystem
	f *loop.Future[struct{}]
}

func openLoop(p *play, workers int) system {
	return &loopSystem{p, loop.New(loop.Workers(workers))}
}

func (s *loopSystem) submit(fn func(context.Context) error) (job, error) {
	f, err := loop.Submit(s.l, context.Background(), func(ctx context.Context) (struct{}, error) {
		return struct{}{}, fn(ctx)
	})
	if err != nil {
		return nil, err
	}
	s.p.post(func(called func()) error { // refused where somebody has closed the loop meanwhile
		return f.OnDone(func(*loop.Future[struct{}]) { called() })
	}, nothing)
	return loopJob{s, f}, nil
}

func (s *loopSystem) occupy(fn func()) {
	_, err := loop.Submit(s.l, context.Background(), func(context.Context) (struct{}, error) {
		fn()
		return struct{}{}, nil
	})
	s.p.must(err)
}

func (s *loopSystem) post(f func()) error         { return s.l.Post(f) }
func (s *loopSystem) outside() func(func()) error { return s.l.Post }

func (s *loopSystem) after(d time.Duration, f func()) error {
	_, err := s.l.After(d, f)
	return err
}

// asker asks the loop as its documentation says: Closed tells when no callback will run any more, and the context of work ends
// when the loop shuts down.
func (s *loopSystem) asker() func(context.Context, func()) error {
	return func(ctx context.Context, f func()) error {
		answered := make(chan struct{})
		if err := s.l.Post(func() { f(); close(answered) }); err != nil {
			return err
		}
		select {
		case <-answered:
			return nil
		case <-s.l.Closed():
			return unanswered{loop.ErrClosed}
		case <-ctx.Done():
			return unanswered{ctx.Err()}
		}
	}
}

func (s *loopSystem) run() error { return s.l.Run() }
func (s *loopSystem) stop()      { s.l.Stop() }

func (s *loopSystem) turn() error {
	s.l.Stop()
	return s.l.Run()
}

func (s *loopSystem) firstError(jobs ...job) error {
	fs := make([]*loop.Future[struct{}], len(jobs))
	for i, j := range jobs {
		fs[i] = j.(loopJob).f
	}
	loop.WaitFirstError(context.Background(), fs...) // the error is the job's
	return nil
}

func (s *loopSystem) all(jobs ...job) error {
	for _, j := range jobs {
		f := j.(loopJob).f
		loop.Await(s.l, f) // the error is the job's, or says why the loop is not to be run
		if _, err := f.Result(); err == loop.ErrPending {
			f.Wait(context.Background())
		}
	}
	return nil
}

func (s *loopSystem) shutdown(timeout time.Duration) error {
	if timeout == 0 {
		return s.l.Shutdown(context.Background())
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return s.l.Shutdown(ctx)
}

func (s *loopSystem) close() error { return s.l.Close() }
func (s *loopSystem) exit()        { <-s.l.Closed() }
func (s *loopSystem) told() int    { return s.l.Stats().Dropped }
func (s *loopSystem) left() int    { return s.l.Stats().Pending }

func (j loopJob) cancel() bool { return j.f.Cancel() }

func (j loopJob) ended() (bool, error) {
	_, err := j.f.Result()
	return !errors.Is(err, loop.ErrPending), err
}
