package kernel

// A Kind is the kind of an operation, as the runtime's hooks number it.
// The runtime's side (internal/toolchain/overlay) has the same list in the same order;
// a test compares the two.
type Kind uint8

const (
	None    Kind = iota
	Start        // a goroutine's first stretch; never a decision
	End          // the end of a goroutine
	Go           // a go statement
	Gosched      // runtime.Gosched
	Lock         // sync.Mutex
	Unlock
	TryLock
	RLock // sync.RWMutex
	RUnlock
	TryRLock
	WRequest // RWMutex.Lock announces itself
	WLock    // RWMutex.Lock acquires
	WUnlock
	TryWLock
	Send // channels; an unbuffered operation that finds no partner enqueues
	Recv
	TrySend
	TryRecv
	Close
	Len
	Cap
	Select    // without a default case: Alt is the case, or -1 where it enqueues on all
	TrySelect // with a default case
	CondWait  // unlocks and enqueues; the lock taken afterwards is a Lock
	CondSignal
	CondBroadcast
	WGAdd // sync.WaitGroup; Done is Add(-1)
	WGWait
	OnceDo
	OnceEnd // the function that Do called has returned
	MapRead // sync.Map
	MapWrite
	AtomicLoad
	AtomicStore
	AtomicRMW // Add, And, Or, Swap
	AtomicCAS // Read is set where it failed
	CtxDone
	CtxErr
	CtxCancel // one for each context that it ends
	TimerStart
	TimerStop
	TimerReset
	Sleep
	ClockMove // the clock moves to the next timer and fires it; Alt is the timer
	SynctestWait
	TimerFire // a timer that is due fires, and no time passes: the others of an instant to which a ClockMove has led
	CtxLeave  // a context that has ended leaves its parent's children; like CtxCancel and CtxCause it waits while the parent ends them
	CtxCause
	CtxEnd // no operation of its own: a step by which a context has ended all its children (see scheduler.Holds)
	kindCount
)

var kindNames = [...]string{
	None: "none", Start: "start", End: "end", Go: "go", Gosched: "gosched",
	Lock: "lock", Unlock: "unlock", TryLock: "trylock",
	RLock: "rlock", RUnlock: "runlock", TryRLock: "tryrlock",
	WRequest: "lock request", WLock: "write lock", WUnlock: "write unlock", TryWLock: "try write lock",
	Send: "send", Recv: "receive", TrySend: "try send", TryRecv: "try receive", Close: "close", Len: "len", Cap: "cap",
	Select: "select", TrySelect: "select with default",
	CondWait: "cond wait", CondSignal: "signal", CondBroadcast: "broadcast",
	WGAdd: "wg add", WGWait: "wg wait", OnceDo: "once do", OnceEnd: "once end",
	MapRead: "map read", MapWrite: "map write",
	AtomicLoad: "load", AtomicStore: "store", AtomicRMW: "rmw", AtomicCAS: "cas",
	CtxDone: "ctx done", CtxErr: "ctx err", CtxCancel: "ctx cancel",
	TimerStart: "timer start", TimerStop: "timer stop", TimerReset: "timer reset", Sleep: "sleep",
	ClockMove: "clock", SynctestWait: "synctest wait", TimerFire: "timer fires",
	CtxLeave: "ctx leave", CtxCause: "ctx cause", CtxEnd: "ctx end",
}

// String returns the operation's name as a trace prints it.
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return "kind?"
}
