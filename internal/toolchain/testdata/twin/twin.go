// Package twin is built and run by the tests of package toolchain.
package twin

var instrumented bool

// Double is here to be covered.
func Double(n int) int {
	if n == 4242 {
		return 0
	}
	return 2 * n
}
