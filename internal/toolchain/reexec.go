// Reexec and its kin: how a test binary becomes its instrumented twin.

package toolchain

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
)

// instrumentedEnv holds the path of the instrumented binary that a process was made to run. A process that has its own
// path there and is still not instrumented would run itself for ever. Others only inherit it: tests run go test.
const instrumentedEnv = "LASTCALL_INSTRUMENTED"

// Reexec makes this process, a test binary that go test built plainly, run its instrumented twin with the same
// arguments, standard streams and environment, building that first where it has to. It returns only with an error.
//
// coverMode is what testing.CoverMode returns. It must be called before the tests run: what the process has
// done until then is done again.
func Reexec(coverMode string) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("lastcall: cannot find the running test binary: %w", err)
	}
	if os.Getenv(instrumentedEnv) == self {
		return fmt.Errorf("lastcall: internal bug: %s was built to be instrumented and is not; please report it with the output of lastcall doctor", self)
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("lastcall: this test binary has no build information, so it cannot be built again with instrumentation; build it with the go command")
	}
	file, err := instrumentedTwin(self, info, coverMode)
	if err != nil {
		return err
	}
	return cannotRun(file, executeTwin(file, info))
}

// cannotRun says what to do about a twin that the system does not run. One that is no program, as after a crash of the machine, goes.
func cannotRun(file string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOEXEC):
		if gone := os.RemoveAll(filepath.Dir(file)); gone != nil {
			return fmt.Errorf("%w; remove %s", err, filepath.Dir(file))
		}
		return fmt.Errorf("%w; it has been removed, and the next run builds it again", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w; set %s to a directory from which programs may be run", err, CacheEnv)
	}
	return err
}

// ReexecForRace makes an instrumented binary that was started without the options that the race detector needs, by hand
// for instance, start again with them. It returns nil where they are set or not needed.
func ReexecForRace() error {
	info, ok := debug.ReadBuildInfo()
	if !ok || !isRace(info) || raceReady(os.Getenv("GORACE")) {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("lastcall: cannot find the running test binary: %w", err)
	}
	return executeTwin(self, info)
}

// instrumentedTwin returns the path of the instrumented twin of the binary at self.
func instrumentedTwin(self string, info *debug.BuildInfo, coverMode string) (string, error) {
	cache, err := CacheDir()
	if err != nil {
		return "", err
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("lastcall: %w", err)
	}
	t, err := twinOf(cache, self, dir)
	if err != nil || t.valid() {
		return t.path(), err
	}
	if err := checkWritable(cache); err != nil {
		return "", fmt.Errorf("lastcall: instrumented binaries are kept in %s: %w; %s", cache, err, cacheAdvice)
	}
	inv := findInvocation(self, os.Getppid(), lookProcess)
	if inv != nil && inv.dir != "" {
		dir = inv.dir
	}
	p, err := planFor(info, inv, coverMode, os.Args[1:])
	if err != nil {
		return "", err
	}
	g, err := findGo(dir, cache, os.Stderr)
	if err != nil {
		return "", err
	}
	err = t.make(g, p, os.Stderr)
	if failed := (*BuildError)(nil); inv == nil && errors.As(err, &failed) {
		failed.Hint = "\nNo go test command has started this binary, so it was built again in " + dir +
			"; run it in its module, with GOFLAGS as it was built, or run go test"
	}
	return t.file, err
}

// executeTwin runs the binary in this process's place.
func executeTwin(file string, info *debug.BuildInfo) error {
	set := []string{instrumentedEnv + "=" + file}
	if isRace(info) {
		set = append(set, "GORACE="+raceEnv(os.Getenv("GORACE"), raceDir()))
	}
	// The fuzzer starts its workers by the name in args[0].
	args := append([]string{file}, os.Args[1:]...)
	if err := execute(file, args, withEnv(os.Environ(), set...)); err != nil {
		return fmt.Errorf("lastcall: cannot run the instrumented binary %s: %w", file, err)
	}
	return nil
}
