package toolchain

import (
	"path/filepath"
	"slices"
	"strings"
)

// An invocation is the go test command that built the running test binary and is waiting for it.
//
// A binary carries most of the flags it was built with, but not all: -mod, -modfile, -coverpkg, -overlay and files
// named on the command line are not recorded, and where the tests of another module are run, neither is the
// directory of the main one. The command line of the process above us tells.
type invocation struct {
	dir  string   // where it runs; "" where that cannot be found out
	args []string // after "go test"
}

// process is what a system tells about another process.
type process struct {
	parent int
	args   []string
	dir    string
}

// findInvocation looks for the go test command among the processes above the binary at path. It answers only
// for a binary in the go command's own temporary directory: one that was built beforehand may be run by anybody,
// another go test included, whose flags are not its own.
func findInvocation(path string, pid int, look func(pid int) (process, bool)) *invocation {
	if !strings.HasPrefix(filepath.Base(filepath.Dir(filepath.Dir(path))), "go-build") {
		return nil
	}
	for range 4 { // go test -exec puts other commands between
		p, ok := look(pid)
		if !ok {
			return nil
		}
		if args, ok := goTestArgs(p.args); ok {
			return &invocation{dir: p.dir, args: args}
		}
		pid = p.parent
	}
	return nil
}

// goTestArgs returns what follows "go test" or "go -C dir test".
func goTestArgs(args []string) ([]string, bool) {
	if len(args) == 0 || !strings.HasPrefix(strings.ToLower(filepath.Base(args[0])), "go") {
		return nil, false
	}
	args = args[1:]
	if len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch name := strings.TrimLeft(args[0], "-"); {
		case name == "C" && len(args) > 1:
			args = args[2:]
		case strings.HasPrefix(name, "C="):
			args = args[1:]
		}
	}
	if len(args) == 0 || args[0] != "test" {
		return nil, false
	}
	return args[1:], true
}

// values returns the values of a flag; none where the command is not known.
func (inv *invocation) values(name string) []string {
	if inv == nil {
		return nil
	}
	return flagValues(inv.args, name)
}

// goFiles returns the .go files that the command names, in place of a package.
func (inv *invocation) goFiles() []string {
	if inv == nil {
		return nil
	}
	args := inv.args
	if i := slices.IndexFunc(args, func(a string) bool { return a == "-args" || a == "--args" }); i >= 0 {
		args = args[:i]
	}
	var files []string
	for _, arg := range args {
		if strings.HasSuffix(arg, ".go") && !strings.HasPrefix(arg, "-") {
			files = append(files, arg)
		}
	}
	return files
}
