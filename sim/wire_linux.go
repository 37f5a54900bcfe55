package sim

import "syscall"

// yield lets others have the core that want it. It returns false where a process cannot.
func yield() bool {
	_, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_YIELD, 0, 0, 0)
	return errno == 0
}
