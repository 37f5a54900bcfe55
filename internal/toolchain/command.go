package toolchain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
)

// ReexecCommand makes this process, a command built plainly, run its instrumented twin with the same arguments, building that
// first where it has to. It returns only with an error.
//
// A command that was built from a checkout is built again from the module in the current directory, which must be, or require, the command's;
// one that was installed by its version is built again by that version, anywhere.
func ReexecCommand() error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("lastcall: cannot find the running command: %w", err)
	}
	if os.Getenv(instrumentedEnv) == self {
		return fmt.Errorf("lastcall: internal bug: %s was built to be instrumented and is not; please report it with the output of lastcall doctor", self)
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("lastcall: this command has no build information, so it cannot be built again with instrumentation; build it with the go command")
	}
	file, err := commandTwin(info)
	if err != nil {
		return err
	}
	return executeTwin(file, info)
}

// commandTwin builds the twin and returns its path. The go command knows what is up to date.
func commandTwin(info *debug.BuildInfo) (string, error) {
	cache, err := CacheDir()
	if err != nil {
		return "", err
	}
	if err := checkWritable(cache); err != nil {
		return "", fmt.Errorf("lastcall: instrumented binaries are kept in %s: %w; %s", cache, err, cacheAdvice)
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("lastcall: %w", err)
	}
	g, err := findGo(dir, cache, os.Stderr)
	if err != nil {
		return "", err
	}
	p := new(plan)
	if isRace(info) {
		p.flags = []string{"-race"}
	}
	flags, err := g.buildFlags(p)
	if err != nil {
		return "", err
	}
	return g.buildCommand(info, flags)
}

// buildCommand builds a main package into a directory named after what it is built from, so that two processes do not meet but
// where they build the same.
func (g *golang) buildCommand(info *debug.BuildInfo, flags []string) (string, error) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%q", g.dir, info.Path, info.Main.Version, flags))
	dir := filepath.Join(g.cache, "command-"+hex.EncodeToString(sum[:8]))
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", fmt.Errorf("lastcall: %w; %s", err, cacheAdvice)
	}
	file := filepath.Join(dir, filepath.Base(info.Path)+exeSuffix)
	done, err := g.stdOnce(flags, nil, os.Stderr)
	if err != nil {
		return "", err
	}
	args := append([]string{"build", "-o", file}, flags...)
	cmd := g.command(append(args, info.Path)...)
	if fromVersion(info) {
		args[0] = "install"
		args = append(args[:1], args[3:]...) // install takes no -o
		cmd = g.command(append(args, info.Path+"@"+info.Main.Version)...)
		cmd.Env = withEnv(cmd.Env, "GOBIN="+dir)
	}
	err = run(cmd)
	done(err == nil)
	return file, err
}

// fromVersion reports whether the command was built by a version that the module proxy knows, and not from a checkout.
func fromVersion(info *debug.BuildInfo) bool {
	v := info.Main.Version
	return v != "" && v != "(devel)" && info.Main.Sum != ""
}
