package scenarios

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// A Subject is the loop, pool or queue under test: some funcs that call it, made anew for each schedule, inside the bubble.
// A task is a function given to Post, work one given to Go. Whatever is nil is not tested.
type Subject struct {
	// Post hands over a task. It returns nil where the task was accepted. Required.
	Post func(task func()) error

	// Close is the shutdown under test. A subject that takes no context leaves it aside. Required.
	Close func(context.Context) error

	// Run turns a loop until it is closed, on the goroutine that calls it.
	Run func() error

	// Go has work run on a worker, with a context derived from ctx or ctx itself. It returns nil where the work was accepted.
	// Where the subject waits for room, it waits until ctx ends at most.
	Go func(ctx context.Context, work func(context.Context)) error

	// Wait returns when every task that was accepted before has ended. The subject stays open.
	Wait func() error

	// After has a task run once d has passed. What it returns clears the timer, and reports whether it thereby kept the task from
	// running; false promises nothing.
	After func(d time.Duration, task func()) (clear func() bool, err error)

	// Reopen makes a closed subject usable again. Where it is nil, a restartable subject is reopened by the next Run or, without a
	// Run, by the next Post.
	Reopen func() error

	// Kill frees what a case left that did not come to its end, and what is no memory of the bubble (a file, say).
	Kill func()
}

// An Outcome is what a call comes to that is late or comes twice.
type Outcome string

// Waits is what a Close that returns nil has waited for.
type Waits string

// The values of Outcome and Waits. Queued is one of each.
const (
	Unspecified = "" // nothing is promised: cases that need a promise are left out

	OK    = "OK"    // Outcome: as the first time
	Error = "error" // Outcome: an error, and nothing else happens
	Drop  = "drop"  // Outcome: nil, and the task never runs
	Panic = "panic" // Outcome: a panic in the caller

	None    = "none"    // Waits: Close returns although tasks run
	Running = "running" // Waits: no task is running when Close has returned, and none begins
	Queued  = "queued"  // Waits: the same, and each task that was accepted has run. Outcome: nil, and the task runs when the subject is used again
)

// A Contract is what a library documents. What is left at its zero value is not promised, and a library is never failed for it: a case is
// run only where the contract speaks of what the case does.
//
// Some things need no promise. A task runs at most once, and not at all if Post returned an error; one that was accepted runs, as
// long as nobody closes; no call panics or waits for what can never happen; and a Close that has returned nil, with every task
// ended, leaves no goroutine.
type Contract struct {
	// PostAfterClose is what becomes of a Post when Close has returned: Error, Drop, Panic or Queued. One that overlaps with Close comes to
	// that, or is accepted; with Error and Panic, accepted means all that CloseWaits promises.
	PostAfterClose Outcome

	// CloseWaits is what a Close that returns nil has waited for: None, Running or Queued. It holds for each call, the second included.
	// Queued is said of tasks. A timer that is not due and work that has not begun may be dropped: their owners can be told, and a task's cannot.
	CloseWaits Waits

	// CloseTwice is what a second Close comes to: OK, Error or Panic. Of two that overlap, one returns nil.
	CloseTwice Outcome

	CloseFromTask    bool // a task may call Close, which returns although the task has not ended
	PostFromTask     bool // a task and work may call Post, which does not wait for the caller to end
	Restartable      bool // a closed subject may be used again
	CloseDuringStart bool // Close may be called while Run or Reopen begins
	BlocksWhenFull   bool // Post and Go wait for room; a subject as small as can be shows it within 64 tasks
	PanicContained   bool // a task that panics ends alone
	GoexitContained  bool // a task that calls runtime.Goexit, as t.FailNow does, ends alone

	// AllowGoroutines names functions as package runtime does (example.com/pool.(*Pool).janitor): a goroutine that is in one of them, or was
	// started by one, may outlive a Close.
	AllowGoroutines []string
}

// check says what is wrong with a contract's values.
func (c *Contract) check() error {
	for _, f := range []struct {
		name, value string
		allowed     []string
	}{
		{"PostAfterClose", string(c.PostAfterClose), []string{Unspecified, Error, Drop, Panic, Queued}},
		{"CloseWaits", string(c.CloseWaits), []string{Unspecified, None, Running, Queued}},
		{"CloseTwice", string(c.CloseTwice), []string{Unspecified, OK, Error, Panic}},
	} {
		if !slices.Contains(f.allowed, f.value) {
			return fmt.Errorf("scenarios: Contract.%s is %q, want one of %q", f.name, f.value, f.allowed)
		}
	}
	return nil
}

// joins reports whether tasks must have ended when Close returns.
func (c *Contract) joins() bool { return c.CloseWaits == Running || c.CloseWaits == Queued }

// refuses reports whether a Post that returns nil was accepted, late as it may be.
func (c *Contract) refuses() bool { return c.PostAfterClose == Error || c.PostAfterClose == Panic }
