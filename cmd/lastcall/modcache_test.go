package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	ourPath    = "github.com/lastcall-go/lastcall"
	ourVersion = "v0.0.1"
)

// newRemoteDownstream is a downstream to which ours is a module like any other: the go command fetches it from a proxy, into a module cache
// where nothing may be written, and builds it there. There is no network.
func newRemoteDownstream(t *testing.T) *downstream {
	t.Helper()
	if os.Getenv("LASTCALL_SLOW") == "" {
		t.Skip("builds the instrumented standard library three times: LASTCALL_SLOW=1")
	}
	d := newDownstream(t)
	proxy, modcache := filepath.Join(t.TempDir(), "a proxy"), filepath.Join(t.TempDir(), "a module cache")
	serve(t, proxy)
	fetched, err := exec.Command("go", "env", "GOMODCACHE").Output() // what ours requires
	if err != nil {
		t.Fatal(err)
	}
	proxies := fileURL(proxy) + "," + fileURL(filepath.Join(strings.TrimSpace(string(fetched)), "cache", "download"))
	d.env = append(d.env, "GOMODCACHE="+modcache, "GOPROXY="+proxies, "GONOSUMDB=*", "GOFLAGS=-modcacherw=false")
	t.Cleanup(func() { d.run("go", "clean", "-modcache") })
	d.write("go.mod", "module downstream\n\ngo 1.25\n")
	d.write("go.sum", "")
	d.write("main/main_test.go", `package main

import (
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

func TestMutex(t *testing.T) {
	sim.Test(t, func(t *sim.T) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		n := 0
		for range 2 {
			wg.Go(func() { mu.Lock(); n++; mu.Unlock() })
		}
		wg.Wait()
	})
}
`)
	d.must("go", "get", "-t", ourPath+"@"+ourVersion)
	d.must("go", "get", "-t", "./...")
	return d
}

func fileURL(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive's letter
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// serve puts this module, as the go command would pack it, into a directory that GOPROXY may name.
func serve(t *testing.T, proxy string) {
	t.Helper()
	dir := filepath.Join(proxy, filepath.FromSlash(ourPath), "@v")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	root := os.DirFS("../..")
	mod, err := fs.ReadFile(root, "go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"list": ourVersion + "\n", ourVersion + ".info": `{"Version":"` + ourVersion + `"}`, ourVersion + ".mod": string(mod),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Create(filepath.Join(dir, ourVersion+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	err = fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if e.IsDir() {
			_, nested := fs.Stat(root, name+"/go.mod")
			if nested == nil || strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(name, "testdata/sim") {
				return fs.SkipDir
			}
			return nil
		}
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			return nil
		}
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		w, err := z.Create(ourPath + "@" + ourVersion + "/" + name)
		if err == nil {
			_, err = w.Write(content)
		}
		return err
	})
	if err := errors.Join(err, z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// run runs a command in the module.
func (d *downstream) run(name string, args ...string) (result, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = d.dir, append(append(os.Environ(), d.env...), "PWD="+d.dir)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	return result{cmd.ProcessState.ExitCode(), stdout.String(), building.ReplaceAllString(stderr.String(), "")}, err
}

func (d *downstream) must(name string, args ...string) {
	d.t.Helper()
	if r, err := d.run(name, args...); err != nil {
		d.t.Fatalf("%s %q: %v\n%s%s", name, args, err, r.stdout, r.stderr)
	}
}

// ours is the command as a user of the module runs it who has installed nothing.
func (d *downstream) ours(args ...string) result {
	d.t.Helper()
	r, err := d.run("go", append([]string{"run", ourPath + "/cmd/lastcall"}, args...)...)
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		d.t.Fatal(err)
	}
	return r
}

const okGood, okMain = "ok  \tdownstream/good", "ok  \tdownstream/main"

func TestRemoteDownstream(t *testing.T) {
	d := newRemoteDownstream(t)
	d.holds(d.test("./good", "./main"), exitOK, okGood, okMain)
	d.holds(d.ours("test", "-count=1", "./good", "./main"), exitOK, okGood, okMain)
	d.holds(d.ours("test", "./bad"), exitFound, "FAIL\tdownstream/bad", "close of closed channel", "Replay:")
	d.holds(d.ours("test", "-race", "./good", "./main"), exitOK, okGood, okMain)
	for _, args := range [][]string{{"./main"}, {"-race", "./main"}} {
		r, err := d.run("go", append([]string{"test", "-v"}, args...)...)
		d.holds(r, 0, "--- PASS: TestMutex")
		if err != nil {
			t.Error(err)
		}
	}
	// The command becomes its own twin, out of the module cache as well.
	d.holds(d.ours("run", "-run", "^R3 .*/asyncio 2015$"), exitOK, "1 cell: 0 clean, 1 broken", "lastcall replay lc1.")
	d.holds(d.ours("doctor"), exitOK, "go1.")
}

func TestRemoteDownstreamInWorkspace(t *testing.T) {
	d := newRemoteDownstream(t)
	d.write("go.work", "go 1.25\n\nuse (\n\t.\n\t./other\n)\n")
	d.write("other/go.mod", "module other\n\ngo 1.25\n")
	d.write("other/other.go", "package other\n")
	d.holds(d.test("./good", "./main", "other"), exitOK, okGood, okMain, "other\t[no test files]")
	r, err := d.run("go", "test", "./main")
	d.holds(r, 0, okMain)
	if err != nil {
		t.Error(err)
	}
}

func TestRemoteDownstreamVendored(t *testing.T) {
	d := newRemoteDownstream(t)
	d.write("tools.go", fmt.Sprintf("//go:build tools\n\npackage downstream\n\nimport _ %q\n", ourPath+"/cmd/lastcall"))
	d.must("go", "mod", "vendor")
	if _, err := os.Stat(filepath.Join(d.dir, "vendor", filepath.FromSlash(ourPath), "sim")); err != nil {
		t.Fatal(err)
	}
	d.env = append(d.env, "GOPROXY=off", "GOMODCACHE="+filepath.Join(t.TempDir(), "empty")) // nothing but what is vendored
	d.holds(d.test("./good", "./main"), exitOK, okGood, okMain)
	d.holds(d.ours("test", "-race", "./main"), exitOK, okMain)
	r, err := d.run("go", "test", "./main")
	d.holds(r, 0, okMain)
	if err != nil {
		t.Error(err)
	}
}
