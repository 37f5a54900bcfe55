package shapes

import "sync/atomic"

// CheckThenPost looks whether the loop is open and then posts. So do asyncio (futures._chain_future with
// base_events.call_soon_threadsafe, since 2022), anyio's WorkerThread.run before its mending (anyio#1265), janus and modal's synchronicity.
//
// There are two windows: one in hand, between its look and the post, in which the loop is closed and the post raises in the worker; one
// inside Post, between its look and the append, in which nobody is told and the callback sits in the queue of a closed loop.
// Close clears the queue.
type CheckThenPost struct {
	core
	isClosed atomic.Bool
}

var _ Shape = (*CheckThenPost)(nil)

func NewCheckThenPost(workers int, report func(error)) *CheckThenPost {
	s := new(CheckThenPost)
	s.init(s, workers, report)
	return s
}

func (s *CheckThenPost) closed() bool { return s.isClosed.Load() }

func (s *CheckThenPost) Post(f func()) error {
	if s.closed() {
		return ErrClosed
	}
	s.push(f)
	return nil
}

// hand looks first: a result that comes after the close is thrown away.
func (s *CheckThenPost) hand(f *Future, err error) {
	if s.closed() {
		return
	}
	if err := s.Post(func() { f.finish(err) }); err != nil {
		s.report(err)
	}
}

func (s *CheckThenPost) Close() error {
	if err := s.enter(); err != nil {
		return ignoreClosed(err)
	}
	defer s.leave()
	s.isClosed.Store(true)
	s.drop()
	return nil
}

// ignoreClosed makes closing a loop that is closed no error.
func ignoreClosed(err error) error {
	if err == ErrClosed {
		return nil
	}
	return err
}
