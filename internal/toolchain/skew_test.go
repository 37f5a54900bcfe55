package toolchain

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSameVersion: a command of another version than the module's is told, and one of the same is not, nor is a module without ours.
func TestSameVersion(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		file := filepath.Join(other, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module "+modulePath+"\n\ngo 1.25\n")
	write("internal/toolchain/x.go", "package toolchain\n")
	write("internal/toolchain/overlay/README.md", "another\n")
	without := t.TempDir()
	if err := os.WriteFile(filepath.Join(without, "go.mod"), []byte("module without\n\ngo 1.25\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{root: "", other: "are of two versions", without: ""} {
		for _, args := range [][]string{nil, {"-mod=mod", "./..."}} {
			g, err := findGo(dir, t.TempDir(), io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			g.env = withEnv(g.env, "GOFLAGS=", "GOWORK=off")
			switch err := g.sameVersion(args); {
			case want == "" && err != nil:
				t.Errorf("%s: %v", dir, err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("%s: %v, want %q", dir, err, want)
			}
		}
	}
}
