package shapes

import (
	"slices"
	"sync/atomic"
)

// Recheck appends first and looks afterwards, and takes its callback out again if the loop has been shut meanwhile: Netty's
// SingleThreadEventExecutor.execute, and java.util.concurrent.ThreadPoolExecutor's. A callback that is no longer there to be
// taken out was taken by the drain at the end, which runs it (netty#9603, #9858).
type Recheck struct {
	core
	isShut atomic.Bool
}

var _ Shape = (*Recheck)(nil)

func NewRecheck(workers int, report func(error)) *Recheck {
	s := new(Recheck)
	s.init(s, workers, report)
	return s
}

func (s *Recheck) closed() bool { return s.isShut.Load() }

func (s *Recheck) Post(f func()) error {
	e := &entry{f}
	s.ready.push(e)
	if s.isShut.Load() && s.ready.remove(e) {
		return ErrClosed
	}
	s.wakeUp()
	return nil
}

// Close is confirmShutdown after the state was set, without the quiet period: see QuietPeriod.
func (s *Recheck) Close() error {
	if err := s.enter(); err != nil {
		return ignoreClosed(err)
	}
	defer s.leave()
	s.isShut.Store(true)
	s.drain()
	return nil
}

// remove takes e out, and reports whether it was there.
func (q *queue) remove(e *entry) bool {
	q.Lock()
	defer q.Unlock()
	i := slices.Index(q.entries, e)
	if i < 0 {
		return false
	}
	q.entries = slices.Delete(q.entries, i, i+1)
	return true
}
