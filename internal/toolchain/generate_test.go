package toolchain

import (
	"errors"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// newest is a toolchain of each supported release.
var newest = map[string]string{"1.25": "go1.25.12", "1.26": newestToolchain}

// gorootOf finds an installation of the release, which the go command fetches where it has to. To go without is
// allowed with -short only: a table that was not held to a release must not look as if it had been.
func gorootOf(t *testing.T, release string) string {
	t.Helper()
	cmd := exec.Command("go", "env", "GOROOT")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+newest[release])
	var said strings.Builder // where the go command fetches a toolchain it says so
	cmd.Stderr = &said
	path, err := cmd.Output()
	if err == nil {
		return strings.TrimSpace(string(path))
	}
	out := said.String()
	if testing.Short() {
		t.Skipf("%s cannot be had: %s", newest[release], out)
	}
	t.Fatalf("%s cannot be had, so the edits are not tested against it (go test -short goes without): %s", newest[release], out)
	return ""
}

func TestEveryEditFitsEverySupportedRelease(t *testing.T) {
	if newest[Supported[len(Supported)-1]] != newestToolchain || len(newest) != len(Supported) {
		t.Fatal("newest does not go with Supported")
	}
	for _, release := range Supported {
		t.Run("go"+release, func(t *testing.T) {
			goroot := gorootOf(t, release)
			version, err := versionAt(goroot)
			if err != nil {
				t.Fatal(err)
			}
			files, err := overlayFiles(goroot, version, release, edits, added)
			if err != nil {
				t.Fatal(err)
			}
			for name, src := range files {
				if strings.HasSuffix(name, ".go") {
					if _, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

func TestEveryEditSaysWhy(t *testing.T) {
	for _, e := range edits {
		if strings.TrimSpace(e.Why) == "" || e.Anchor == e.Replace || e.Anchor == "" {
			t.Errorf("the edit of %s at %q gives no reason, has no anchor or changes nothing", e.File, e.Anchor)
		}
		for _, release := range e.Releases {
			if !isSupported(release) {
				t.Errorf("the edit %q is for Go %s, which is not supported", e.Why, release)
			}
		}
	}
}

// tree makes a directory of files.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// tinyGoroot is as much of a Go installation as Generate looks at.
func tinyGoroot(t *testing.T) string {
	return tree(t, map[string]string{
		"VERSION":                     "go1.26.8\ntime 2026-08-28T16:20:06Z\n",
		"src/runtime/proc.go":         "package runtime\n\nfunc park() {\n\tmcall()\n}\n\nfunc ready() {\n\twakep()\n\twakep()\n}\n",
		"src/runtime/proc_test.go":    "package runtime\n",
		"src/net/http/server.go":      "package http\n",
		"src/vendor/x/text/t.go":      "package text\n",
		"src/net/testdata/t.go":       "package t\n",
		"src/cmd/go/main.go":          "package main\n",
		"src/only_tests/only_test.go": "package only\n",
	})
}

var noFiles = fstest.MapFS{"overlay": {Mode: fs.ModeDir}}

func TestEditsThatDoNotFit(t *testing.T) {
	goroot := tinyGoroot(t)
	proc := filepath.Join(goroot, "src/runtime/proc.go")
	for _, tt := range []struct {
		name string
		edit Edit
		want string // after the file's name
	}{
		{"missing", Edit{File: "runtime/proc.go", Anchor: "func gone() {\n", Why: "stop at park"},
			"its anchor occurs nowhere, not once:\n\tfunc gone() {\n"},
		{"twice", Edit{File: "runtime/proc.go", Anchor: "\twakep()\n", Why: "stop at park"},
			"its anchor occurs twice, not once:\n\t\twakep()\n"},
		{"fewer", Edit{File: "runtime/proc.go", Anchor: "\twakep()\n", Why: "stop at park", Count: 3},
			"its anchor occurs twice, not 3 times:\n\t\twakep()\n"},
		{"none to rename", Edit{File: "runtime/proc.go", Anchor: "sleep", Why: "stop at park", Count: -1},
			"its anchor occurs nowhere, not at least once:\n\tsleep\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := overlayFiles(goroot, "go1.26.8", "1.26", []Edit{tt.edit}, noFiles)
			var edit *EditError
			if !errors.As(err, &edit) {
				t.Fatalf("got %v, want an EditError", err)
			}
			want := `lastcall: cannot instrument go1.26.8: the edit "stop at park" does not fit ` + proc + ": " + tt.want +
				"lastcall knows the source of Go 1.25 and 1.26 as released. If this GOROOT was changed, use an unchanged one: " +
				"GOTOOLCHAIN=" + newestToolchain + ", or an installation from https://go.dev/dl. If it was not, lastcall is behind this Go " +
				"release: update it (go get github.com/lastcall-go/lastcall@latest), or carry the edit over as docs/porting.md tells."
			if err.Error() != want {
				t.Errorf("got  %s\nwant %s", err, want)
			}
		})
	}
	_, err := overlayFiles(goroot, "go1.26.8", "1.26", []Edit{{File: "runtime/gone.go", Anchor: "x", Why: "stop"}}, noFiles)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "runtime/gone.go") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// A Go installation that somebody has changed is what an EditError is for, so it is tried on the true one.
func TestDoctoredGoroot(t *testing.T) {
	if len(edits) == 0 {
		t.Skip("no edits yet")
	}
	e := edits[0]
	release := Supported[len(Supported)-1]
	if !e.appliesTo(release) {
		t.Fatalf("the first edit is not for %s; take another", release)
	}
	real := gorootOf(t, release)
	src, err := os.ReadFile(filepath.Join(real, "src", e.File))
	if err != nil {
		t.Fatal(err)
	}
	goroot := tree(t, map[string]string{
		"VERSION":       newestToolchain + "\n",
		"src/" + e.File: strings.ReplaceAll(string(src), e.Anchor, ""),
	})
	cache := t.TempDir()
	_, err = Generate(goroot, "", cache)
	for _, part := range []string{newestToolchain, e.File, e.Why, "occurs nowhere", "docs/porting.md"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not name %q: %v", part, err)
		}
	}
	if left, _ := os.ReadDir(cache); len(left) > 0 {
		t.Errorf("something was written all the same: %v", left)
	}
}

func TestOverlayFiles(t *testing.T) {
	goroot := tinyGoroot(t)
	extra := fstest.MapFS{
		"overlay/README.md":               {Data: []byte("no")},
		"overlay/runtime/a.go.txt":        {Data: []byte("package runtime // all")},
		"overlay/runtime/b.go.txt":        {Data: []byte("package runtime // all")},
		"overlay/go1.26/runtime/b.go.txt": {Data: []byte("package runtime // 1.26")},
		"overlay/go1.25/runtime/c.go.txt": {Data: []byte("package runtime // 1.25")},
		"overlay/lastcall/s.s.txt":        {Data: []byte("// none")},
	}
	table := []Edit{
		{File: "runtime/proc.go", Anchor: "mcall", Replace: "first", Why: "w"},
		{File: "runtime/proc.go", Anchor: "first", Replace: "second", Why: "w"},
		{File: "runtime/proc.go", Anchor: "wakep", Replace: "w", Why: "w", Count: 2},
		{File: "runtime/proc.go", Anchor: "gone", Why: "w", Releases: []string{"1.25"}},
	}
	files, err := overlayFiles(goroot, "go1.26.8", "1.26", table, extra)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"runtime/proc.go": "package runtime\n\nfunc park() {\n\tsecond()\n}\n\nfunc ready() {\n\tw()\n\tw()\n}\n",
		"runtime/a.go":    "package runtime // all",
		"runtime/b.go":    "package runtime // 1.26",
		"lastcall/s.s":    "// none",
		"runtime/lastcall_std.go": "// Code generated by lastcall. DO NOT EDIT.\n\npackage runtime\n\n" +
			"// simStdPkgs is every package of the standard library, sorted.\nvar simStdPkgs = [...]string{\n" +
			"\t\"lastcall\",\n\t\"net/http\",\n\t\"runtime\",\n\t\"vendor/x/text\",\n}\n",
	}
	if len(files) != len(want) {
		t.Errorf("got %d files, want %d", len(files), len(want))
	}
	for name, content := range want {
		if string(files[name]) != content {
			t.Errorf("%s:\n%s\nwant\n%s", name, files[name], content)
		}
	}
	extra["overlay/net/http/server.go.txt"] = &fstest.MapFile{}
	if _, err := overlayFiles(goroot, "go1.26.8", "1.26", table, extra); err == nil || !strings.Contains(err.Error(), "net/http/server.go") {
		t.Errorf("a file that is there already was added: %v", err)
	}
}

func TestOneContentOnePath(t *testing.T) {
	goroot := tinyGoroot(t)
	cache := filepath.Join(t.TempDir(), "with space", "cache")
	files := map[string][]byte{"runtime/a.go": []byte("package runtime")}
	first, err := writeOverlay(goroot, cache, files)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if again, err := writeOverlay(goroot, cache, files); err != nil || again != first {
				t.Errorf("got %s, %v; want %s", again, err, first)
			}
		})
	}
	wait.Wait()
	files["runtime/a.go"] = []byte("package runtime // other")
	if other, err := writeOverlay(goroot, cache, files); err != nil || other == first {
		t.Errorf("another content got the same path, or %v", err)
	}
	if dirs, _ := os.ReadDir(cache); len(dirs) != 2 {
		t.Errorf("want two overlays and nothing else, got %v", dirs)
	}
}

func TestOverlayIsMended(t *testing.T) {
	goroot, cache := tinyGoroot(t), t.TempDir()
	files := map[string][]byte{"runtime/a.go": []byte("package runtime"), "runtime/b.go": []byte("package runtime")}
	index, err := writeOverlay(goroot, cache, files)
	if err != nil {
		t.Fatal(err)
	}
	a, b := filepath.Join(filepath.Dir(index), "runtime/a.go"), filepath.Join(filepath.Dir(index), "runtime/b.go")
	if err := errors.Join(os.WriteFile(a, nil, 0o666), os.Remove(b)); err != nil {
		t.Fatal(err)
	}
	if _, err := writeOverlay(goroot, cache, files); err != nil {
		t.Fatal(err)
	}
	if !fileHolds(a, files["runtime/a.go"]) || !fileHolds(b, files["runtime/b.go"]) {
		t.Error("what was cut off and removed was not put back")
	}
}

// TestKilledGenerate kills processes that generate, at all stages, and looks whether what they left serves.
func TestKilledGenerate(t *testing.T) {
	const helper = "LASTCALL_TEST_GENERATE"
	goroot := tinyGoroot(t)
	files := map[string][]byte{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		files["runtime/"+name+".go"] = []byte(strings.Repeat("// "+name+"\n", 100_000))
	}
	if dir := os.Getenv(helper); dir != "" {
		for {
			os.Stdout.WriteString(".") // says that it has begun
			if _, err := writeOverlay("/goroot", dir, files); err != nil {
				t.Fatal(err)
			}
			all, _ := filepath.Glob(filepath.Join(dir, "overlay-*"))
			for _, name := range all {
				os.RemoveAll(name)
			}
		}
	}
	cache, tmp := t.TempDir(), t.TempDir() // what the killed leave in tmp goes with this test
	for i := range 10 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledGenerate$")
		cmd.Env = append(os.Environ(), helper+"="+cache, "TMPDIR="+tmp)
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		out.Read(make([]byte, 1))
		time.Sleep(time.Duration(i) * 2 * time.Millisecond) // writing takes some 20
		cmd.Process.Kill()
		cmd.Wait()
	}
	index, err := writeOverlay(goroot, cache, files)
	if err != nil {
		t.Fatal(err)
	}
	if !treeHolds(filepath.Dir(index), files) {
		t.Error("the overlay is not whole")
	}
	trim(cache, time.Now().Add(2*cacheUnusedMax))
	if left, _ := os.ReadDir(cache); len(left) > 0 {
		t.Errorf("these stay for ever: %v", left)
	}
}

func TestOverlayCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := writeOverlay("/goroot", filepath.Join(file, "cache"), map[string][]byte{"a": nil})
	if err == nil || !strings.Contains(err.Error(), cacheAdvice) {
		t.Errorf("the error does not say what to do: %v", err)
	}
}

func TestNoGoInstallation(t *testing.T) {
	_, err := Generate(t.TempDir(), "", t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "install a release") {
		t.Errorf("the error does not say what to do: %v", err)
	}
}
