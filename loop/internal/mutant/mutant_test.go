package mutant

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var all = flag.Bool("mutants", false, "run loop's tests against every mutant (some minutes)")

const loopDir = "../.."

// TestMutantsFit holds the list to the source: each mutant can be made.
func TestMutantsFit(t *testing.T) {
	names := map[string]bool{}
	for _, m := range All {
		require.False(t, names[m.Name], m.Name)
		names[m.Name] = true
		require.NoError(t, m.Apply(copyOf(t, false)))
	}
}

// TestMutantsAreCaught runs the plain tests of loop against each mutant and says which of them notices.
func TestMutantsAreCaught(t *testing.T) {
	if !*all {
		t.Skip("without -mutants")
	}
	for _, m := range All {
		t.Run(m.Name, func(t *testing.T) {
			dir := copyOf(t, true)
			require.NoError(t, m.Apply(dir))
			cmd := exec.Command("go", "test", "-failfast", "-timeout=30s", ".")
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			require.NotContains(t, string(out), "[build failed]", "%s", out)
			if err == nil && m.Narrow {
				t.Skip("needs an unlucky interleaving")
			}
			require.Error(t, err, "no test notices")
			t.Log("caught by", catcher(string(out)))
		})
	}
}

var failed = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)|^\s*\S*loop\.(Test\w+)[.(]|running tests:\s+(\S+)`)

// catcher names the test that failed, from the output of go test: the innermost, or the one that was running.
func catcher(out string) string {
	found := failed.FindStringSubmatch(out)
	if found == nil {
		return strings.SplitN(out, "\n", 2)[0]
	}
	return found[1] + found[2] + found[3]
}

// copyOf copies package loop, as a module of its own that has the same path if it is to be built, and returns the copy.
func copyOf(t *testing.T, module bool) string {
	root := t.TempDir()
	dir := filepath.Join(root, "loop")
	require.NoError(t, os.Mkdir(dir, 0o755))
	files, err := filepath.Glob(filepath.Join(loopDir, "*.go"))
	require.NoError(t, err)
	if module {
		for _, name := range []string{"go.mod", "go.sum"} {
			copyFile(t, filepath.Join(loopDir, "..", name), filepath.Join(root, name))
		}
	}
	for _, f := range files {
		if module || !strings.HasSuffix(f, "_test.go") {
			copyFile(t, f, filepath.Join(dir, filepath.Base(f)))
		}
	}
	return dir
}

func copyFile(t *testing.T, from, to string) {
	data, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, data, 0o644))
}
