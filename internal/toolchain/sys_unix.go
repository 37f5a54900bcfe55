//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package toolchain

import (
	"errors"
	"os"
	"syscall"
)

func linkDir(from, link string) error { return os.Symlink(from, link) }

// execute makes this process run another program. It returns only where that fails.
func execute(path string, args, env []string) error { return syscall.Exec(path, args, env) }

// lock waits until this process is the only one that holds the lock. The kernel frees it when the process ends.
func lock(name string) (unlock func(), err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, syscall.EINTR) {
			f.Close()
			return nil, err
		}
	}
}
