//go:build !linux

package toolchain

// lookProcess asks ps. What it prints cannot be told apart where arguments hold spaces, which is rare
// in the few flags that we look for, and it does not know directories.
func lookProcess(pid int) (process, bool) { return psProcess(pid) }
