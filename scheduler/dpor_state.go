package scheduler

import "github.com/lastcall-go/lastcall/internal/kernel"

// state is as much of an object's state as tells which operations on it would have to wait.
// An object is of one kind; the fields of the others stay zero.
type objState struct {
	held    bool  // a Mutex, or a RWMutex by a writer, from its request on
	running bool  // a Once
	readers int32 // of a RWMutex
	count   int32 // of a WaitGroup
	can     Can   // a channel
}

// after makes the state that which follows e.
func (s *objState) after(e *Event) {
	if e.Flags&Read != 0 {
		return
	}
	switch e.Kind {
	case kernel.Lock, kernel.TryLock, kernel.WRequest, kernel.TryWLock:
		s.held = true
	case kernel.Unlock, kernel.WUnlock:
		s.held = false
	case kernel.CondWait: // of any sync.Locker
		if s.held {
			s.held = false
		} else if s.readers > 0 {
			s.readers--
		}
	case kernel.RLock, kernel.TryRLock:
		s.readers++
	case kernel.RUnlock:
		s.readers--
	case kernel.WGAdd:
		s.count += e.Arg
	case kernel.OnceDo:
		s.running = true
	case kernel.OnceEnd:
		s.running = false
	}
}

// waits kinds of operation wait until their object allows them.
var waits = [256]bool{
	kernel.Lock: true, kernel.RLock: true, kernel.WRequest: true, kernel.WLock: true,
	kernel.Send: true, kernel.Recv: true, kernel.WGWait: true, kernel.OnceDo: true,
}

// allows reports whether an operation of that kind could be carried out.
func (s *objState) allows(k Kind) bool {
	switch k {
	case kernel.Lock, kernel.RLock, kernel.WRequest:
		return !s.held
	case kernel.WLock:
		return s.readers == 0
	case kernel.Send:
		return s.can&CanSend != 0
	case kernel.Recv:
		return s.can&CanRecv != 0
	case kernel.WGWait:
		return s.count == 0
	case kernel.OnceDo:
		return !s.running
	}
	return true
}
