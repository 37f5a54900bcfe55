// Package loop is an event loop that is safe to close at any moment.
//
// A [Loop] calls functions one at a time, in order, on the goroutine that is in [Loop.Run]: the callbacks. Blocking
// calls go to workers with [Submit] and come back as a [Future]. It is asyncio's model (call_soon_threadsafe,
// call_later, run_in_executor, run_until_complete) for Go programs, with a shutdown that holds under every
// interleaving.
//
// # Terms
//
// A callback is a function that was given to [Loop.Post], [Loop.After], [Timer.Reset] or [Future.OnDone]. It is accepted when
// that call returns nil, and from then on it is exactly one of: pending, run (begun), cancelled ([Timer.Stop]),
// dropped. Work is a function that was given to [Submit]. A callback runs on the loop, work runs on a worker.
//
// The loop is open until the first call of [Loop.Shutdown] or [Loop.Close]; from that call on it accepts nothing. It is over when the
// last worker and the last callback are done, which is when the channel of [Loop.Closed] is closed.
//
// # Contract
//
//  1. A callback that was accepted runs exactly once, unless its timer is stopped or the loop says that it will not run:
//     [OnDrop] is told how many were dropped, [Loop.Stats] counts them. [Loop.Close] drops all that has not begun, [Loop.Shutdown]
//     only the timers that are not due. Nothing is lost silently.
//  2. A future ends exactly once: with the value or the error of its work, with [context.Canceled] if it was cancelled
//     before its work began, with the error of its context if that had ended before, or with [ErrClosed].
//  3. After Shutdown or Close has returned no callback runs and no post is accepted: they return after the callback that
//     was running. The result of a late worker goes to its future, never to the loop. There are two exceptions, each with its error:
//     called from a callback or from work, of any loop, they start the shutdown and return [ErrInCallback] at once;
//     and Shutdown's context may end first ([UnfinishedError]). Closed tells when it is over.
//  4. Shutdown returns nil only when every worker has returned and every callback has run: on the goroutine that is in Run,
//     or, where nobody runs the loop, on the caller's.
//  5. [Future.Cancel] on queued work keeps it from running. On running work it cancels the work's context, and the
//     caller can still wait for the result.
//  6. Every method may be called from any goroutine and from callbacks, at any time, any number of times, and neither
//     panics nor deadlocks the loop. What is refused is refused with an error.
//
// # Order
//
// Callbacks run in batches. Those that are posted while a batch runs go to the next one. In a batch come first the posts, in
// the order in which they were accepted, then the timers that are due, by deadline and, at one deadline, in the order in which they were
// set (asyncio leaves that open). A timer that is stopped by an earlier callback of its own batch does not run.
//
// # Shutting down
//
//   - [Loop.Stop] ends Run after the batch. The loop stays open, and Run may be called again.
//   - Shutdown is graceful. It refuses what is new, drops the timers that are not due, ends queued work with [ErrClosed], cancels the context of running work, waits
//     for the workers while the loop goes on calling back, runs what is left, and closes.
//   - Shutdown whose context ends turns into a Close, so the shortest context among several calls decides. A second,
//     impatient call is the second Ctrl-C.
//   - Close drops what has not begun, and returns after the callback that is running. It does not wait for workers.
//
// A Shutdown that was started from inside (from a callback or from work) is carried on by the goroutine in Run. Where
// there is none, the next call of Run, Shutdown or Close from elsewhere carries it on.
//
// # What is not covered
//
//   - A callback that waits for another goroutine which waits for the loop is a cycle that no check can see. So is work
//     that waits for itself, or receives from Done of work that is queued behind it (Wait and WaitAll see that and lend a worker).
//   - A Shutdown that runs the callbacks itself, because nobody else does, looks at its context between them: it cannot leave one.
//   - Work that neither ends nor looks at its context cannot be stopped. Shutdown names it when its context ends.
//   - Whether the caller is in a callback or in work is read off its stack, so a goroutine that a callback started is not "in" it.
//   - A panic in a callback goes to [OnError]; fatal errors of the runtime end the process as everywhere.
//   - After the loop has closed, OnDone functions do not run. Use [Future.Done], [Future.Wait] or [Future.Result] there.
package loop
