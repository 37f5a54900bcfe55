// Package toolchain makes instrumented Go binaries: binaries whose package runtime lets lastcall decide
// which goroutine goes on.
//
// It changes no installation and no module. It makes an overlay (see go help build, -overlay) from the
// Go installation at hand: copies of a few files of the standard library with small edits, each found
// by an anchor that must occur as often as the table says, and a few files more. The go command does the rest.
//
// What is supported: the Go releases in [Supported]. An edit that does not fit is an error, [EditError];
// nothing is ever built with some of the edits only.
//
// What it does not do: edit files of the module cache (the go command refuses that), change linker checks, or
// instrument anything but the standard library.
package toolchain
