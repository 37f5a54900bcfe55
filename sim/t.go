package sim

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// T is the testing.TB of one schedule. Its methods may be called from any goroutine of the bubble.
//
// What a schedule logs is kept and printed only if the schedule fails. The first Error, Fatal or failed assertion ends the
// schedule: the goroutine goes on to its next operation, FailNow ends it at once.
type T struct {
	testing.TB // nil outside a test; for the method that testing keeps to itself
	s          *schedule
}

// TB is the little that helpers ask of a test, so that a fake can stand in for it.
type TB interface {
	Helper()
	Name() string
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	FailNow()
	Cleanup(func())
}

var (
	_ testing.TB = (*T)(nil)
	_ TB         = (*T)(nil)
)

// schedule is the state of a T. Goroutines of the bubble share it; only one of them runs at a time, and the functions that
// touch it are hidden from the race detector, since a lock here would order what the program does not.
type schedule struct {
	name     string
	logs     *logLine
	lastLog  *logLine
	cleanups *cleanup
	helpers  *helper
	sometime *sometimes
	ctx      context.Context
	cancel   context.CancelFunc
	ctxUsed  bool
	failed   bool
	stray    string // the message of a failure that came from outside the bubble
	skipped  bool
	returned bool
}

type logLine struct {
	g, step int
	text    string
	fails   bool // it is the verdict
	next    *logLine
}

type cleanup struct {
	f    func()
	next *cleanup
}

type helper struct {
	name string
	next *helper
}

type sometimes struct {
	name string
	held bool
	next *sometimes
}

// body is what the bubble's main goroutine runs.
func (s *schedule) body(tb testing.TB, f func(t *T)) {
	t := &T{TB: tb, s: s}
	// Here and not when it is first asked for, since then the goroutine that asks and another that uses it later would race.
	kernel.Quiet(func() { s.ctx, s.cancel = context.WithCancel(context.Background()) })
	defer s.clean()
	f(t)
	s.hasReturned()
}

//go:norace
func (s *schedule) hasReturned() { s.returned = true }

// clean ends the context and runs the cleanups, the last registered first, each even if the one before it panicked.
func (s *schedule) clean() {
	if s.endContext(); s.hasCleanups() {
		defer s.clean()
		s.popCleanup()()
	}
}

//go:norace
func (s *schedule) hasCleanups() bool { return s.cleanups != nil }

//go:norace
func (s *schedule) popCleanup() func() {
	c := s.cleanups
	s.cleanups = c.next
	return c.f
}

//go:norace
func (s *schedule) endContext() {
	if s.ctxUsed {
		s.ctxUsed = false
		s.cancel()
	}
}

// Cleanup registers f to run in the bubble when the body has returned, also after a failure.
//
//go:norace
func (t *T) Cleanup(f func()) { t.s.cleanups = &cleanup{f, t.s.cleanups} }

// Context returns a context that ends just before the cleanups run.
//
//go:norace
func (t *T) Context() context.Context {
	t.s.ctxUsed = true
	return t.s.ctx
}

// Name returns the exploration's name.
func (t *T) Name() string { return t.s.name }

// Log keeps a line, which is printed in its place in the trace if the schedule fails.
func (t *T) Log(args ...any) { t.s.log(fmt.Sprintln(args...)) }

// Logf is Log with a format.
func (t *T) Logf(format string, args ...any) { t.s.log(fmt.Sprintf(format, args...)) }

// Output returns a writer whose lines are logged.
func (t *T) Output() io.Writer { return output{t.s} }

type output struct{ s *schedule }

func (o output) Write(p []byte) (int, error) {
	o.s.log(string(p))
	return len(p), nil
}

func (s *schedule) log(text string) {
	s.note(&logLine{text: strings.Trim(text, "\n")})
}

//go:norace
func (s *schedule) note(l *logLine) {
	l.g, l.step = int(kernel.Self()), kernel.SelfSteps()
	if s.lastLog == nil {
		s.logs = l
	} else {
		s.lastLog.next = l
	}
	s.lastLog = l
}

//go:norace
func (s *schedule) fail(msg string) {
	if msg = plainMessage(msg); s.failed {
		s.log(msg) // the verdict is the first's
		return
	}
	s.failed = true
	s.note(&logLine{text: firstLine(msg), fails: true})
	if kernel.Self() < 0 {
		s.stray = msg
	}
	kernel.Stop(msg)
}

// Error fails the schedule, which ends at the next operation.
func (t *T) Error(args ...any) {
	t.s.fail(fmt.Sprintln(args...))
}

// Errorf is Error with a format.
func (t *T) Errorf(format string, args ...any) {
	t.s.fail(fmt.Sprintf(format, args...))
}

// Fail fails the schedule without a message.
func (t *T) Fail() { t.s.fail("Fail was called") }

// FailNow fails the schedule, unless it has failed, and ends the calling goroutine, which may be any.
func (t *T) FailNow() {
	if !t.Failed() {
		t.s.fail("FailNow was called")
	}
	kernel.Halt()
}

// Fatal is Error, then FailNow.
func (t *T) Fatal(args ...any) {
	t.Error(args...)
	kernel.Halt()
}

// Fatalf is Errorf, then FailNow.
func (t *T) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	kernel.Halt()
}

// Failed reports whether the schedule has failed.
//
//go:norace
func (t *T) Failed() bool { return t.s.failed }

// Skip ends the schedule and the exploration, which then counts as skipped.
func (t *T) Skip(args ...any) {
	t.Log(args...)
	t.SkipNow()
}

// Skipf is Skip with a format.
func (t *T) Skipf(format string, args ...any) {
	t.Logf(format, args...)
	t.SkipNow()
}

// SkipNow ends the schedule and the exploration, which then counts as skipped.
func (t *T) SkipNow() {
	t.s.skip()
	kernel.Stop("skipped")
	kernel.Halt()
}

//go:norace
func (s *schedule) skip() { s.skipped = true }

// Skipped reports whether the schedule was skipped.
//
//go:norace
func (t *T) Skipped() bool { return t.s.skipped }

// Helper marks the calling function as a helper: a failure is shown at its caller.
func (t *T) Helper() {
	var pc [1]uintptr
	if runtime.Callers(2, pc[:]) == 1 {
		f, _ := runtime.CallersFrames(pc[:]).Next()
		t.s.addHelper(f.Function)
	}
}

//go:norace
func (s *schedule) addHelper(name string) {
	for h := s.helpers; h != nil; h = h.next {
		if h.name == name {
			return
		}
	}
	s.helpers = &helper{name, s.helpers}
}

// Run fails: there are no subtests inside a schedule.
func (t *T) Run(name string, _ func(*testing.T)) bool {
	t.Fatalf("sim: t.Run(%q) inside a schedule: a schedule is one run of the body and has no subtests; "+
		"call t.Run outside and sim.Test in each subtest", name)
	return false
}

// Sometimes says that cond should hold in some schedule. A whole exploration that passes, and in which no call of that name ever held, fails:
// a check that cannot fire is a defect.
//
//go:norace
func (t *T) Sometimes(cond bool, name string) {
	for s := t.s.sometime; s != nil; s = s.next {
		if s.name == name {
			s.held = s.held || cond
			return
		}
	}
	t.s.sometime = &sometimes{name, cond, t.s.sometime}
}

// Setenv sets an environment variable of the process until the schedule's cleanup. Goroutines outside the bubble see it too.
func (t *T) Setenv(key, value string) {
	old, had := os.LookupEnv(key)
	if err := os.Setenv(key, value); err != nil {
		t.Fatalf("sim: Setenv: %v", err)
	}
	t.Cleanup(func() {
		if had {
			os.Setenv(key, old)
		} else {
			os.Unsetenv(key)
		}
	})
}

// Chdir changes the process's directory, and PWD with it, until the schedule's cleanup.
func (t *T) Chdir(dir string) {
	old, err := os.Getwd()
	if err == nil {
		err = os.Chdir(dir)
	}
	if err != nil {
		t.Fatalf("sim: Chdir: %v", err)
	}
	t.Cleanup(func() { os.Chdir(old) })
	if now, err := os.Getwd(); err == nil && runtime.GOOS != "windows" && runtime.GOOS != "plan9" {
		t.Setenv("PWD", now)
	}
}

// TempDir returns a directory that the schedule's cleanup removes.
func (t *T) TempDir() string {
	dir, err := os.MkdirTemp("", "sim")
	if err != nil {
		t.Fatalf("sim: TempDir: %v", err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// ArtifactDir is TempDir: what a schedule writes is not kept.
func (t *T) ArtifactDir() string { return t.TempDir() }

// Attr keeps a line, as Log does.
func (t *T) Attr(key, value string) { t.Logf("%s=%s", key, value) }
