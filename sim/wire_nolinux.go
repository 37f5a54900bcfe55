//go:build !linux

package sim

// yield returns false: a process cannot let others have the core without giving it up for long.
func yield() bool { return false }
