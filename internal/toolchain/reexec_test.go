package toolchain

import (
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

// TestCannotRun: a twin that is no program does not stay in the way, and one that may not be run there can be elsewhere.
func TestCannotRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("has no permission to execute")
	}
	for _, tt := range []struct {
		mode  os.FileMode
		want  string
		stays bool
	}{
		{0o755, "the next run builds it again", false},
		{0o644, "set LASTCALL_CACHE to a directory from which programs may be run", true},
	} {
		file := filepath.Join(t.TempDir(), "bin", "x.test")
		if err := os.Mkdir(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, make([]byte, 4096), tt.mode); err != nil {
			t.Fatal(err)
		}
		err := cannotRun(file, executeTwin(file, &debug.BuildInfo{}))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v", tt.mode, err)
		}
		if _, err := os.Stat(file); (err == nil) != tt.stays {
			t.Errorf("%v: %v", tt.mode, err)
		}
	}
}
