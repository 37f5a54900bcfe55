package toolchain

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A BuildError is what the go command said where it could not build.
type BuildError struct {
	Output string
	Err    error
	Hint   string // "", or what may help
}

func (e *BuildError) Unwrap() error { return e.Err }

func (e *BuildError) Error() string {
	said := fmt.Sprintf("%slastcall: the instrumented binary could not be built: %v", e.Output, e.Err)
	if strings.Contains(e.Output, "no space left on device") {
		said += "; " + cacheAdvice
	}
	return said + e.Hint
}

// buildFlags returns the flags that make a build of the plan an instrumented one.
func (g *golang) buildFlags(p *plan) ([]string, error) {
	index, err := g.overlay()
	if err != nil {
		return nil, err
	}
	goflags, err := splitQuoted(g.goflags)
	if err != nil {
		return nil, fmt.Errorf("lastcall: GOFLAGS: %w", err)
	}
	over := p.over
	if over == "" {
		if values := flagValues(goflags, "overlay"); len(values) > 0 {
			over = values[len(values)-1]
		}
	}
	if index, err = g.withUserOverlay(index, over); err != nil {
		return nil, err
	}
	tags := slices.DeleteFunc(slices.Clone(p.tags), func(t string) bool { return t == tag })
	flags := []string{"-overlay=" + index, "-tags=" + strings.Join(append(tags, tag), ",")}
	flags = append(flags, gcflagsFor(g.goroot, p.gc)...)
	return append(flags, p.flags...), nil
}

// build builds the plan's test binary as file.
func (g *golang) build(p *plan, flags []string, file string, notes io.Writer) error {
	args := append([]string{"test", "-c", "-o", file}, flags...)
	if slices.Contains(strings.Fields(g.goflags), "-json") {
		args = append(args, "-json=false")
	}
	if !hasFlag(flags, "-ldflags") {
		// As go test itself does for a binary that it runs; it links in half the time.
		args = append(args, "-ldflags=-s -w")
	}
	done, err := g.stdOnce(flags, p.env, notes)
	if err != nil {
		return err
	}
	cmd := g.command(append(args, p.target...)...)
	cmd.Env = withEnv(cmd.Env, p.env...)
	err = run(cmd)
	done(err == nil)
	return err
}

// run runs a go command and keeps what it prints for the error. It is not handed our own standard error:
// go test waits for all that have it open, and a build may outlive this process where that is killed.
func run(cmd *exec.Cmd) error {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return &BuildError{Output: out.String(), Err: err}
	}
	return nil
}

// stdOnce lets one process at a time build where the standard library has not been built with these flags yet: go test
// ./... starts a test binary for each core, and the go command lets each build all of it.
// The build calls done at its end.
func (g *golang) stdOnce(flags, env []string, notes io.Writer) (done func(ok bool), err error) {
	mark := g.stdMark(flags, env)
	if _, err := os.Stat(mark); err == nil {
		return func(bool) {}, nil
	}
	unlock, err := lock(mark + ".lock")
	if err != nil {
		return nil, fmt.Errorf("lastcall: %w; %s", err, cacheAdvice)
	}
	said := time.AfterFunc(3*time.Second, func() {
		fmt.Fprintf(notes, "lastcall: building the instrumented standard library of %s, once; that takes about half a minute\n", g.version)
	})
	return func(ok bool) {
		said.Stop()
		if ok {
			os.WriteFile(mark, nil, 0o666) // without it the next build takes the lock again, no more
		}
		unlock()
	}, nil
}

// notStd are flags that do not change how the standard library is built.
var notStd = []string{"-covermode", "-coverpkg", "-ldflags", "-mod", "-modfile"}

// stdMark names the file that tells of a standard library that was built with the flags. Go may have thrown it away
// since; then it is built again, side by side.
func (g *golang) stdMark(flags, env []string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", g.goroot, g.version)
	for _, f := range slices.Concat(flags, env) {
		if name, _, _ := strings.Cut(f, "="); !slices.Contains(notStd, name) {
			fmt.Fprintln(h, f)
		}
	}
	return filepath.Join(g.cache, "std-"+hex.EncodeToString(h.Sum(nil))[:16])
}

func hasFlag(flags []string, name string) bool {
	return slices.ContainsFunc(flags, func(f string) bool { return strings.HasPrefix(f, name+"=") })
}
