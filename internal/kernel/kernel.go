package kernel

// Op mirrors the runtime's lcOp; scheduler.Op documents the fields.
type Op struct {
	G     int32
	Obj   int32
	Obj2  int32
	Alt   int32
	N     int32
	Kind  Kind
	Quiet bool
	Many  bool
	_     byte
	By    int32
	Arg   int32
	ID    uint64
	ObjID uint64
	PC    uintptr
}

// Event mirrors the runtime's lcEvent.
type Event struct {
	Op
	Now   int64
	Flags uint8
	Can   uint8
	Slot  uint16
	Was   uint32
}

// A Status tells why the controller is needed.
type Status int32

const (
	_       Status = iota
	Decide         // several operations can be carried out
	Drain          // the buffer of events is full
	Idle           // nothing can be carried out
	Ended          // no goroutine is left
	Verdict        // a goroutine came to one
	Limit          // the limit of steps is reached
)

// The verdicts that the runtime reaches by itself, or is told of.
const (
	VerdictNone int32 = iota
	VerdictPanic
	VerdictFatal
	VerdictExit
	VerdictStop
	VerdictGoexit
	VerdictOutside
	VerdictSpin
)

// The states of a goroutine.
const (
	StateDead uint8 = iota
	StateRunning
	StatePoint  // stopped before its operation
	StateRunOn  // started or woken
	StateParked // waits for a partner
)

// Goroutine describes one live goroutine of a world.
type Goroutine struct {
	G       int32
	Parent  int32
	State   uint8
	Never   bool // it waits for what can never happen
	Outside bool // it waits for something that somebody outside the bubble may bring about
	_       [5]byte
	Op      Op
	PC      uintptr // where it was started
	Reason  string  // the runtime's word for why it waits
}
