// Package kernel holds the calls into the instrumented runtime.
//
// A [World] is a bubble whose goroutines stop before each synchronisation operation; the goroutine that
// calls [World.Run] is its controller. A world is used by one goroutine at a time, for one run after the other.
//
// In a plain build, without the build tag "lastcall" that the toolchain sets together with the overlay,
// [Enabled] is false and [New] panics: nothing ever runs uncontrolled.
package kernel
