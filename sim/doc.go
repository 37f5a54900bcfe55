// Package sim runs a test's body once for each of many schedules, in a bubble with a virtual clock, and
// decides every interleaving of the goroutines in it.
//
// A test asks for it with two lines:
//
//	func TestMain(m *testing.M) { sim.Main(m) }
//
//	func TestClose(t *testing.T) {
//		sim.Test(t, func(t *sim.T) {
//			// start a pool, a loop, a server; shut it down; say what must hold
//		})
//	}
//
// # What is decided
//
// Goroutines in the bubble stop before each synchronisation operation: channels, select, package sync,
// sync/atomic, contexts, timers, the go statement. Which of them goes on is the strategy's decision, and so is which ready
// case a select takes, whom Cond.Signal wakes, and which of several timers due at one instant fires first.
// Between two operations a goroutine runs undisturbed. That is sound for programs without data races; a run
// without -race misses the interleavings of racy accesses, so run the tests with -race as well.
//
// # Time
//
// time.Now, timers, tickers and Sleep use the bubble's clock, which starts at midnight UTC 2000-01-01 and moves
// to the next timer when nothing else can run.
//
// # What is not decided
//
// Real I/O, cgo, goroutines outside the bubble, finalizers. I/O that completes (a line of log) is allowed; a goroutine that is
// blocked on the outside for a second is a verdict (BlockedOutside), not a hang. Operations inside the standard library
// on state that the program cannot reach (fmt's pools, reflect's caches) are no decisions.
// sync.Pool gives nothing back in a bubble, runtime.NumCPU and GOMAXPROCS(0) are 4, NumGoroutine counts the bubble's.
//
// # Verdicts
//
// The first verdict ends a schedule: see [Kind]. What is left of the bubble is then ended, with its deferred calls run.
//
// # Settings
//
// The environment and flags override what is set in code: SIM_SEED, SIM_SCHEDULES, SIM_BUDGET, SIM_STRATEGY, SIM_REPLAY,
// SIM_SHARD=i/n, SIM_PROCS, SIM_REPORT, SIM_RESUME; -sim.seed and so on. A malformed value panics with its name.
package sim
