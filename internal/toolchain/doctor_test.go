package toolchain

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestDoctor(t *testing.T) {
	t.Setenv(CacheEnv, t.TempDir())
	var said strings.Builder
	if !Doctor(&said, ".") {
		t.Error("not fine here")
	}
	for _, line := range []string{`ok +cache `, `ok +Go +go1\.`, `ok +edits +\d+, in \d+ files, all fit`, `(ok|note) +-race `, `(ok|note) +std `, `ok +module .*go\.mod`} {
		if !regexp.MustCompile(`(?m)^` + line).MatchString(said.String()) {
			t.Errorf("no line %q in\n%s", line, said.String())
		}
	}
}

func TestDoctorTellsWhatToDo(t *testing.T) {
	t.Run("old Go", func(t *testing.T) {
		t.Setenv(CacheEnv, t.TempDir())
		fakeGo(t, "go1.24.1", "")
		doctorFails(t, `^FAIL +Go +go1.24.1 is older .*GOTOOLCHAIN=`)
	})
	t.Run("no cache", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		os.WriteFile(file, nil, 0o666)
		t.Setenv(CacheEnv, filepath.Join(file, "cache"))
		doctorFails(t, `^FAIL +cache .*set `+CacheEnv)
	})
}

func doctorFails(t *testing.T, line string) {
	t.Helper()
	var said strings.Builder
	if Doctor(&said, t.TempDir()) || !regexp.MustCompile(`(?m)`+line).MatchString(said.String()) {
		t.Errorf("no line %q in\n%s", line, said.String())
	}
}
