package goker

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

//go:embed testdata/driver_test.go.txt
var driver []byte

// job and finding are the driver's.
type job struct {
	Kernel    string
	Grace     time.Duration
	Steps     int
	Schedules int
	Seeds     int
	Lag       time.Duration
	Shrink    int
	Strategy  string
	Leaks     []string
}

type finding struct {
	Kernel    string
	Seed      uint64
	Strategy  string
	Schedules int
	Steps     int
	Complete  bool
	Kind      string
	Others    []string
	False     []string
	Replay    string
	Elapsed   time.Duration
}

const schedulesMax = 1000

// jobsOf are the explorations of a kernel: the one that the table is about and, where that is known to miss it, the one that shows why.
func jobsOf(k *kernel, leaks []string, seeds int, full bool) []job {
	j := job{Kernel: k.name, Grace: k.grace(), Steps: 100_000, Schedules: schedulesMax, Seeds: seeds, Lag: time.Millisecond, Shrink: shrinkMax(full), Strategy: "random", Leaks: leaks}
	m, isMissed := missed[k.name]
	if !isMissed {
		return []job{j}
	}
	if m.steps > 0 {
		j.Steps = m.steps
	}
	if j.Schedules = m.schedules; !full {
		j.Schedules = m.schedules / 20
	}
	other := j
	other.Schedules, other.Strategy, other.Seeds = m.otherSchedules, m.other, 1 // a search has no use for a seed
	return []job{j, other}
}

// exploreAll makes a module of the kernels and runs the driver in it.
func exploreAll(t *testing.T, kernels []*kernel, jobs []job) []*finding {
	dir := t.TempDir()
	here, err := filepath.Abs("../../..")
	require.NoError(t, err)
	sum, err := os.ReadFile(filepath.Join(here, "go.sum"))
	require.NoError(t, err)
	mod := "module goker\n\ngo 1.25\n\nrequire github.com/lastcall-go/lastcall v0.0.0\n\n" +
		fmt.Sprintf("replace github.com/lastcall-go/lastcall => %q\n", here)
	files := map[string][]byte{"go.mod": []byte(mod), "go.sum": sum, "driver_test.go": driver, "main.go": []byte("package main\n\nfunc main() {}\n")}
	for _, k := range kernels {
		files[strings.TrimSuffix(k.file, ".go")+"_test.go"] = k.source
	}
	files["jobs.json"], err = json.Marshal(jobs)
	require.NoError(t, err)
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	found := filepath.Join(dir, "findings.json")
	timeout := 10 * time.Minute
	if d, ok := t.Deadline(); ok {
		timeout = time.Until(d) - 5*time.Second
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-mod=mod", "-vet=off", "-count=1", "-timeout", timeout.String(), ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOKER_JOBS="+filepath.Join(dir, "jobs.json"), "GOKER_FINDINGS="+found)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	text, err := os.ReadFile(found)
	require.NoError(t, err)
	var all []*finding
	for line := range bytes.Lines(text) {
		f := new(finding)
		require.NoError(t, json.Unmarshal(line, f))
		all = append(all, f)
	}
	return all
}
