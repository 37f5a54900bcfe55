package goker

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	seeds = flag.Int("seeds", 2, "how many seeds each kernel is explored with")
	write = flag.Bool("write", false, "write the table to docs/findings.md")
	only  = flag.String("kernel", "", "explore this one kernel alone")
)

const schedulesMax = 1000

//go:embed testdata/driver_test.go.txt
var driver []byte

// job and finding are the driver's.
type job struct {
	Kernel    string
	Grace     time.Duration
	Steps     int
	Schedules int
	Seeds     int
	Leaks     []string
}

type finding struct {
	Kernel    string
	Seed      uint64
	Schedules int
	Steps     int
	Kind      string
	Others    []string
	False     []string
	Replay    string
	Elapsed   time.Duration
}

func TestKernels(t *testing.T) {
	goroot := goEnv(t, "GOROOT")
	src := filepath.Join(goroot, "src", "runtime")
	dir := filepath.Join(src, "testdata", "testgoroutineleakprofile", "goker")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("%s has no kernels (Go 1.26 is the first that does): %v", goroot, err)
	}
	kernels, err := readKernels(dir)
	require.NoError(t, err)
	leaks, err := readLeaks(filepath.Join(src, "goroutineleakprofile_test.go"))
	require.NoError(t, err)
	if *only != "" {
		kernels = slices.DeleteFunc(kernels, func(k *kernel) bool { return k.name != *only })
	} else {
		require.Len(t, kernels, 63)
	}
	findings := exploreAll(t, kernels, leaks)
	for _, f := range findings {
		t.Logf("%+v", *f)
	}
	_ = assert.Equal
}

func goEnv(t *testing.T, name string) string {
	out, err := exec.Command("go", "env", name).Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

// exploreAll makes a module of the kernels and runs the driver in it.
func exploreAll(t *testing.T, kernels []*kernel, leaks map[string][]string) []*finding {
	dir := t.TempDir()
	here, err := filepath.Abs("../../..")
	require.NoError(t, err)
	sum, err := os.ReadFile(filepath.Join(here, "go.sum"))
	require.NoError(t, err)
	mod := "module goker\n\ngo 1.25\n\nrequire github.com/lastcall-go/lastcall v0.0.0\n\n" +
		fmt.Sprintf("replace github.com/lastcall-go/lastcall => %q\n", here)
	files := map[string][]byte{"go.mod": []byte(mod), "go.sum": sum, "driver_test.go": driver, "main.go": []byte("package main\n\nfunc main() {}\n")}
	jobs := make([]job, 0, len(kernels))
	for _, k := range kernels {
		files[strings.TrimSuffix(k.file, ".go")+"_test.go"] = k.source
		require.NotEmpty(t, leaks[k.name], "%s is not in Go's test", k.name)
		jobs = append(jobs, job{Kernel: k.name, Grace: k.grace(), Steps: 100_000, Schedules: schedulesMax, Seeds: *seeds, Leaks: leaks[k.name]})
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
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOKER_JOBS="+filepath.Join(dir, "jobs.json"), "GOKER_FINDINGS="+found)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
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
