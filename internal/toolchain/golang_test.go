package toolchain

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// fakeGo puts a go command on the PATH that says it is of one version, and of another where GOTOOLCHAIN asks for
// the newest supported one; "" means that it fails then.
func fakeGo(t *testing.T, version, other string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the fake go command is a shell script")
	}
	answer := func(version string) string {
		if version == "" {
			return `echo "go: go.mod requires go >= 1.27 (running go 1.26.8)" >&2; exit 1`
		}
		return fmt.Sprintf(`echo '{"GOROOT":"/go/%s","GOVERSION":"%s","GOMODCACHE":"/mod","GOFLAGS":""}'`, version, version)
	}
	dir := tree(t, map[string]string{"go": "#!/bin/sh\nif [ \"$GOTOOLCHAIN\" = " + newestToolchain + " ]; then\n" + answer(other) + "\nelse\n" + answer(version) + "\nfi\n"})
	if err := os.Chmod(filepath.Join(dir, "go"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv("GOTOOLCHAIN", "")
}

func TestFindGo(t *testing.T) {
	for _, tt := range []struct {
		name, version, other string
		found, note          string
		err                  []string
	}{
		{name: "supported", version: "go1.25.5", found: "go1.25.5"},
		{name: "release candidate", version: "go1.26rc1", found: "go1.26rc1"},
		{name: "newer", version: "go1.27.1", other: newestToolchain, found: newestToolchain,
			note: "lastcall: go1.27.1 is newer than lastcall knows: the instrumented binary is built with " + newestToolchain + "\n"},
		{name: "devel", version: "devel go1.28-abc Mon", other: newestToolchain, found: newestToolchain,
			note: "lastcall: devel go1.28-abc Mon is newer than lastcall knows: the instrumented binary is built with " + newestToolchain + "\n"},
		{name: "newer, and the module too", version: "go1.27.1",
			err: []string{"go1.27.1 is newer", "1.25 and 1.26", "go.mod requires go >= 1.27", "Update lastcall", "lower the go directive"}},
		{name: "newer, and GOTOOLCHAIN not heeded", version: "go1.27.1", other: "go1.27.1", err: []string{"gave go1.27.1"}},
		{name: "older", version: "go1.24.3", err: []string{"go1.24.3 is older", "GOTOOLCHAIN=" + newestToolchain}},
		{name: "no version", version: "weird", err: []string{`"weird" is not the version`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fakeGo(t, tt.version, tt.other)
			var notes strings.Builder
			g, err := findGo(t.TempDir(), t.TempDir(), &notes)
			for _, part := range tt.err {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("the error lacks %q: %v", part, err)
				}
			}
			if tt.err == nil && (err != nil || g.version != tt.found) {
				t.Errorf("got %+v, %v, want %s", g, err, tt.found)
			}
			if notes.String() != tt.note {
				t.Errorf("noted %q, want %q", notes.String(), tt.note)
			}
		})
	}
}

func TestNoGoCommand(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := findGo(t.TempDir(), t.TempDir(), os.Stderr)
	if err == nil || !strings.Contains(err.Error(), "put Go's bin directory on the PATH") {
		t.Errorf("the error does not say what to do: %v", err)
	}
}

func TestWithEnv(t *testing.T) {
	got := withEnv([]string{"A=1", "GOROOT=x", "GO=y", "B="}, "GOROOT=z", "A=")
	if want := "GO=y B= GOROOT=z"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUserOverlay(t *testing.T) {
	dir := tree(t, map[string]string{
		"ours.json":   `{"Replace":{"/go/src/runtime/proc.go":"/cache/proc.go"}}`,
		"theirs.json": `{"Replace":{"a.go":"b.go","/c.go":""}}`,
		"clash.json":  `{"Replace":{"/go/src/runtime/proc.go":"mine.go"}}`,
	})
	g := &golang{dir: dir, cache: t.TempDir()}
	ours := filepath.Join(dir, "ours.json")
	merged, err := g.withUserOverlay(ours, "theirs.json")
	if err != nil {
		t.Fatal(err)
	}
	index, err := readIndex(merged)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"/go/src/runtime/proc.go": "/cache/proc.go", filepath.Join(dir, "a.go"): filepath.Join(dir, "b.go"), "/c.go": ""}
	if fmt.Sprint(index.Replace) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", index.Replace, want)
	}
	if same, err := g.withUserOverlay(ours, ""); err != nil || same != ours {
		t.Errorf("without one of the user's: %s, %v", same, err)
	}
	if _, err := g.withUserOverlay(ours, "clash.json"); err == nil || !strings.Contains(err.Error(), "leave that file out of yours") {
		t.Errorf("a clash: %v", err)
	}
	if _, err := g.withUserOverlay(ours, "gone.json"); err == nil || !strings.Contains(err.Error(), "-overlay") {
		t.Errorf("a missing one: %v", err)
	}
}
