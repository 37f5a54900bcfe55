//go:build lastcall

package twin

func init() { instrumented = true }
