// Package asyncio renders in Go the machinery of Python's asyncio and concurrent.futures that matters when a loop is closed, as it was
// and as it is: the ready queue and the timer heap, call_soon_threadsafe, futures of both kinds and what chains them, the thread pool,
// tasks, the order of shutdown. A [Version] says which CPython.
//
// # Steps
//
// What Python's interpreter lock makes one step is one operation here too: a read or write of an attribute that threads share is an
// atomic one, an append to or a popleft of a deque is a send or a receive that never waits. The boundary between two of them is a point
// at which another thread may run. Python's locks are locks.
//
// What belongs to one thread takes no operation: a handle's flag, the timers in the heap, a future's callbacks. Python's documentation
// gives all of that to the thread that runs the loop. A program that touches it from another has a data race here, which the race detector tells,
// where Python would take it in silence.
//
// # Names
//
// Names are Python's, in Go's case. The doc comment of each says which function it renders, the module first; where no version
// is given, it is the same in all of them. What Python raises is returned as an error, with Python's words. Texts leave out what is never
// the same: addresses, and where in a file a function was defined.
//
// # Coroutines
//
// A [Coroutine] is a function that gets its [Task] and waits with [Task.Await]. It runs in its task's steps on the loop's thread; to go in and
// out takes no operation. One that is never ended stays suspended, and is no leak; [Interpreter.Exit] destroys it and says so.
// A test that explores many schedules should have t.Cleanup(python.Destroy), since a suspended coroutine holds memory.
//
// # Not covered
//
// File descriptors, signals, child processes, contexts, debug mode, asynchronous generators, the lock that handles of 3.14 have. What
// Python's collector does in its own time: an executor that nobody refers to any more, an exception that nobody retrieved.
// A future that is done is read in one step where Python takes three, since it does not change.
//
// The code is meant to be broken where the original is.
package asyncio
