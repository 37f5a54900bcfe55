package scheduler

import "github.com/lastcall-go/lastcall/internal/kernel"

// objState is as much of an object's state as tells which operations on it would have to wait, and how those turn out that may fail.
// An object is of one kind; the fields of the others stay zero.
type objState struct {
	held    bool   // a Mutex, or a RWMutex by a writer, from its request on; a context, while its children are ended
	running bool   // a Once
	done    bool   // likewise
	readers int32  // of a RWMutex
	count   int32  // of a WaitGroup; of what is in a channel's buffer
	room    int32  // of the buffer, 0 if somebody stands in line, or it is closed, or there is none
	in      int32  // the place where the next one goes that is sent
	drained bool   // a channel is closed, and nothing is left in it
	can     Can    // a channel
	was     uint32 // an atomic variable, or who would be woken out of a select by what is done on a channel: see Event
	known   bool   // was is
}

// see takes up what the kernel says of the object right before e.
func (s *objState) see(e *Event) {
	s.was, s.known = e.Was, e.Flags&Valued != 0
	if e.Flags&Also == 0 && (e.Kind < kernel.Send || e.Kind > kernel.TrySelect) {
		return
	}
	if s.can, s.room, s.drained = e.Can, 0, e.Can&Buffered == 0 && e.Slot == 1; s.can&Buffered != 0 {
		s.in, s.room, s.count, s.was = int32(e.Slot), int32(e.Was&0xffff), int32(e.Was>>16), 0
	}
}

// flow is what a send, or else a receive, uses of a channel.
func (s *objState) flow(send bool) (m Mode, part int32) {
	if s.drained && !send {
		return Reads, 0
	}
	if s.room == 0 || !s.ready(send) {
		return Writes, 0
	}
	return Flows, partOf(send, s.in, s.room, s.count)
}

// flows makes the state that which follows a send into the buffer, or else a receive out of it.
func (s *objState) flows(send bool) {
	if s.count--; send {
		s.count, s.in = s.count+2, (s.in+1)%s.room
	}
	s.can &^= CanSend | ReadySend | CanRecv | ReadyRecv
	if s.count < s.room {
		s.can |= CanSend | ReadySend
	}
	if s.count > 0 {
		s.can |= CanRecv | ReadyRecv
	}
}

// after makes the state that which follows an operation, as far as that can be told from the operation.
func (s *objState) after(a *access) {
	if a.read {
		return
	}
	if a.mode == Flows {
		s.flows(a.part > 0)
		return
	}
	switch a.kind {
	case kernel.Lock, kernel.TryLock, kernel.WRequest, kernel.TryWLock:
		s.held = true
	case kernel.Unlock, kernel.WUnlock, kernel.CtxEnd:
		s.held = false
	case kernel.CtxCancel:
		s.held = a.arg > 0
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
		s.count += a.arg
	case kernel.OnceDo:
		s.running = true
	case kernel.OnceEnd:
		s.running, s.done = false, true
	}
}

// waits kinds of operation wait until their object allows them.
var waits = [256]bool{
	kernel.Lock: true, kernel.RLock: true, kernel.WRequest: true, kernel.WLock: true,
	kernel.Send: true, kernel.Recv: true, kernel.WGWait: true, kernel.OnceDo: true,
	kernel.CtxCancel: true, kernel.CtxLeave: true, kernel.CtxCause: true,
}

// ofContexts are those of them that hardly ever do.
var ofContexts = [256]bool{kernel.CtxCancel: true, kernel.CtxLeave: true, kernel.CtxCause: true}

// allows reports whether an operation of that kind could be carried out.
func (s *objState) allows(k Kind) bool {
	switch k {
	case kernel.Lock, kernel.RLock, kernel.WRequest, kernel.CtxCancel, kernel.CtxLeave, kernel.CtxCause:
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

// fails reports whether an operation of that kind would turn out to change nothing, and whether that can be told.
// What a compare-and-swap looks for is in arg.
func (s *objState) fails(k Kind, arg int32) (fails, known bool) {
	switch k {
	case kernel.AtomicCAS:
		return s.was != uint32(arg), s.known
	case kernel.TryLock, kernel.TryRLock:
		return s.held, true
	case kernel.TryWLock:
		return s.held || s.readers > 0, true
	case kernel.OnceDo:
		return s.done, true
	case kernel.TrySend:
		return s.can&ReadySend == 0, true
	case kernel.TryRecv:
		return s.can&ReadyRecv == 0, s.can&Timed == 0
	}
	return false, false
}

// ready reports whether a send on a channel, or else a receive, would complete at once.
func (s *objState) ready(send bool) bool {
	if send {
		return s.can&ReadySend != 0
	}
	return s.can&ReadyRecv != 0
}
