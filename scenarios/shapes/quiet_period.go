package shapes

import (
	"sync/atomic"
	"time"
)

// quietPeriod is Netty's DEFAULT_SHUTDOWN_QUIET_PERIOD.
const quietPeriod = 2 * time.Second

// QuietPeriod keeps accepting until nothing has come for a while, and then closes: Netty's shutdownGracefully, without the second look of
// its execute (see Recheck). It makes the window of a check before the post rare. A poster that is slower than the period is in it all the same.
type QuietPeriod struct {
	core
	isClosed atomic.Bool
}

var _ Shape = (*QuietPeriod)(nil)

func NewQuietPeriod(workers int, report func(error)) *QuietPeriod {
	s := new(QuietPeriod)
	s.init(s, workers, report)
	return s
}

func (s *QuietPeriod) closed() bool { return s.isClosed.Load() }

func (s *QuietPeriod) Post(f func()) error {
	if s.closed() {
		return ErrClosed
	}
	s.push(f)
	return nil
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
