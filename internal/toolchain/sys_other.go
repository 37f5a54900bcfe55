//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd && !windows

package toolchain

import "errors"

var errSystem = errors.New("not on this system")

func linkDir(from, link string) error { return errSystem }

func execute(path string, args, env []string) error { return errSystem }

func lock(string) (unlock func(), err error) { return func() {}, nil }
