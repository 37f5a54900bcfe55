package scenarios

import (
	"fmt"
	"strings"
	"sync/atomic"
)

// A job is a task or work, and what became of it. Moments are numbers that grow; 0 is never.
//
// Goroutines of the bubble share the ledger, one of which runs at a time. It is hidden from the race detector, since a lock here
// would order what the subject does not.
type job struct {
	name   string
	body   func()        // what it does, before the gate
	gate   chan struct{} // what it waits for, if not nil
	finale func()        // what it does at its end, when the ledger counts it as ended: panic, Goexit

	called    int   // when Post was called
	returned  int   // when it returned
	err       error // with what
	panicked  bool
	begun     int // how often
	began     int
	ended     int
	excused   bool // it need not run: the case has cancelled it
	cleared   bool // it must not: the subject says so
	droppable bool // Close may drop it: a timer, and work
}

func (j *job) String() string { return j.name }

// accepted reports whether Post has returned nil.
//
//go:norace
func (j *job) accepted() bool { return j.returned != 0 && j.err == nil && !j.panicked }

//go:norace
func (j *job) refused() bool { return j.returned != 0 && (j.err != nil || j.panicked) }

//go:norace
func (j *job) running() bool { return j.begun > 0 && j.ended == 0 }

//go:norace
func (j *job) hasBegun() bool { return j.begun > 0 }

//go:norace
func (j *job) hasEnded() bool { return j.ended != 0 }

// settled reports whether the job has come to its end: run, refused or cancelled.
//
//go:norace
func (j *job) settled() bool { return j.ended != 0 || j.refused() || j.excused && j.begun == 0 }

// ledger is what happened in one schedule.
type ledger struct {
	now    int
	jobs   []*job
	closes int // calls of Close, since the subject was opened last

	closeCalled   int  // the first call's moment, since the subject was opened last
	closeReturned int  // the moment at which a Close returned nil, since then
	closeGaveUp   bool // a Close whose context had ended returned an error
	closeInside   bool // a task called Close

	point atomic.Int64
}

// tick is the next moment.
//
//go:norace
func (l *ledger) tick() int {
	l.now++
	return l.now
}

// visible is an operation that the scheduler sees: what is written down next is ordered with what other goroutines write down after theirs. A
// reduction would otherwise take the orders for one.
func (l *ledger) visible() {
	raceDisable()
	l.point.Add(1)
	raceEnable()
}

// posting and posted frame a call of Post or Go.

//go:norace
func (l *ledger) posting(j *job) { j.called = l.tick() }

//go:norace
func (l *ledger) posted(j *job, err error, panicked bool) {
	j.returned, j.err, j.panicked = l.tick(), err, panicked
}

//go:norace
func (l *ledger) begin(j *job) {
	j.begun++
	j.began = l.tick()
}

//go:norace
func (l *ledger) end(j *job) { j.ended = l.tick() }

//go:norace
func (l *ledger) closing(inside bool) {
	l.closes++
	if l.closeCalled == 0 {
		l.closeCalled = l.tick()
	}
	l.closeInside = l.closeInside || inside
}

//go:norace
func (l *ledger) closed() {
	if l.closeReturned == 0 {
		l.closeReturned = l.tick()
	}
}

// reopened forgets that there was a Close.
//
//go:norace
func (l *ledger) reopened() { l.closes, l.closeCalled, l.closeReturned = 0, 0, 0 }

//go:norace
func (j *job) mayBeDropped() { j.droppable = true }

// excuse says that a job need not run.
//
//go:norace
func (l *ledger) excuse(j *job) { j.excused = true }

//go:norace
func (l *ledger) clear(j *job) { j.cleared = true }

//go:norace
func (j *job) isCleared() bool { return j.cleared }

//go:norace
func (l *ledger) gaveUp() { l.closeGaveUp = true }

//go:norace
func (l *ledger) closedTwice() bool { return l.closes > 1 }

//go:norace
func (l *ledger) wasClosed() bool { return l.closeReturned != 0 }

//go:norace
func (l *ledger) wasCloseCalled() bool { return l.closeCalled != 0 }

// owed reports whether a Close that waits for what is queued has to have j run.
//
//go:norace
func (l *ledger) owed(j *job, refuses bool) bool {
	return j.accepted() && !j.excused && !j.droppable && (refuses || l.closeCalled == 0 || j.returned < l.closeCalled)
}

// those are the names of the jobs for which is holds.
func (l *ledger) those(is func(*job) bool) string {
	var names []string
	for _, j := range l.jobs {
		if is(j) {
			names = append(names, j.name)
		}
	}
	return strings.Join(names, ", ")
}

// account says what became of each job, for the end of a message.
//
//go:norace
func (l *ledger) account() string {
	var b strings.Builder
	for _, j := range l.jobs {
		if j.called == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s: ", j.name)
		switch {
		case j.panicked:
			b.WriteString("Post panicked")
		case j.returned == 0:
			b.WriteString("Post has not returned")
		case j.err != nil:
			fmt.Fprintf(&b, "refused (%v)", j.err)
		default:
			b.WriteString("accepted")
		}
		switch {
		case j.running():
			b.WriteString(", runs")
		case j.ended != 0:
			b.WriteString(", ended")
		default:
			b.WriteString(", not begun")
		}
		if j.excused {
			b.WriteString(", cancelled")
		}
	}
	return b.String()
}
