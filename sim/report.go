package sim

import (
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

// A Kind is a kind of failure.
type Kind string

// The kinds of failure. Panic outranks DataRace, and DataRace the others.
const (
	Assertion      Kind = scheduler.KindAssertion      // t.Error, t.Fatal and the like
	Panic          Kind = scheduler.KindPanic          // in any goroutine
	Fatal          Kind = scheduler.KindFatal          // a fatal error of package sync or of maps
	Deadlock       Kind = scheduler.KindDeadlock       // nothing can run and no timer is pending
	Leak           Kind = scheduler.KindLeak           // the body has returned, Grace is spent, and goroutines remain
	StepLimit      Kind = scheduler.KindStepLimit      // the schedule is longer than Steps
	Spin           Kind = scheduler.KindSpin           // 10 s of real time without an operation
	Exit           Kind = scheduler.KindExit           // os.Exit, log.Fatal
	DataRace       Kind = scheduler.KindDataRace       // the race detector reported one in this schedule
	Divergence     Kind = scheduler.KindDivergence     // the same schedule led elsewhere
	BlockedOutside Kind = scheduler.KindBlockedOutside // blocked for a second on what the bubble does not control
)

// A Report is what an exploration came to.
type Report struct {
	Name      string
	Schedules int // schedules run
	Steps     int64
	Distinct  int        // schedules that differ in more than the order of independent steps
	New       float64    // an estimate of how many of further randomized schedules would be distinct from all so far, 0 to 1 (Good and Turing's)
	Behind    float64    // an estimate of which part of an exhaustive search is behind, 0 to 1; 0 where there is none
	Complete  bool       // nothing is left to run within the bounds given
	Bounded   bool       // a bound left schedules out
	Gaps      string     // why a search that has nothing left to run is not complete
	Failures  []*Failure // one for each distinct failure (kind and place), in the order found, minimised
	Failing   int        // schedules that failed; more than 1 only with KeepGoing
	Elapsed   time.Duration
	Strategy  string
	Seed      uint64
	Skipped   bool // the body called Skip
	Stopped   Stop // why it ended although schedules were left
	Passed    int  // schedules begun that were another shard's, or turned out to be the like of others

	progress string // the file that says where it stands
}

// A Stop is a reason why an exploration ended although schedules were left.
type Stop string

// The reasons. A randomized strategy always has schedules left; where it made as many as were asked for, or failed, there is none.
const (
	Interrupt      Stop = "interrupted"      // by a signal
	OutOfTime      Stop = "out of time"      // by the budget or the test's deadline
	OutOfSchedules Stop = "out of schedules" // an exhaustive search needs more than were asked for
)

// OK reports whether no schedule failed.
func (r *Report) OK() bool { return len(r.Failures) == 0 }

// A Failure is one way in which the body failed.
type Failure struct {
	Kind        Kind
	Message     string
	Token       string // replays the minimised schedule; of any length, and [scheduler.ParseToken] makes of it what MarshalText writes to a .sched file
	Schedule    int    // the 1-based number of the schedule that first showed it
	Preemptions int    // of the minimised schedule
	Place       string // where in the program: two failures of one kind and place count as one
	Trace       Trace  // the minimised run, step by step
	Why         Explanation

	schedule *scheduler.Schedule
	lag      time.Duration
}
