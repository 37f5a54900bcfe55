// Package toolchain makes instrumented Go binaries: binaries whose package runtime lets lastcall decide
// which goroutine goes on.
//
// It changes no installation and no module. [Generate] makes an overlay (see go help build, -overlay) from the
// Go installation at hand: copies of a few files of the standard library with small edits, each found
// by an anchor that must occur as often as the table says, and a few files more. The go command does the rest.
//
// # Twins
//
// go test builds a test binary plainly. [Reexec], called from its TestMain, builds the same package again with the same
// flags and the overlay, and becomes that: its instrumented twin. Twins are kept in [CacheDir] and found again in
// some milliseconds; see twin for what makes one valid. [TestCommand] builds all of go test's binaries instrumented instead.
//
// Most flags are recorded in a binary. The others (-mod, -modfile, -coverpkg, -overlay, -toolexec, files in place of a
// package, the main module's directory where another module's tests are run) are read off the go test command that
// started it: on Linux from /proc, on other Unix systems from ps, which does not know the directory, on Windows not
// at all. A binary that go test -c built and somebody started by hand is built again in the directory where it runs, with the
// flags that are recorded and GOFLAGS.
//
// # Which Go
//
// The releases in [Supported]. With a newer one, twins are built with the newest supported toolchain through GOTOOLCHAIN.
// An edit that does not fit is an error, [EditError]; nothing is ever built with some of the edits only.
//
// # What it does not do
//
// Edit files of the module cache (the go command refuses that), change linker checks, or instrument anything but the standard
// library. What the process did before its TestMain, in init functions, is done twice.
package toolchain
