package toolchain

import (
	"os"
	"path/filepath"
	"strings"
)

// intrinsicsOff makes the compiler call the functions of sync/atomic, which the overlay replaces, where it
// would put single instructions otherwise.
const intrinsicsOff = "-d=ssa/intrinsics/off"

// operating are the packages of the standard library whose atomic operations are some of the program's: sync/atomic itself, whose methods call those functions where the
// compiler does not inline a method (in a large function, in a closure of an inlined one, through an interface, as a method value); and those that count as the program's, see
// lcClassify.
var operating = []string{"sync/atomic", "io", "net", "net/http", "net/rpc", "database/sql"}

// controllers are our packages that never run inside a bubble. They keep their intrinsics, for speed.
var controllers = []string{
	modulePath + "/internal/kernel",
	modulePath + "/scheduler",
}

// gcflagsFor returns the -gcflags arguments of an instrumented build, given the values that the user gave.
//
// Of several -gcflags whose patterns match a package the last one wins, and it wins alone. So the
// flag goes with each of the user's own, and every one that could match the standard library is said again
// for it without: the runtime cannot do without its intrinsics.
func gcflagsFor(goroot string, user []string) []string {
	out := append([]string{"-gcflags=all=" + intrinsicsOff, "-gcflags=std="}, operates("std", "")...)
	for _, p := range controllers {
		out = append(out, "-gcflags="+p+"=")
	}
	for _, v := range user {
		v = strings.TrimSpace(v)
		if v == "" || v[0] == '-' {
			out = append(out, "-gcflags="+strings.TrimSpace(v+" "+intrinsicsOff))
			continue
		}
		pattern, flags, _ := strings.Cut(v, "=")
		pattern = strings.TrimSpace(pattern)
		switch {
		case pattern == "all" || strings.HasPrefix(pattern, "..."):
			out = append(out, "-gcflags="+pattern+"="+flags+" "+intrinsicsOff, "-gcflags=std="+flags)
			out = append(out, operates("std", flags)...)
		case matchesStd(goroot, pattern):
			out = append(out, "-gcflags="+v)
			out = append(out, operates(pattern, flags)...)
		default:
			out = append(out, "-gcflags="+pattern+"="+flags+" "+intrinsicsOff)
		}
	}
	return out
}

// operates returns the -gcflags arguments for those of the operating packages that match a pattern, with the flags that it has.
func operates(pattern, flags string) (out []string) {
	prefix, _, wild := strings.Cut(pattern, "...")
	for _, p := range operating {
		if pattern == "std" || pattern == p || wild && (strings.HasPrefix(p, prefix) || p == strings.TrimSuffix(prefix, "/")) {
			out = append(out, "-gcflags="+p+"="+strings.TrimSpace(intrinsicsOff+" "+flags))
		}
	}
	return out
}

// matchesStd tells whether the pattern is about packages of the standard library.
func matchesStd(goroot, pattern string) bool {
	if pattern == "std" || pattern == "cmd" {
		return true
	}
	if strings.HasPrefix(pattern, ".") || filepath.IsAbs(pattern) {
		return false
	}
	prefix, _, _ := strings.Cut(pattern, "...")
	prefix = strings.TrimSuffix(prefix, "/")
	info, err := os.Stat(filepath.Join(goroot, "src", filepath.FromSlash(prefix)))
	return err == nil && info.IsDir()
}
