//go:build lastcall

package twin

func init() { instrumented, flavour = true, "vanilla" }
