package toolchain

import "syscall"

// ownGroup starts a command as the first of a process group, so that it can be killed with all that it started.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func killGroup(pid int) { syscall.Kill(-pid, syscall.SIGKILL) }
