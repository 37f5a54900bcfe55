package scheduler

import "github.com/lastcall-go/lastcall/internal/kernel"

// A Kind is the kind of an operation: Lock, Send, Select and so on.
type Kind = kernel.Kind

// A G is a goroutine of the run: 0 is the bubble's main goroutine, the others are numbered
// in the order in which they were started. Clock is the bubble's clock, which is a participant like any other.
type G int32

// Clock is the participant that moves the virtual time and fires timers.
const Clock G = -1

// An Obj is an object of the run (a channel, a mutex, a timer), numbered from 1 in the order
// in which the run touched it; 0 means none. The number is good within one run only.
type Obj int32

// An Op is an operation that a goroutine is about to carry out, known before it does.
type Op struct {
	G     G
	Obj   Obj
	Obj2  Obj   // the second object, where there is one: the lock that Cond.Wait releases
	Alt   int32 // which alternative: the select's case, the waiter that Signal wakes, the timer that fires; -1 for none
	N     int32 // how many operations G carried out before this one
	Kind  Kind
	Quiet bool // the standard library's own: a step only because it had to wait
	Many  bool // By is the last of several steps
	_     [1]byte
	By    int32   // the step, counted from 1, that started or woke G since its last operation, or armed the timer; 0 for none
	Arg   int32   // what WaitGroup.Add adds; the value that a compare-and-swap looks for, as Was; G+1 of who leaves the line at a channel, with Also
	ID    uint64  // the goroutine's identity: its parent's and the how-manyeth it started; the same in every run
	ObjID uint64  // the object's identity within this run: who touched it first, and with which of its operations
	PC    uintptr // where in the program, for runtime.CallersFrames
}

// A Choice is an operation that can be carried out now, with the alternative that it would take.
type Choice = Op

// An Event is an operation that has been carried out.
type Event struct {
	Op
	Now   int64  // virtual time, in nanoseconds since the Unix epoch
	Flags Flags  // how it turned out
	Can   Can    // what could be carried out on the channel right before
	Slot  uint16 // of a channel that is Buffered: where in its buffer the next one goes that is sent

	// Was is the atomic variable's value right before: 32 bits that are good within one run only, addresses among them.
	// Of a channel it says who would be woken out of a select: G+1 of who stands first in line to receive, and in the upper half to send; 0 for nobody.
	// Of one that is Buffered it is the buffer's room, and in the upper half how many are in it.
	Was uint32
}

// Can tells what could be carried out on a channel, as far as waiting goes.
type Can uint8

const (
	CanSend Can = 1 << iota
	CanRecv
	ReadySend // without having to stand in line
	ReadyRecv
	Timed    // a timer's: what is ready changes with the time
	asksSend // it is a case of the select that is carried out
	asksRecv
	Buffered // it is open and has a buffer, of fewer than 2^16, and nobody stands in line
)

// Flags tell how an operation turned out.
type Flags uint8

const (
	Read    Flags = 1 << iota // it changed nothing: a failed compare-and-swap, a TryLock that found the lock taken
	Blocked                   // it enqueued, and its goroutine waits for a partner
	Forced                    // there was no other choice
	Also                      // no step of its own: one more object that the step before it touched
	Valued                    // an atomic variable's Was is known and, of a compare-and-swap, Arg: not those of an atomic.Value
	NoUse                     // nor has it touched that one: one more case of a select, of a channel that another case has
	Flow                      // a send into a channel's buffer, or a receive out of it, and nobody stood in line; a try that did so, or a select's case
	Holds                     // a context that has ended has children, which end in steps of their own: who waits for it goes on at a step that is also a CtxEnd of it
)

// A Decision is what a strategy sees at each choice point.
// Its slices are valid until Pick returns.
type Decision struct {
	Choices []Choice // what can be carried out now, in a fixed order: goroutines as numbered, then the clock
	Pending []Op     // what live goroutines wait to carry out and cannot
	Since   []Event  // everything carried out since the last decision, forced steps included
	Step    int      // how many operations the run has carried out
	Homes   []uint64 // by object, for a Locator: which one it is, the same in every run; 0 where that cannot be told

	set    uint64 // see choicesHash
	hashed bool
}

// A Strategy yields runs, one for each schedule. Next is safe for concurrent use.
type Strategy interface {
	Next() (Run, bool) // false when no schedule is left
}

// A Run makes the decisions of one schedule.
type Run interface {
	Pick(d *Decision) int // an index into d.Choices, or Stop
	End(o *Outcome)
}

// Stop is what Pick returns to end the schedule where it is, since it cannot go on as planned.
// Only a [Diverger] does that; it then says why.
const Stop = -1

// A Diverger is a Run that follows an earlier one and checks each step against it.
type Diverger interface {
	Run
	Diverged() *Divergence // nil while all is as it was; final after End
}

// A Drawer is a Run that says what the goroutines' random streams (math/rand's global functions and the like) are seeded with.
// Those of a Run that is none are seeded with 0, always the same.
type Drawer interface {
	Run
	Draws() uint64
}

// A Locator is a Run that compares objects with those of other runs. It is told which they are, which costs time.
type Locator interface {
	Run
	Locates() bool
}

// A Completer is a Strategy that knows when it has tried everything.
type Completer interface {
	Strategy
	Complete() bool // every schedule within the bounds has been run to its end
	Bounded() bool  // a bound left schedules out
}

// An Estimator is a Strategy that can guess how far it has come.
type Estimator interface {
	Strategy
	Estimate() (done float64, ok bool) // which part of the schedules is behind, from 0 to 1; an estimate, which may fall
}

// A Maker makes a strategy from a seed.
type Maker func(seed uint64) Strategy

// An Outcome is what a schedule came to.
type Outcome struct {
	Since     []Event // what was carried out since the last decision
	Steps     int     // operations carried out, forced ones included
	Decisions int     // how often Pick was asked
	Failed    bool
	Kind      string   // the verdict's kind, "" for a schedule that passed
	Cut       bool     // the step limit ended it
	Choices   []Choice // what could still be carried out, where a verdict ended the run
	Pending   []Op     // what goroutines that are left waited to carry out and could not
	Homes     []uint64 // as in Decision
	Timers    int      // timers armed, those of the standard library's own included
	Class     uint64   // hash of the run's partial order: equal for runs that differ only in the order of independent steps
}
