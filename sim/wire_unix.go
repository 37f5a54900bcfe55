//go:build unix

package sim

import "syscall"

// readNow reads what there is. again is true where there is nothing yet.
func readNow(fd uintptr, b []byte) (n int, again bool, err error) {
	for {
		if n, err = syscall.Read(int(fd), b); err != syscall.EINTR {
			break
		}
	}
	if err == syscall.EAGAIN {
		return 0, true, nil
	}
	return max(n, 0), false, err
}
