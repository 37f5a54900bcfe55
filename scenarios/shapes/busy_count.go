package shapes

import "sync/atomic"

// BusyCount keeps the closed bit and the number of those inside Post in one word, and Close waits for the latter to leave: libuv's
// uv__async_spin (libuv#2226, #5058). Nobody is inside when Close goes on, so the handle may be freed.
//
// libuv spins; here the last one to leave sends word, which an explorer of schedules can follow to the end.
// As there, a send that was accepted and whose callback has not run by uv_close is dropped.
type BusyCount struct {
	core
	word   atomic.Uint64
	vacant chan struct{}
}

var _ Shape = (*BusyCount)(nil)

const (
	closedBit = 1
	oneBusy   = 2
)

func NewBusyCount(workers int, report func(error)) *BusyCount {
	s := &BusyCount{vacant: make(chan struct{})}
	s.init(s, workers, report)
	return s
}

func (s *BusyCount) closed() bool { return s.word.Load()&closedBit != 0 }

func (s *BusyCount) Post(f func()) error {
	for {
		w := s.word.Load()
		if w&closedBit != 0 {
			return ErrClosed
		}
		if s.word.CompareAndSwap(w, w+oneBusy) {
			break
		}
	}
	s.push(f)
	if s.word.Add(^uint64(oneBusy-1)) == closedBit {
		close(s.vacant)
	}
	return nil
}

func (s *BusyCount) Close() error {
	if err := s.enter(); err != nil {
		return ignoreClosed(err)
	}
	defer s.leave()
	if before := s.word.Or(closedBit); before >= oneBusy {
		<-s.vacant
	}
	s.drop()
	return nil
}
