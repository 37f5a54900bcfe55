package scheduler

import "github.com/lastcall-go/lastcall/internal/kernel"

// A Mode is how a step uses an object. Two steps of different goroutines are independent
// if, on each object that both use, both have the same mode and that mode is not Writes.
//
// The modes are groups that commute within themselves and with nothing else, but for Flows, where it is told apart what does: see [meets].
// docs/reduction.md has the reason for each pair that commutes; internal/counts runs both orders of every two operations.
type Mode uint8

const (
	Unused Mode = iota // does not look at the object, or only at what never changes
	Reads              // looks, changes nothing
	Adds               // changes without looking, in a way that commutes with others of the same mode
	Subs               // likewise, the other way: commutes with Subs, not with Adds
	Flows              // sends into a channel's buffer, or receives out of it: a send commutes with a receive of something else
	Writes             // everything else
)

// Conflict reports whether the order of two uses of one object can matter. For two that are Flows see [meets].
func (m Mode) Conflict(n Mode) bool {
	return m != Unused && n != Unused && (m != n || m == Writes)
}

// bufferPart is what of a buffer a step uses whose mode is Flows: the place in it, counted from 1, where a send puts something, or, below zero, where a receive finds it.
func bufferPart(e *Event) int32 {
	return partOf(sends(e), int32(e.Slot), int32(e.Was&0xffff), int32(e.Was>>16))
}

// partOf is that of a send, or else a receive, where the next one that is sent goes to place in of a buffer with such a room and so many in it.
func partOf(send bool, in, room, count int32) int32 {
	if send {
		return in + 1
	}
	return -(in+room-count)%room - 1
}

// sends reports whether a step that flows sends.
func sends(e *Event) bool {
	return e.Kind == kernel.Send || e.Kind == kernel.TrySend || e.Can&asksSend != 0
}

// meets reports whether the order of two uses of a buffer can matter. Two sends do not commute, nor do two receives. A send and a receive do unless they use one
// place: where one follows the other, the receive gets what was sent, or makes room for what is. (No send can overtake a receive by more than a round.)
func meets(p, q int32) bool { return (p > 0) == (q > 0) || p == -q }

// conflict reports whether the order of two uses of one object can matter, which have these modes and parts.
func conflict(m Mode, p int32, n Mode, q int32) bool {
	return m.Conflict(n) || m == Flows && n == Flows && meets(p, q)
}

// A Use is how a step uses its objects.
type Use struct {
	Obj, Obj2 Mode
	Time      Mode // the virtual time
	All       bool // depends on every step before it
}

// uses is the one table of what each kind of operation does to its objects.
// A row that calls two dependent steps independent loses bugs silently, so in doubt it says Writes.
var uses = [256]Use{
	kernel.None:  {},
	kernel.Start: {}, // follows its go statement in any order of the steps

	// The end of a goroutine is seen by the verdict only, which comes after every step.
	kernel.End: {},
	// The child's identity hangs on its parent alone, so two goroutines' go statements commute.
	kernel.Go:      {},
	kernel.Gosched: {},

	kernel.Lock:    {Obj: Writes},
	kernel.Unlock:  {Obj: Writes}, // with a TryLock, or of an unlocked mutex, its order decides
	kernel.TryLock: {Obj: Writes}, // reads where it failed (Flags)

	// Readers come in and go out without being told how many there are. Where the calls are not paired, an RUnlock too many is fatal before an RLock and is not
	// after it: such a RWMutex Exhaustive treats otherwise. RLock is no read: it is what makes a TryLock fail.
	kernel.RLock:    {Obj: Adds},
	kernel.RUnlock:  {Obj: Adds},
	kernel.TryRLock: {Obj: Adds},
	kernel.WRequest: {Obj: Writes},
	kernel.WLock:    {Obj: Writes},
	kernel.WUnlock:  {Obj: Writes},
	kernel.TryWLock: {Obj: Writes},

	kernel.Send:      {Obj: Writes}, // flows where there is a buffer and nobody stands in line (Flags)
	kernel.Recv:      {Obj: Writes}, // likewise; reads where the channel is closed and nothing is left in it
	kernel.TrySend:   {Obj: Writes}, // likewise; reads where it found no room
	kernel.TryRecv:   {Obj: Writes}, // likewise; reads where it found nothing, too
	kernel.Close:     {Obj: Writes},
	kernel.Len:       {Obj: Reads},
	kernel.Cap:       {},            // never changes
	kernel.Select:    {Obj: Writes}, // likewise; flows unless another case is of the same channel
	kernel.TrySelect: {Obj: Writes}, // likewise; reads where it took the default case

	kernel.CondWait:      {Obj: Writes, Obj2: Writes}, // Obj2 is the lock that it releases
	kernel.CondSignal:    {Obj: Writes},
	kernel.CondBroadcast: {Obj: Writes},

	// Adds commute as the counter does. The exception is a counter that would fall below zero in one order only, which is a panic:
	// a WaitGroup of which that can be, Exhaustive treats otherwise.
	kernel.WGAdd:  {Obj: Adds},
	kernel.WGWait: {Obj: Reads},

	kernel.OnceDo:   {Obj: Writes}, // reads where the Once is done
	kernel.OnceEnd:  {Obj: Writes},
	kernel.MapRead:  {Obj: Reads},
	kernel.MapWrite: {Obj: Writes},

	kernel.AtomicLoad:  {Obj: Reads},
	kernel.AtomicStore: {Obj: Writes},
	kernel.AtomicRMW:   {Obj: Writes}, // it returns the value, so even two Adds do not commute
	kernel.AtomicCAS:   {Obj: Writes}, // reads where it failed

	kernel.CtxDone:   {Obj: Reads}, // makes the channel when first asked; nobody can tell when that was
	kernel.CtxErr:    {Obj: Reads},
	kernel.CtxCancel: {Obj: Writes}, // reads where the context had ended
	kernel.CtxCause:  {Obj: Reads},
	kernel.CtxLeave:  {Obj: Reads},  // nobody can tell who else is among the children, but who ends them
	kernel.CtxEnd:    {Obj: Writes}, // those who wait can go on

	// A deadline is counted from now.
	kernel.TimerStart: {Obj: Writes, Time: Reads},
	kernel.TimerStop:  {Obj: Writes},
	kernel.TimerReset: {Obj: Writes, Time: Reads},
	kernel.Sleep:      {Obj: Writes, Time: Reads},
	kernel.ClockMove:  {Obj: Writes, Time: Writes, All: true}, // it waits until nothing else can be carried out
	kernel.TimerFire:  {Obj: Writes, Time: Reads},             // belongs to the instant

	// It returns once all others are blocked, so each of their steps has a part in when that is.
	kernel.SynctestWait: {All: true},
}

// Access tells how an operation uses its objects, if it turned out as flags say.
// For an operation that is still to come flags are 0: it may write.
func Access(op *Op, flags Flags) Use {
	if flags&NoUse != 0 {
		return Use{}
	}
	u := uses[op.Kind]
	u.All = u.All || op.Quiet || op.Many
	if flags&Read != 0 {
		u.Obj, u.Obj2 = read(u.Obj), read(u.Obj2)
	}
	if flags&Flow != 0 {
		u.Obj = Flows
	}
	return u
}

func read(m Mode) Mode {
	if m == Unused {
		return Unused
	}
	return Reads
}

// changes reports whether the step can have changed anything: one that cannot is no progress.
func changes(e *Event) bool {
	u := uses[e.Kind]
	return e.Flags&Read == 0 && (u.Obj > Reads || u.Obj2 > Reads || u.Time == Writes || structural[e.Kind])
}

// structural kinds change which goroutines there are.
var structural = [256]bool{kernel.Start: true, kernel.End: true, kernel.Go: true}

// Dependent reports whether the order of a step and an operation of another goroutine that waits to be carried out can matter.
func Dependent(e *Event, op *Op) bool {
	if e.G == op.G {
		return true
	}
	a, b := Access(&e.Op, e.Flags), Access(op, 0)
	if a.All || b.All || a.Time.Conflict(b.Time) {
		return true
	}
	return e.Obj != 0 && (e.Obj == op.Obj && a.Obj.Conflict(b.Obj) || e.Obj == op.Obj2 && a.Obj.Conflict(b.Obj2)) ||
		e.Obj2 != 0 && (e.Obj2 == op.Obj && a.Obj2.Conflict(b.Obj) || e.Obj2 == op.Obj2 && a.Obj2.Conflict(b.Obj2))
}
