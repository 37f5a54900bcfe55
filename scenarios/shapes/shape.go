package shapes

import (
	"errors"
	"time"
)

var (
	// ErrClosed refuses what comes after the door was shut, and is the error of a job whose result nobody could take.
	ErrClosed = errors.New("the loop is closed")

	// ErrRunning refuses to run or to close a loop that runs.
	ErrRunning = errors.New("the loop is running")
)

// A Shape is an event loop with workers.
type Shape interface {
	// Post has the loop call f. An error says that it will not; nil says what the shape says.
	Post(f func()) error

	// Outside returns a Post for one call by another thread. The loop's thread asks for it beforehand.
	Outside() func(f func()) error

	// Submit has a worker call fn.
	Submit(fn func() error) (*Future, error)

	// Occupy has a worker call fn and hands nothing back.
	Occupy(fn func())

	// After has the loop call f once d has passed.
	After(d time.Duration, f func()) error

	// Run runs the loop until Stop, Turn runs what is ready now, Wait runs it until done says so, which is asked after each batch.
	Run() error
	Turn() error
	Wait(done func() bool) error
	Stop()

	// Shutdown waits for the workers while the loop turns, for so long at most; 0 means no limit. It reports whether they have ended.
	Shutdown(timeout time.Duration) bool

	// Close shuts the door and does with what is queued what the shape does.
	Close() error

	// Exit ends the threads and waits for them, as at the end of the process.
	Exit()

	// Left is how much the queue holds.
	Left() int

	closed() bool
	hand(f *Future, err error)
}
