package mutant

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var matrix = flag.Bool("matrix", false, "hold each mutant to all properties, and not only to the one that it names")

// root is the module's directory, where the properties are.
const root = "../../.."

// TestPropertiesCatchMutants runs TestContract against mutants of loop: each is caught by the property that it says. With -mutants all of them are
// run, else a few, each for another property.
func TestPropertiesCatchMutants(t *testing.T) {
	command := build(t)
	seen := map[string]bool{}
	for _, m := range All {
		if m.Property == "" || !*all && (seen[m.Property] || len(seen) == 3) {
			continue
		}
		seen[m.Property] = true
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			found := properties(t, command, m)
			t.Logf("caught by %q in %v", found, time.Since(begin).Round(time.Millisecond))
			require.Contains(t, found, m.Property)
		})
	}
}

// TestInterleavingsCatchMutants runs the programs of which every interleaving is run against the mutants that only an unlucky one shows.
func TestInterleavingsCatchMutants(t *testing.T) {
	if !*all {
		t.Skip("without -mutants")
	}
	command := build(t)
	for _, m := range All {
		if m.Narrow {
			t.Run(m.Name, func(t *testing.T) {
				cmd := exec.Command(command, "test", "-overlay="+overlay(t, m), "-timeout=120s", "-failfast",
					"-run", "^(TestContractUnderEveryInterleaving|TestShutdownAgainst)$", ".")
				cmd.Env = whole()
				cmd.Dir = root
				out, err := cmd.CombinedOutput()
				require.NotContains(t, string(out), "[build failed]", "%s", out)
				require.Error(t, err, "%s", out)
				t.Logf("caught by %s", regexp.MustCompile(`(?m)^\s+--- FAIL: (\S+)`).FindStringSubmatch(string(out))[1])
			})
		}
	}
}

// build builds the lastcall command.
func build(t *testing.T) string {
	command := filepath.Join(t.TempDir(), "lastcall")
	out, err := exec.Command("go", "build", "-o", command, root+"/cmd/lastcall").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return command
}

var broken = regexp.MustCompile(`(?m)^\s+--- FAIL: TestContract/(\S+)`)

// properties runs TestContract against m and returns the properties that do not hold: all of them with -matrix, else only the one
// that m names.
func properties(t *testing.T, command string, m Mutant) []string {
	pattern := "^TestContract$"
	if !*matrix {
		pattern += "/^" + regexp.QuoteMeta(strings.ReplaceAll(m.Property, " ", "_")) + "$"
	}
	cmd := exec.Command(command, "test", "-overlay="+overlay(t, m), "-timeout=120s", "-run", pattern, ".")
	cmd.Env = whole()
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	require.NotContains(t, string(out), "[build failed]", "%s", out)
	if err == nil {
		return nil
	}
	var found []string
	for _, f := range broken.FindAllSubmatch(out, -1) {
		found = append(found, strings.ReplaceAll(string(f[1]), "_", " "))
	}
	require.NotEmpty(t, found, "%s", out)
	slices.Sort(found)
	return found
}

// overlay has the go command build m in place of loop.
func overlay(t *testing.T, m Mutant) string {
	dir := copyOf(t, false)
	require.NoError(t, m.Apply(dir))
	home, err := filepath.Abs(loopDir)
	require.NoError(t, err)
	replace := map[string]string{}
	for _, e := range m.Edits {
		replace[filepath.Join(home, e.File)] = filepath.Join(dir, e.File)
	}
	index, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	name := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(name, index, 0o644))
	return name
}

// TestEveryPropertyCatchesAMutant holds the list of properties to the mutants: one that nothing breaks would prove nothing.
func TestEveryPropertyCatchesAMutant(t *testing.T) {
	source, err := os.ReadFile(filepath.Join(root, "contract_test.go"))
	require.NoError(t, err)
	all := regexp.MustCompile(`(?m)^\t\{"(.+)", \d, \w+\},$`).FindAllSubmatch(source, -1)
	require.GreaterOrEqual(t, len(all), 27)
	for _, p := range all {
		require.True(t, slices.ContainsFunc(All, func(m Mutant) bool { return m.Property == string(p[1]) }), "%s", p[1])
	}
}

// whole is an environment in which loop's properties are held to so many programs that no mutant hangs on a few lucky schedules, and to as many
// interleavings as there are: go test ./... by itself takes fewer.
func whole() []string { return append(os.Environ(), "LASTCALL_PROGRAMS=600", "LASTCALL_LONG=1") }
