package toolchain

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// slowEnv makes the tests run that build the standard library once more each, for half a minute.
const slowEnv = "LASTCALL_SLOW"

// A downstream is a module that uses ours, in a directory with a space in its name.
type downstream struct {
	t     *testing.T
	dir   string
	cache string
	env   []string
}

const downstreamPath = "github.com/lastcall-go/lastcall/downstream" // so that it may import what is internal

func newDownstream(t *testing.T) *downstream {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the instrumented standard library")
	}
	base := t.TempDir()
	d := &downstream{t: t, dir: filepath.Join(base, "a module"), cache: filepath.Join(base, "a cache")}
	d.env = withEnv(os.Environ(), CacheEnv+"="+d.cache, "GOFLAGS=", "GOWORK=", "GORACE=", "GOCOVERDIR=", instrumentedEnv+"=")
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(d.dir, os.DirFS("testdata/twin")); err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	d.write("go.sum", string(sum))
	d.write("go.mod", "module "+downstreamPath+"\n\ngo 1.25\n\nrequire github.com/lastcall-go/lastcall v0.0.1\n\n"+
		"replace github.com/lastcall-go/lastcall => "+root+"\n")
	return d
}

func (d *downstream) write(name, content string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(content), 0o666); err != nil {
		d.t.Fatal(err)
	}
}

func (d *downstream) command(args ...string) *exec.Cmd {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = d.dir, withEnv(d.env, "PWD="+d.dir)
	return cmd
}

// fine runs the command, which must succeed and print the parts.
func (d *downstream) fine(cmd *exec.Cmd, parts ...string) string {
	d.t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		d.t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	d.has(string(out), parts...)
	return string(out)
}

func (d *downstream) has(out string, parts ...string) {
	d.t.Helper()
	for _, part := range parts {
		if !strings.Contains(out, part) {
			d.t.Errorf("this lacks %q:\n%s", part, out)
		}
	}
}

// binaries lists the twins in the cache with the times they were built.
func (d *downstream) binaries() string {
	names, _ := filepath.Glob(filepath.Join(d.cache, "bin-*", "manifest.json"))
	var b strings.Builder
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			fmt.Fprintln(&b, name, info.ModTime())
		}
	}
	return b.String()
}

const passed = "--- PASS: TestInstrumented"

func TestTwinIsBuiltOnce(t *testing.T) {
	d := newDownstream(t)
	d.fine(d.command("test", "-v", "."), passed, "vanilla", "in "+d.dir)
	built := d.binaries()
	if strings.Count(built, "\n") != 1 {
		t.Fatalf("want one binary, got %s", built)
	}
	d.fine(d.command("test", "-v", "-count=1", "-run=Instr", "-shuffle=on", "-cpu=1", "-timeout=1m", "-parallel=3", ".", "-args", "x", "y z"), passed, `"x" "y z"`)
	d.fine(d.command("test", "-json", "-bench=.", "."), `"Action":"pass"`)
	if d.binaries() != built {
		t.Errorf("built again without need:\n%s\n%s", built, d.binaries())
	}
	// go test builds the same binary as before, and has a result for it.
	d.write("tag.go", "//go:build lastcall\n\npackage twin\n\nfunc init() { instrumented, flavour = true, `chocolate` }\n")
	d.fine(d.command("test", "-v", "."), passed, "chocolate")

	d.write("tag.go", "//go:build lastcall\n\npackage twin\n\nfunc init() { instrumented = 1 }\n")
	out, err := d.command("test", ".").CombinedOutput()
	if err == nil {
		t.Errorf("passes although it cannot be built:\n%s", out)
	}
	d.has(string(out), "# "+downstreamPath+" ["+downstreamPath+".test]\n", "tag.go:5:30: cannot use 1 ", "FAIL\t"+downstreamPath)
}

func TestTwinsAtOnce(t *testing.T) {
	long(t)
	d := newDownstream(t)
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			if out, err := d.command("test", "-count=1", "-v", ".").CombinedOutput(); err != nil || !strings.Contains(string(out), passed) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	wait.Wait()
	if left, _ := filepath.Glob(filepath.Join(d.cache, "tmp-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTwinCoverage(t *testing.T) {
	long(t)
	d := newDownstream(t)
	profile := filepath.Join(t.TempDir(), "cover.out")
	d.fine(d.command("test", "-cover", "."), "coverage: 60.0% of statements")
	d.fine(d.command("test", "-coverpkg=./...,github.com/lastcall-go/lastcall/internal/toolchain", "-covermode=count", "-coverprofile="+profile, "."), "of statements in ./..., github.com/lastcall-go/lastcall/internal/toolchain")
	content, err := os.ReadFile(profile)
	if err != nil {
		t.Fatal(err)
	}
	d.has(string(content), "mode: count", downstreamPath+"/twin.go:11.", "internal/toolchain/reexec.go")
}

func TestTwinInWorkspace(t *testing.T) {
	d := newDownstream(t)
	work := t.TempDir()
	if err := os.WriteFile(filepath.Join(work, "go.work"), []byte("go 1.25\n\nuse \""+d.dir+"\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := d.command("test", "-v", downstreamPath)
	cmd.Dir, cmd.Env = work, withEnv(cmd.Env, "PWD="+work)
	d.fine(cmd, passed)
}

func TestTwinVendored(t *testing.T) {
	long(t)
	d := newDownstream(t)
	d.fine(d.command("mod", "vendor"))
	d.fine(d.command("test", "-v", "."), passed)
	// Another go.mod, as only the command line says.
	mod, err := os.ReadFile(filepath.Join(d.dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	os.Rename(filepath.Join(d.dir, "go.sum"), filepath.Join(d.dir, "other.sum"))
	d.write("other.mod", string(mod))
	d.write("go.mod", "module "+downstreamPath+"\n\ngo 1.25\n")
	d.fine(d.command("test", "-v", "-mod=readonly", "-modfile=other.mod", "-count=1", "."), passed)
	d.fine(d.command("test", "-v", "-mod=readonly", "-modfile=other.mod", "-tags=a,b", "-gcflags=-N", "-ldflags=-X x.y=z", "-count=1", "."), passed)
}

func TestTwinOfFiles(t *testing.T) {
	long(t)
	d := newDownstream(t)
	d.write("tag.go", strings.Replace("//go:build lastcall\n\npackage twin\n\nfunc init() { instrumented = true }\n", "lastcall", "never", 1))
	out, err := d.command("test", "twin.go", "twin_test.go").CombinedOutput()
	if err == nil {
		t.Errorf("passed although not instrumented:\n%s", out)
	}
	// It was built from those two files, became the twin, and then saw that it was not instrumented.
	d.has(string(out), "internal bug", "report it with the output of lastcall doctor")
}

func TestCompiledTestBinary(t *testing.T) {
	d := newDownstream(t)
	plain := filepath.Join(t.TempDir(), "plain.test")
	d.fine(d.command("test", "-c", "-o", plain, "."))
	run := func(dir string) (string, error) {
		cmd := exec.Command(plain, "-test.v")
		cmd.Dir, cmd.Env = dir, withEnv(d.env, "PWD="+dir)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run(d.dir); err != nil || !strings.Contains(out, passed) {
		t.Errorf("in its module: %v\n%s", err, out)
	}
	out, err := run(t.TempDir())
	if err == nil {
		t.Errorf("passes outside its module:\n%s", out)
	}
	d.has(out, "No go test command has started this binary")
}

func TestTestCommand(t *testing.T) {
	d := newDownstream(t)
	t.Chdir(d.dir)
	t.Setenv(CacheEnv, d.cache)
	t.Setenv("GOFLAGS", "'-tags=x y'")
	if err := os.Remove("twin_test.go"); err != nil {
		t.Fatal(err)
	}
	// No TestMain here.
	d.write("x_test.go", "//go:build x && y && !z\n\npackage twin\n\nimport \"testing\"\n\nfunc TestInstrumented(t *testing.T) { if !instrumented { t.Error(`no`) } }\n")
	cmd, err := TestCommand([]string{"-v", "."})
	if err != nil {
		t.Fatal(err)
	}
	d.fine(cmd, passed)
	if cmd, err = TestCommand([]string{"-tags", "z", "."}); err != nil {
		t.Fatal(err)
	}
	d.fine(cmd, "[no test files]")
	if strings.Contains(d.binaries(), "bin-") {
		t.Error("a twin was built")
	}
}

// TestTwinFromModuleCache has the whole module in the module cache, and runs its tests from another module.
func TestTwinFromModuleCache(t *testing.T) {
	long(t)
	d := newDownstream(t)
	proxy := t.TempDir()
	serveModule(t, proxy)
	d.write("go.mod", "module "+downstreamPath+"\n\ngo 1.25\n\nrequire github.com/lastcall-go/lastcall v0.0.1\n")
	modcache := filepath.Join(t.TempDir(), "mod")
	t.Cleanup(func() { d.command("clean", "-modcache").Run() }) // it is read-only
	d.env = withEnv(d.env, "GOMODCACHE="+modcache, "GOPROXY=file://"+filepath.ToSlash(proxy), "GONOSUMDB=*", "GOFLAGS=-mod=mod")
	d.fine(d.command("test", "-v", "."), passed)
	const twin = "github.com/lastcall-go/lastcall/internal/toolchain/testdata/twin"
	d.fine(d.command("test", "-v", twin), passed, "in "+modcache)
}

// serveModule puts this module into a directory that GOPROXY may name.
func serveModule(t *testing.T, proxy string) {
	t.Helper()
	const version = "v0.0.1"
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name string, content []byte) error {
		w, err := z.Create("github.com/lastcall-go/lastcall@" + version + "/" + name)
		if err == nil {
			_, err = w.Write(content)
		}
		return err
	}
	if err := add("go.mod", mod); err != nil {
		t.Fatal(err)
	}
	root := os.DirFS("../..")
	err = fs.WalkDir(root, "internal/toolchain", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		return add(name, content)
	})
	if err != nil {
		t.Fatal(err)
	}
	z.Close()
	dir := filepath.Join(proxy, "github.com/lastcall-go/lastcall/@v")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"list": []byte(version + "\n"), version + ".info": []byte(`{"Version":"` + version + `"}`), version + ".mod": mod, version + ".zip": b.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// long spares the newcomer what takes some seconds and seldom tells more than the other tests do.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("LASTCALL_LONG") == "" {
		t.Skip("builds for some seconds: set LASTCALL_LONG=1")
	}
}

func slow(t *testing.T) {
	t.Helper()
	if os.Getenv(slowEnv) == "" {
		t.Skipf("builds another standard library: set %s=1", slowEnv)
	}
}

func TestTwinUnderRace(t *testing.T) {
	slow(t)
	d := newDownstream(t)
	// Package testing fails the test, since no schedule takes the blame; and the two races are of the same lines.
	check := func(cmd *exec.Cmd) {
		t.Helper()
		raw, _ := cmd.CombinedOutput()
		out := string(raw)
		d.has(out, passed, "reports: <nil>", "suppress_equal_stacks=0")
		if n := strings.Count(out, "WARNING: DATA RACE"); n != 2 {
			t.Errorf("%d reports, want 2:\n%s", n, out)
		}
	}
	check(d.command("test", "-race", "-v", "."))
	// A binary that was built instrumented and is started by hand finds its options, without a Go installation.
	t.Chdir(d.dir)
	t.Setenv(CacheEnv, d.cache)
	binary := filepath.Join(t.TempDir(), "x.test")
	cmd, err := TestCommand([]string{"-race", "-c", "-o", binary, "."})
	if err != nil {
		t.Fatal(err)
	}
	d.fine(cmd)
	cmd = exec.Command(binary, "-test.v")
	cmd.Env = withEnv(d.env, "PATH=/nowhere")
	check(cmd)
}

func TestTwinFuzzing(t *testing.T) {
	slow(t)
	d := newDownstream(t)
	out := d.fine(d.command("test", "-fuzz=FuzzDouble", "-fuzztime=20000x", "."), "now fuzzing with")
	// The branch for negative numbers is found by coverage only.
	if !regexp.MustCompile(`new interesting: [1-9]`).MatchString(out) {
		t.Errorf("no coverage guides the fuzzer:\n%s", out)
	}
}

func TestTwinOfOlderToolchain(t *testing.T) {
	slow(t)
	for _, release := range Supported {
		gorootOf(t, release) // fetches it
		d := newDownstream(t)
		d.env = withEnv(d.env, "GOTOOLCHAIN="+newest[release])
		d.fine(d.command("test", "-v", "."), passed, newest[release])
	}
}

func TestNeverTwice(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(instrumentedEnv, self)
	if err := Reexec(""); err == nil || !strings.Contains(err.Error(), "was built to be instrumented and is not") {
		t.Errorf("got %v", err)
	}
}

// TestTwinInAdversity: a build that is killed, a Go installation that cannot be written and a full disk leave no broken cache.
func TestTwinInAdversity(t *testing.T) {
	slow(t)
	if runtime.GOOS != "linux" {
		t.Skip("kills process groups and mounts")
	}
	d := newDownstream(t)
	t.Run("killed", func(t *testing.T) {
		cmd := d.command("test", "-v", ".")
		cmd.SysProcAttr = ownGroup()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for range 600 { // until its build has begun
			if tmp, _ := filepath.Glob(filepath.Join(d.cache, "tmp-*")); len(tmp) > 0 {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(time.Second)
		killGroup(cmd.Process.Pid)
		cmd.Wait()
		d.fine(d.command("test", "-v", "."), passed)
	})
	inMounts := func(t *testing.T, mount string) (string, error) {
		t.Helper()
		if out, err := exec.Command("unshare", "-m", "true").CombinedOutput(); err != nil {
			t.Skipf("mounts need privileges: %v %s", err, out)
		}
		cmd := d.command("test", "-count=1", "-v", ".")
		cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", `exec unshare -m sh -c "` + mount + ` && exec go test -count=1 -v ."`}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	t.Run("read-only installation", func(t *testing.T) {
		goroot := gorootOf(t, Supported[len(Supported)-1])
		built := d.binaries()
		out, err := inMounts(t, "mount --bind "+goroot+" "+goroot+" && mount -o remount,ro,bind "+goroot)
		if err != nil || !strings.Contains(out, passed) {
			t.Errorf("%v\n%s", err, out)
		}
		d.write("another.go", "package twin\n\nvar another = 1\n") // so that there is something to build
		out, err = inMounts(t, "mount --bind "+goroot+" "+goroot+" && mount -o remount,ro,bind "+goroot)
		if err != nil || !strings.Contains(out, passed) || d.binaries() == built {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("full disk", func(t *testing.T) {
		d.write("another.go", "package twin\n\nvar another = 2\n")
		out, err := inMounts(t, "mount -t tmpfs -o size=1m none '"+d.cache+"'")
		if err == nil || !strings.Contains(out, "no space left on device") || !strings.Contains(out, CacheEnv) {
			t.Errorf("%v\n%s", err, out)
		}
		d.fine(d.command("test", "-v", "."), passed)
	})
}
