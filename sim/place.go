package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/lastcall-go/lastcall/scheduler"
)

func sortedKeys(m map[string]bool) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// ownFrame reports whether a frame is one of those that lead from the program to the verdict.
func ownFrame(f runtime.Frame) bool {
	pkg, ok := strings.CutPrefix(f.Function, "github.com/lastcall-go/lastcall/")
	return ok && (strings.HasPrefix(pkg, "sim.") || strings.HasPrefix(pkg, "internal/kernel.") || strings.HasPrefix(pkg, "scheduler.")) &&
		!strings.HasSuffix(f.File, "_test.go")
}

// programs reports whether a frame is the program's: not the standard library's, ours, testify's, or a helper's.
func (x *explorer) programs(f runtime.Frame) bool {
	fn := f.Function
	if isStd(fn) || ownFrame(f) || strings.HasPrefix(fn, "github.com/stretchr/testify/") {
		return false
	}
	return filepath.Base(f.File) != "_cgo_gotypes.go" && !x.state.isHelper(fn) // cgo's own functions call C for the program
}

//go:norace
func (s *schedule) isHelper(name string) bool {
	for h := s.helpers; h != nil; h = h.next {
		if h.name == name {
			return true
		}
	}
	return false
}

// isStd reports whether a function is the standard library's: the first element of its import path has no dot, and it lies
// below GOROOT, which a -trimpath binary calls by the package's name.
func isStd(fn string) bool {
	pkg, _, ok := strings.Cut(fn, "/")
	if !ok {
		pkg, _, _ = strings.Cut(fn, ".")
	}
	switch pkg {
	case "archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto", "database", "debug", "embed",
		"encoding", "errors", "expvar", "flag", "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter", "log",
		"maps", "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp", "runtime", "slices", "sort", "strconv", "strings",
		"structs", "sync", "syscall", "testing", "text", "time", "unicode", "unique", "unsafe", "vendor", "weak":
		return true
	}
	return false
}

// at returns where in the program a stack is, as file:line.
func (x *explorer) at(stack []uintptr) string {
	f := scheduler.Frame(stack, x.programs)
	if f.File == "" {
		f = scheduler.Frame(stack, func(f runtime.Frame) bool { return !strings.HasPrefix(f.Function, "runtime.") })
	}
	return position(f)
}

func position(f runtime.Frame) string {
	if f.File == "" {
		return ""
	}
	line := f.Line
	if line == 1 && f.Func != nil { // where the compiler says that a loop without a body stands
		_, line = f.Func.FileLine(f.Func.Entry())
	}
	return fmt.Sprintf("%s:%d", shortFile(f.File), line)
}

var workDir, _ = os.Getwd()

// shortFile is relative to the working directory where that is shorter.
func shortFile(file string) string {
	if rel, err := filepath.Rel(workDir, file); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	dir, base := filepath.Split(file)
	return filepath.Join(filepath.Base(dir), base)
}

// place tells failures of one kind apart: where in the program it is.
func (x *explorer) place() string {
	r := x.result
	switch r.Kind {
	case scheduler.KindDeadlock, scheduler.KindLeak, scheduler.KindBlockedOutside:
		if len(r.Left) == 0 {
			return x.at(r.Stack)
		}
		var at []string
		for i := range r.Left {
			at = append(at, x.at(r.Left[i].Stack))
		}
		slices.Sort(at)
		return strings.Join(slices.Compact(at), " ")
	case scheduler.KindDataRace:
		return racePlaces(r.Message)
	case scheduler.KindStepLimit, scheduler.KindDivergence:
		return ""
	}
	return x.at(r.Stack)
}

// message is the failure in words: the verdict, where, and for those that stand still each goroutine.
func (x *explorer) message() string {
	r := x.result
	var b strings.Builder
	switch r.Kind {
	case scheduler.KindDivergence:
		if r.Divergence != nil {
			return r.Divergence.Error()
		}
		if r.Message != "" {
			return r.Message
		}
		return "the same schedule led elsewhere"
	case scheduler.KindDataRace:
		return r.Message
	case scheduler.KindPanic:
		b.WriteString(r.Message)
		if r.Message == "" {
			fmt.Fprintf(&b, "(%T) %v", r.Value, r.Value)
		}
	default:
		b.WriteString(r.Message)
	}
	if at := x.at(r.Stack); at != "" {
		fmt.Fprintf(&b, "\n\tat %s", at)
		if r.G > 0 {
			fmt.Fprintf(&b, " in goroutine %d", r.G)
		}
	}
	for i := range r.Left {
		fmt.Fprintf(&b, "\n\t%s", x.left(&r.Left[i]))
	}
	return b.String()
}

// left describes a goroutine that was left.
func (x *explorer) left(g *scheduler.Goroutine) string {
	var b strings.Builder
	if g.G == 0 {
		b.WriteString("main")
	} else {
		fmt.Fprintf(&b, "goroutine %d", g.G)
	}
	switch {
	case g.Waiting.Kind == 0:
		fmt.Fprintf(&b, " waits (%s)", g.Reason)
	default:
		fmt.Fprintf(&b, " waits: %s", describeOp(&g.Waiting))
	}
	if g.Outside && x.result.Kind == scheduler.KindBlockedOutside { // with another verdict it may just be free
		b.WriteString(" (not made or taken in the bubble)")
	}
	if at := x.at(g.Stack); at != "" {
		fmt.Fprintf(&b, " at %s", at)
	}
	if f := scheduler.Frame([]uintptr{g.Started}, func(runtime.Frame) bool { return true }); g.G > 0 && f.File != "" {
		fmt.Fprintf(&b, ", started at %s", position(f))
	}
	return b.String()
}
