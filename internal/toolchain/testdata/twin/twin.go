// Package twin is built and run by the tests of package toolchain.
package twin

var (
	instrumented bool
	flavour      string
)

// Double is here to be covered, by a test and by a fuzzer.
func Double(n int) int {
	if n < 0 {
		n = -n
		return -2 * n
	}
	return 2 * n
}
