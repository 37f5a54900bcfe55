package toolchain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A golang is a Go installation with which instrumented binaries can be built in one directory.
type golang struct {
	dir      string // where the go command runs
	cache    string // lastcall's
	env      []string
	goroot   string // the path by which the go command knows it, outside the module cache
	version  string
	release  string
	modcache string
	goflags  string
}

// goEnv is what we ask of go env.
type goEnv struct{ GOROOT, GOVERSION, GOMODCACHE, GOFLAGS string }

// findGo chooses the Go installation for dir: the one that the go command in PATH takes there, or where that
// is newer than lastcall knows, the newest supported one, which notes is told of.
func findGo(dir, cache string, notes io.Writer) (*golang, error) {
	command, err := exec.LookPath("go")
	if err != nil {
		return nil, fmt.Errorf("lastcall: an instrumented binary has to be built, and there is no go command to do it: %w; "+
			"put Go's bin directory on the PATH, or build where there is one (lastcall test -c) and run that binary here", err)
	}
	env := buildEnv(dir)
	found, err := askGo(command, dir, env)
	if err != nil {
		return nil, err
	}
	release, err := releaseOf(found.GOVERSION)
	if err != nil {
		return nil, err
	}
	if !isSupported(release) {
		if !newerThanSupported(release) {
			return nil, fmt.Errorf("lastcall: %s is older than the Go releases that can be instrumented (%s); "+
				"update Go, or let the go command fetch one: GOTOOLCHAIN=%s", found.GOVERSION, supportedList(), newestToolchain)
		}
		tooNew := found.GOVERSION
		if found, err = olderGo(command, dir, env, tooNew); err != nil {
			return nil, err
		}
		fmt.Fprintf(notes, "lastcall: %s is newer than lastcall knows: the instrumented binary is built with %s\n", tooNew, found.GOVERSION)
		release, _ = releaseOf(found.GOVERSION)
	}
	goroot, err := LinkGoroot(found.GOROOT, found.GOMODCACHE, cache)
	if err != nil {
		return nil, err
	}
	return &golang{dir: dir, cache: cache, goroot: goroot, version: found.GOVERSION, release: release, modcache: found.GOMODCACHE, goflags: found.GOFLAGS,
		env: withEnv(env, "GOROOT="+goroot, "GOTOOLCHAIN=local")}, nil
}

// olderGo finds the newest supported toolchain where the user's release is too new.
func olderGo(command, dir string, env []string, version string) (*goEnv, error) {
	found, err := askGo(command, dir, withEnv(env, "GOROOT=", "GOTOOLCHAIN="+newestToolchain))
	if err == nil && found.GOVERSION != newestToolchain {
		err = fmt.Errorf("GOTOOLCHAIN=%s gave %s", newestToolchain, found.GOVERSION)
	}
	if err != nil {
		return nil, fmt.Errorf("lastcall: %s is newer than the Go releases that can be instrumented (%s), and %s, which would do instead, cannot be had: %w\n"+
			"Update lastcall (go get github.com/lastcall-go/lastcall@latest), lower the go directive in go.mod where it asks for more than go %s, or install %s",
			version, supportedList(), newestToolchain, err, Supported[len(Supported)-1], newestToolchain)
	}
	return found, nil
}

func askGo(command, dir string, env []string) (*goEnv, error) {
	cmd := exec.Command(command, "env", "-json", "GOROOT", "GOVERSION", "GOMODCACHE", "GOFLAGS")
	cmd.Dir, cmd.Env = dir, env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if said := strings.TrimSpace(stderr.String()); said != "" {
			err = errors.New(said)
		}
		return nil, fmt.Errorf("lastcall: %s env: %w", command, err)
	}
	found := new(goEnv)
	if err := json.Unmarshal(out, found); err != nil {
		return nil, fmt.Errorf("lastcall: %s env: %w", command, err)
	}
	return found, nil
}

// command is the go command of this installation, with the arguments.
func (g *golang) command(args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(g.goroot, "bin", "go"+exeSuffix), args...)
	cmd.Dir, cmd.Env = g.dir, g.env
	return cmd
}

// overlay makes the overlay for this installation.
func (g *golang) overlay() (string, error) { return Generate(g.goroot, g.release, g.cache) }

// buildEnv is the environment for a go command that runs in dir: ours without what is meant for one process alone.
func buildEnv(dir string) []string {
	var env []string
	for _, kv := range os.Environ() {
		key, _, _ := strings.Cut(kv, "=")
		switch key {
		case instrumentedEnv, "PWD":
		default:
			env = append(env, kv)
		}
	}
	if dir != "" {
		env = append(env, "PWD="+dir) // so that the go command spells its directory as the user does
	}
	return env
}

// withEnv returns env with the variables set; an empty value removes one.
func withEnv(env []string, set ...string) []string {
	out := make([]string, 0, len(env)+len(set))
	for _, kv := range env {
		key, _, _ := strings.Cut(kv, "=")
		replaced := false
		for _, s := range set {
			replaced = replaced || strings.HasPrefix(s, key+"=")
		}
		if !replaced {
			out = append(out, kv)
		}
	}
	for _, s := range set {
		if !strings.HasSuffix(s, "=") {
			out = append(out, s)
		}
	}
	return out
}
