package matrix

import (
	"context"
	"time"
)

// system is what the programs of the rows ask of a column: an event loop with workers. Where nothing else is said a method is called by the
// thread that made the loop, the main one.
//
// An error is the column's own way to refuse. It is told to whoever called, so it is no failure of the column's; what is raised
// where nobody catches it goes to [ledger.uncaught].
type system interface {
	// submit hands fn to a worker. Its context ends when the column tells fn to stop, if it has a way to.
	submit(fn func(ctx context.Context) error) (job, error)

	// occupy hands fn to a worker, and nobody is told what comes of it.
	occupy(fn func())

	// post has the loop call f. It may be called by callbacks as well.
	post(f func()) error

	// outside returns what another thread posts with, once.
	outside() (post func(f func()) error)

	// asker returns what another thread asks the loop with, once: it has the loop call f, and waits until it has.
	asker() (ask func(ctx context.Context, f func()) error)

	// after has the loop call f once d has passed.
	after(d time.Duration, f func()) error

	// run runs the loop until stop, which may be called from anywhere. turn runs what is ready.
	run() error
	stop()
	turn() error

	// firstError runs the loop until one of the jobs has failed or all have ended, all until all have ended.
	firstError(jobs ...job) error
	all(jobs ...job) error

	// shutdown is the column's graceful way: it waits for the workers, for so long at most, where 0 means no limit.
	shutdown(timeout time.Duration) error

	// close ends the loop at once. Any thread may call it, and callbacks and jobs as well.
	close() error

	// exit ends the process: what it joins, and nothing else, may still run when close has returned.
	exit()

	// told is of how many accepted callbacks the column has said that they will not run. left is how much a closed loop's queue holds. Both are asked at the end.
	told() int
	left() int
}

// A job is what submit returns. Its methods are the main thread's.
type job interface {
	// cancel asks that the job not run, or that its result be thrown away. True says that it will be so.
	cancel() bool

	// ended reports whether the job has ended, and with what.
	ended() (bool, error)
}

// unanswered is how an asker says that its question was accepted and that no answer will come.
type unanswered struct{ error }
