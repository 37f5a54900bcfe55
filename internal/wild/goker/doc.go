// Package goker holds lastcall to real bugs: the 63 kernels of concurrency bugs in cockroach, etcd, grpc, kubernetes, moby and
// others that Go 1.26 ships for the tests of its goroutine leak profile (GOROOT/src/runtime/testdata/testgoroutineleakprofile/goker,
// from "GoBench: A Benchmark Suite of Real-World Go Concurrency Bugs", CGO 2021). Nothing of them is in this repository.
//
// The test copies them into a module of its own, each as it is but for what Go's harness put around it:
//
//   - The dump of the profile and the wait before it go.
//   - Most kernels are started 100 to 10,000 times over, so that the bug shows once. Here a schedule runs one copy.
//     Where the copy's number matters (Moby33781 waits so many milliseconds) the schedule draws it.
//
// Each is explored with [scheduler.Random] alone. A verdict counts only if a goroutine that it says is left is one that Go's own
// test expects to leak, in the function and for the reason that it gives there; a verdict without one, and a goroutine left
// that Go's test does not list, fails the test unless it is explained here.
//
// The table in docs/findings.md is made by
//
//	go test -timeout 1h ./internal/wild/goker -full
package goker
