package toolchain

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// Doctor writes to w, in a few lines, whether Go programs in dir can be controlled on this machine, and what to do
// where not. It returns false where they cannot. It writes the overlay, if it is not there yet, and builds nothing.
func Doctor(w io.Writer, dir string) bool {
	d := &doctor{w: w}
	cache, err := CacheDir()
	if err == nil {
		err = checkWritable(cache)
	}
	d.check("cache", cache, err, cacheAdvice)
	if err != nil {
		return false
	}
	var notes strings.Builder
	g, err := findGo(dir, cache, &notes)
	if err != nil {
		d.check("Go", "", err, "")
		return false
	}
	d.check("Go", g.version+" at "+g.goroot, nil, "")
	if notes.Len() > 0 {
		d.note("", strings.TrimPrefix(strings.TrimSpace(notes.String()), "lastcall: "))
	}
	flags, err := g.buildFlags(new(plan))
	d.check("edits", editsSummary(g.release), err, "")
	if err != nil {
		return false
	}
	d.goCache(g)
	d.race(g)
	d.std(g, flags, "")
	d.std(g, flags, "-race")
	d.module(g)
	return !d.failed
}

type doctor struct {
	w      io.Writer
	failed bool
}

func (d *doctor) check(what, fine string, err error, advice string) {
	if err == nil {
		d.line("ok", what, fine)
		return
	}
	d.failed = true
	said := strings.TrimPrefix(err.Error(), "lastcall: ")
	if advice != "" {
		said += "; " + advice
	}
	d.line("FAIL", what, said)
}

func (d *doctor) note(what, said string) { d.line("note", what, said) }

func (d *doctor) line(mark, what, said string) {
	fmt.Fprintf(d.w, "%-4s  %-16s  %s\n", mark, what, strings.ReplaceAll(said, "\n", "\n"+strings.Repeat(" ", 24)))
}

func editsSummary(release string) string {
	n, files := 0, map[string]bool{}
	for i := range edits {
		if edits[i].appliesTo(release) {
			n++
			files[edits[i].File] = true
		}
	}
	return fmt.Sprintf("%d, in %d files, all fit", n, len(files))
}

// get asks go env.
func (g *golang) get(names ...string) []string {
	out, err := g.command(append([]string{"env"}, names...)...).Output()
	values := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if err != nil || len(values) != len(names) {
		return make([]string, len(names))
	}
	return values
}

func (d *doctor) goCache(g *golang) {
	dir := g.get("GOCACHE")[0]
	d.check("Go build cache", dir, checkWritable(dir), "set GOCACHE to a directory that can be written")
}

// race looks for what -race needs. Control works without it.
func (d *doctor) race(g *golang) {
	env := g.get("CGO_ENABLED", "CC", "GOOS", "GOARCH")
	cc, err := splitQuoted(env[1])
	switch {
	case env[2] == "darwin":
		d.line("ok", "-race", "works without a C compiler here")
	case env[0] != "1":
		d.note("-race", "needs cgo, and CGO_ENABLED is 0; without -race, interleavings of racy accesses are missed")
	case err != nil || len(cc) == 0:
		d.note("-race", fmt.Sprintf("needs a C compiler, and CC is %q", env[1]))
	default:
		if _, err := exec.LookPath(cc[0]); err != nil {
			d.note("-race", fmt.Sprintf("needs a C compiler, and there is no %s: install gcc or clang, or set CC; without -race, interleavings of racy accesses are missed", cc[0]))
			return
		}
		d.line("ok", "-race", "C compiler "+cc[0])
	}
}

// std tells whether the standard library is in Go's build cache in the form that the flags ask for.
func (d *doctor) std(g *golang, flags []string, more string) {
	what := strings.TrimSpace("std " + more)
	args := append([]string{"list", "-f", "{{.Stale}}"}, flags...)
	if more != "" {
		args = append(args, more)
	}
	out, err := g.command(append(args, "runtime", "testing", "context", "time")...).CombinedOutput()
	switch {
	case err != nil:
		d.note(what, "cannot be built: "+strings.TrimSpace(string(out)))
	case strings.Contains(string(out), "true"):
		d.note(what, "will be built when it is first needed, which takes about half a minute, once")
	default:
		d.line("ok", what, "built")
	}
}

func (d *doctor) module(g *golang) {
	env := g.get("GOMOD", "GOWORK")
	switch {
	case env[0] == "" || env[0] == os.DevNull:
		d.note("module", "none here; run lastcall doctor where go test is run")
		return
	case env[1] != "" && env[1] != "off":
		d.line("ok", "workspace", env[1])
	}
	out, err := g.command("list", "-f", "{{.Dir}}", "./...").CombinedOutput()
	if err != nil {
		d.check("module", "", fmt.Errorf("%s: %s", env[0], strings.TrimSpace(string(out))), "")
		return
	}
	d.line("ok", "module", fmt.Sprintf("%s, %d packages; their test binaries are built again on their first run", env[0], strings.Count(string(out), "\n")))
}
