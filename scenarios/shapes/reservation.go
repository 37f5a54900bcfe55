package shapes

import (
	"sync/atomic"
	"time"
)

// Reservation counts a callback before the worker that is to bring it starts, and the loop does not end while the count is not zero: k6's
// event loop (RegisterCallback, WaitOnRegistered). Whoever holds a reservation can always post, once; whoever does not has no way to.
//
// Close is WaitOnRegistered, which runs callbacks as they come. It is as patient as the slowest holder.
type Reservation struct {
	core
	isClosed   atomic.Bool
	registered int // guarded by the queue's lock
}

var _ Shape = (*Reservation)(nil)

func NewReservation(workers int, report func(error)) *Reservation {
	s := new(Reservation)
	s.init(s, workers, report)
	return s
}

func (s *Reservation) closed() bool { return s.isClosed.Load() }

// register is RegisterCallback. It is the loop's thread's.
func (s *Reservation) register() (enqueue func(f func())) {
	s.ready.Lock()
	s.registered++
	s.ready.Unlock()
	return func(f func()) {
		s.ready.Lock()
		s.registered--
		s.ready.entries = append(s.ready.entries, &entry{f})
		s.ready.Unlock()
		s.wakeUp()
	}
}

// Post is the loop's thread's: it reserves and enqueues.
func (s *Reservation) Post(f func()) error { return s.Outside()(f) }

// Outside reserves, and returns the right to enqueue.
func (s *Reservation) Outside() func(func()) error {
	if s.closed() {
		return func(func()) error { return ErrClosed }
	}
	enqueue := s.register()
	return func(f func()) error {
		enqueue(f)
		return nil
	}
}

// Submit reserves before the worker starts. A job that never begins leaves its place, so its worker enqueues all the same.
func (s *Reservation) Submit(fn func() error) (*Future, error) {
	if s.closed() {
		return nil, ErrClosed
	}
	f, enqueue := new(Future), s.register()
	s.pool.start(func() {
		var err error
		if f.begin() {
			err = fn()
		}
		enqueue(func() { f.finish(err) })
	})
	return f, nil
}

func (s *Reservation) hand(*Future, error) {}

// none reports whether nobody holds a reservation and nothing is queued.
func (s *Reservation) none() bool {
	s.ready.Lock()
	defer s.ready.Unlock()
	return s.registered == 0 && len(s.ready.entries) == 0
}

func (s *Reservation) Shutdown(timeout time.Duration) bool { return s.waitUntil(s.none, timeout) }

func (s *Reservation) Close() error {
	err := s.Wait(func() bool { return s.none() && len(s.timers) == 0 })
	if err != nil {
		return ignoreClosed(err)
	}
	s.isClosed.Store(true)
	return nil
}
