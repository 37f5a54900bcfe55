package shapes

import (
	"sync/atomic"
	"time"
)

// Join waits for the workers before it closes: concurrent.futures' shutdown(wait=True), then close.
//
// A worker's result is in the queue when its worker has ended, so none comes late. A worker that waits for the loop waits for
// ever, since the loop does not turn meanwhile; so does the closer, if a worker never ends or is the closer itself.
// It knows of workers alone: a thread that is none of them has the windows of CheckThenPost.
type Join struct {
	core
	isClosed atomic.Bool
}

var _ Shape = (*Join)(nil)

func NewJoin(workers int, report func(error)) *Join {
	s := new(Join)
	s.init(s, workers, report)
	return s
}

func (s *Join) closed() bool { return s.isClosed.Load() }

func (s *Join) Post(f func()) error {
	if s.closed() {
		return ErrClosed
	}
	s.push(f)
	return nil
}

// hand does not expect to be refused.
func (s *Join) hand(f *Future, err error) {
	if err := s.Post(func() { f.finish(err) }); err != nil {
		s.report(err)
	}
}

// Shutdown is the join alone. There is no limit to give.
func (s *Join) Shutdown(time.Duration) bool {
	s.pool.jobs.Wait()
	return true
}

func (s *Join) Close() error {
	s.pool.jobs.Wait()
	if err := s.enter(); err != nil {
		return ignoreClosed(err)
	}
	defer s.leave()
	s.drain()
	s.isClosed.Store(true)
	s.drop()
	return nil
}
