// Package asyncio renders in Go the machinery of Python's asyncio that matters when a loop is closed, as it was in
// 2015 (CPython 3.4 and 3.5.0): the ready queue, call_soon_threadsafe, futures, the thread pool, and the
// bare callback by which a worker hands its result to the loop.
//
// A step that Python's interpreter lock makes atomic is one step here, each boundary between two of them a point at which
// another thread may run. Names are Python's, in Go's case; the doc comments say which function is rendered.
// Only what the catalogue uses is here. The code is meant to be broken where the original is.
package asyncio
