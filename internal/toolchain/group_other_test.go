//go:build !linux

package toolchain

import "syscall"

func ownGroup() *syscall.SysProcAttr { return nil }

func killGroup(int) {}
