// Package scenarios holds loops, pools and queues to what must be so when they are shut down.
//
// A library plugs in with a [Subject], some funcs that call it, and says in a [Contract] what it promises. [Run] takes it through the [Cases],
// each explored under control with package sim: a Close while tasks run, are queued, are posted; two at once; from a task; with a context
// that ends. [Check] does so without a *testing.T. docs/suite.md lists the cases, the oracles and what each field promises.
//
// A library is not failed for what it does not promise, and no case is run that the contract does not speak of. What is failed comes with the interleaving
// and a token; what passes says how many schedules it passed. It can miss: it runs so many schedules.
//
// # How a case knows
//
// Each call that may wait is made by a goroutine of its own, and each task keeps a ledger of when it was posted, began and ended. The ledger costs an operation where
// a task begins and ends and where Close returns, and orders nothing for the race detector. Tasks wait for gates, not for time, so that
// nothing depends on how slow anybody is; a hang is called so only when nobody can do anything and time has passed in vain.
//
// # What is not covered
//
//   - What the library does with results, priorities, limits, order. A task is run or not.
//   - Functions of the library that the Subject does not have.
//   - A library that waits for sockets, processes or goroutines started in init: see docs/limits.md.
//   - After a failure, a library that keeps locks in package variables: run the next case in a process of its own.
//
// The catalogue of shutdown protocols, what a program does by how an implementation hands results over, with the verdict of each stated beforehand, is in
// package matrix; real bugs, each broken and mended, are in package bugs.
package scenarios
