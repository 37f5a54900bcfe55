// Package shapes has the ways in which real event loops take what other threads post and close the door, as small loops in plain
// Go: one file a shape, named after the system that it is taken from.
//
// What is not in question they share, in core.go, pool.go and future.go: a ready queue, timers, a pool of threads, futures as
// asyncio has them (cancelling one that runs ends it at once, and its worker goes on). What differs is how a post passes the
// door, what a worker does with a result, and what Close does, in this order of care: nothing, a lock, a second look, a count, a
// wait.
//
// # Threads
//
// The thread that made a loop runs it and closes it, unless a shape says otherwise: [Shape.Run], [Shape.Turn], [Shape.Wait],
// [Shape.After] and [Shape.Shutdown] are its own. [Shape.Post], [Shape.Stop] and [Shape.Close] may be called from anywhere.
// A loop that runs refuses to be closed with [ErrRunning], as asyncio's does, whatever its model would do.
//
// # Not covered
//
// Each shape is the protocol and no more: no I/O, no priorities, no errors of the system. The code is meant to be broken where
// the original is.
package shapes
