package toolchain

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// TestCommand returns the go test command with these arguments that builds its test binaries
// instrumented, whether or not their packages know of it.
func TestCommand(args []string) (*exec.Cmd, error) {
	cache, err := CacheDir()
	if err != nil {
		return nil, err
	}
	if err := checkWritable(cache); err != nil {
		return nil, fmt.Errorf("lastcall: instrumented binaries are kept in %s: %w; %s", cache, err, cacheAdvice)
	}
	dir, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("lastcall: %w", err)
	}
	dir, args = takeDir(dir, args)
	g, err := findGo(dir, cache, os.Stderr)
	if err != nil {
		return nil, err
	}
	goflags, err := splitQuoted(g.goflags)
	if err != nil {
		return nil, fmt.Errorf("lastcall: GOFLAGS: %w", err)
	}
	all := slices.Concat(goflags, args)
	if err := g.sameVersion(all); err != nil {
		return nil, err
	}
	p := &plan{gc: flagValues(all, "gcflags"), over: last(flagValues(all, "overlay")), tags: splitTags(last(flagValues(all, "tags")))}
	flags, err := g.buildFlags(p)
	if err != nil {
		return nil, err
	}
	cmd := g.command(slices.Concat([]string{"test"}, flags, withoutFlags(args, "tags", "gcflags", "overlay"))...)
	cmd.Env = withEnv(cmd.Env, "GORACE="+raceEnv(os.Getenv("GORACE"), cache))
	return cmd, nil
}

// splitTags splits a value of -tags: at commas, or at spaces as it was before Go 1.13 and still may be.
func splitTags(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
}

// takeDir takes -C dir, which must come first, off the arguments.
func takeDir(dir string, args []string) (string, []string) {
	if len(args) > 0 && strings.HasPrefix(args[0], "-") {
		name := strings.TrimLeft(args[0], "-")
		if v, ok := strings.CutPrefix(name, "C="); ok {
			return absIn(dir, v), args[1:]
		}
		if name == "C" && len(args) > 1 {
			return absIn(dir, args[1]), args[2:]
		}
	}
	return dir, args
}

// withoutFlags drops flags that take a value, with their values.
func withoutFlags(args []string, names ...string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		flag := strings.TrimPrefix(strings.TrimPrefix(args[i], "-"), "-")
		name, _, joined := strings.Cut(flag, "=")
		switch {
		case args[i] == "-args" || args[i] == "--args":
			return append(out, args[i:]...)
		case flag == args[i] || !slices.Contains(names, name):
			out = append(out, args[i])
		case !joined:
			i++ // its value
		}
	}
	return out
}

func last(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}
