package shapes

import (
	"sync/atomic"
	"time"
)

// quietPeriod is Netty's DEFAULT_SHUTDOWN_QUIET_PERIOD.
const quietPeriod = 2 * time.Second

// QuietPeriod keeps accepting until nothing has come for a while, and then closes: Netty's shutdownGracefully, without the second look of
// its execute (see Recheck). It makes the window of a check before the post rare. A poster that is slower than the period is in it all the same.
//
// A thread can be slow between any two of its steps: a page fault, a collection, a machine that sleeps. In a bubble no time passes while
// somebody can go on, so at the one place where it matters the shape has that itself, see slow.
type QuietPeriod struct {
	core
	isClosed atomic.Bool
	always   chan struct{} // closed
}

var _ Shape = (*QuietPeriod)(nil)

func NewQuietPeriod(workers int, report func(error)) *QuietPeriod {
	s := &QuietPeriod{always: make(chan struct{})}
	close(s.always)
	s.init(s, workers, report)
	return s
}

func (s *QuietPeriod) closed() bool { return s.isClosed.Load() }

func (s *QuietPeriod) Post(f func()) error {
	if s.closed() {
		return ErrClosed
	}
	s.slow()
	s.push(f)
	return nil
}

// slow takes no time, or longer than the quiet period.
func (s *QuietPeriod) slow() {
	select {
	case <-s.always:
	case <-s.always:
		time.Sleep(2 * quietPeriod)
	}
}

func (s *QuietPeriod) Close() error {
	if err := s.enter(); err != nil {
		return ignoreClosed(err)
	}
	defer s.leave()
	s.drain()
	for s.stirred() {
		s.drain()
	}
	s.isClosed.Store(true)
	return nil
}

// stirred waits for a post, and reports whether there was one within the quiet period.
func (s *QuietPeriod) stirred() bool {
	quiet := time.NewTimer(quietPeriod)
	defer quiet.Stop()
	select {
	case <-s.wake:
		return true
	case <-quiet.C:
		return false
	}
}
