package loop

import (
	"sync"
	"sync/atomic"
	"time"
)

// phase is how far the loop is on its way out. It only grows.
type phase uint8

const (
	open     phase = iota
	draining       // Shutdown: nothing new is accepted, what was accepted is carried out
	closing        // Close: nothing begins any more
	over           // the last worker and the last callback are done
)

// haltBit in Loop.ran keeps the runner from beginning another callback. The rest of the word counts those begun.
const haltBit = 1 << 63

// A Loop calls functions one at a time, in order, on the goroutine that is in Run. Make it with [New].
//
// One mutex guards loop, workers and futures alike. Every promise of the contract is about the order of two events (a post and a
// close, a result and a close, a cancel and a start), and an order is cheapest to keep in one critical section.
type Loop struct {
	config
	epoch time.Time     // deadlines count from here, on the monotonic clock
	over  chan struct{} // closed in phase over
	wake  chan struct{} // holds a token if the runner was woken and has not taken notice; see sleep.go
	work  func()        // worker as a value, so that starting one allocates no closure

	_  cacheLine
	mu sync.Mutex // guards everything down to the next cacheLine

	// What Post touches, on one cache line.

	phase    phase
	running  bool // a goroutine has the runner's role: it is in Run, Await, or a Shutdown that drains
	stop     bool // Stop was called
	asleep   bool // the runner waits for a token in wake
	inBatch  bool // the runner has a batch in hand
	accepted int
	queue    queue // accepted and ready to run; the next batch

	free      chunks // for the queue to grow
	timers    timerHeap
	timerSeq  uint64
	batchEnd  uint64 // what ran will be when the batch in hand has run
	reserved  int    // OnDone functions of futures that have not ended
	cancelled int
	dropped   int
	cut       int           // of the dropped: not timers that were not due at a Shutdown
	reporting int           // calls of OnDrop that have not returned
	until     *task         // what the runner awaits, in Await
	changed   chan struct{} // made by whoever waits for a change of running or reporting, closed at the change

	jobs      taskList // accepted work that waits for a worker
	active    taskList // work that has begun
	workers   int      // worker goroutines, those on their way included
	coming    int      // of the workers: those that have not looked for work yet
	lent      int      // workers allowed beyond the limit, see lend
	blocked   []*submitter
	submitted int
	returned  int
	withdrawn int

	_ cacheLine

	// ran is advanced by the runner alone, without the mutex, and halted with it: beginning a callback and keeping
	// all callbacks from beginning are one step each on the same word.
	ran atomic.Uint64

	// What follows belongs to the runner's role, which changes hands under the mutex.

	begun uint64 // ran, without the haltBit
	batch queue  // what is left of the batch in hand
	empty chunks // what it has left behind
	clock *time.Timer

	_ cacheLine
}

// cacheLine keeps what the posters write apart from what the runner writes. Without it a Post takes twice the time.
type cacheLine [64]byte

// New returns a loop that is open. It starts no goroutine; somebody has to call [Loop.Run].
func New(opts ...Option) *Loop {
	l := &Loop{
		config: newConfig(opts),
		epoch:  time.Now(),
		over:   make(chan struct{}),
		wake:   make(chan struct{}, 1),
	}
	l.work = l.worker
	return l
}

// Closed returns a channel that is closed when the loop is over: it was shut down or closed, and the last worker and
// the last callback are done.
func (l *Loop) Closed() <-chan struct{} { return l.over }

// now is the time on the loop's clock.
func (l *Loop) now() time.Duration { return time.Since(l.epoch) }

// settleOverLocked ends the last phase as soon as nothing is left to do. Whoever takes away a reason to go on calls it.
func (l *Loop) settleOverLocked() {
	if l.phase == open || l.phase == over {
		return
	}
	// Contract 4: the workers have returned, and so has every callback, those that their results caused included:
	// a worker hands over its result and gives up its place in workers in one critical section.
	if l.workers > 0 || l.inBatch || l.reporting > 0 || l.queue.len > 0 || len(l.timers) > 0 {
		return
	}
	l.phase = over
	close(l.over)
	l.wakeLocked()
	l.broadcastLocked()
}

// changedLocked returns a channel that is closed at the next broadcastLocked.
func (l *Loop) changedLocked() <-chan struct{} {
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}

// broadcastLocked is a [sync.Cond]'s Broadcast to waiters who want to select.
func (l *Loop) broadcastLocked() {
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}
