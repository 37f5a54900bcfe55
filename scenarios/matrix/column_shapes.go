package matrix

import (
	"context"
	"errors"
	"time"

	"github.com/lastcall-go/lastcall/scenarios/shapes"
)

// shapeSystem is a loop of package shapes.
type shapeSystem struct{ shapes.Shape }

var _ system = (*shapeSystem)(nil)

type shapeJob struct{ *shapes.Future }

func (j shapeJob) cancel() bool         { return j.Cancel() }
func (j shapeJob) ended() (bool, error) { return j.Ended() }

func (s *shapeSystem) submit(fn func(context.Context) error) (job, error) {
	f, err := s.Submit(func() error { return fn(context.Background()) })
	if err != nil {
		return nil, err
	}
	return shapeJob{f}, nil
}

func (s *shapeSystem) occupy(fn func())                      { s.Occupy(fn) }
func (s *shapeSystem) post(f func()) error                   { return s.Post(f) }
func (s *shapeSystem) outside() func(func()) error           { return s.Outside() }
func (s *shapeSystem) after(d time.Duration, f func()) error { return s.After(d, f) }
func (s *shapeSystem) run() error                            { return s.Run() }
func (s *shapeSystem) stop()                                 { s.Stop() }
func (s *shapeSystem) turn() error                           { return s.Turn() }
func (s *shapeSystem) close() error                          { return s.Close() }
func (s *shapeSystem) exit()                                 { s.Exit() }
func (s *shapeSystem) told() int                             { return 0 }
func (s *shapeSystem) left() int                             { return s.Left() }

// asker posts, and waits for a channel that the callback closes.
func (s *shapeSystem) asker() func(context.Context, func()) error {
	post := s.Outside()
	return func(_ context.Context, f func()) error {
		answered := make(chan struct{})
		if err := post(func() { f(); close(answered) }); err != nil {
			return err
		}
		<-answered
		return nil
	}
}

func (s *shapeSystem) firstError(jobs ...job) error {
	return s.Wait(func() bool {
		left := len(jobs)
		for _, j := range jobs {
			ended, err := j.ended()
			if ended && err != nil && err != shapes.ErrCancelled {
				return true
			}
			if ended {
				left--
			}
		}
		return left == 0
	})
}

func (s *shapeSystem) all(jobs ...job) error {
	return s.Wait(func() bool {
		for _, j := range jobs {
			if ended, _ := j.ended(); !ended {
				return false
			}
		}
		return true
	})
}

var errLate = errors.New("workers are still running")

func (s *shapeSystem) shutdown(timeout time.Duration) error {
	if !s.Shutdown(timeout) {
		return errLate
	}
	return nil
}
