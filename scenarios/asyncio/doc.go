// Package asyncio renders in Go the machinery of Python's asyncio that matters when a loop is closed, as it was in
// 2015 (CPython 3.4 and 3.5.0): the ready queue, call_soon_threadsafe, futures, the thread pool, and the
// bare callback by which a worker hands its result to the loop.
//
// # Steps
//
// What Python's interpreter lock makes one step is one operation here too: a read or write of an attribute that threads share is an
// atomic one, an append to or a popleft of a deque is a send or a receive. The boundary between two of them is a point at
// which another thread may run. Python's locks are locks.
//
// # Names
//
// Names are Python's, in Go's case. The doc comment of each says which function it renders, the module first; where no version
// is given, it is the same in all of 3.4 and 3.5.0. What Python raises is returned as an error, with Python's words.
//
// # Not covered
//
// Only what the catalogue uses is here: no timers, file descriptors, handles, tasks, debug mode or exception handler. A future has
// no result but its exception. Programs that misuse the loop (run it twice, close it while it runs) are not told so.
//
// The code is meant to be broken where the original is.
package asyncio
