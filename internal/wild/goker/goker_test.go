package goker

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	full   = flag.Bool("full", false, "10 seeds and 1,000 schedules for each kernel, and the table written to docs/findings.md")
	shrink = flag.Int("shrink", 200, "explore through package sim too, and shrink, what is found in a schedule of at most so many steps; 20,000 with -full")
	only   = flag.String("kernel", "", "explore this one kernel alone")
)

// seeds is how many seeds each kernel is explored with.
func seeds() int {
	if *full {
		return 10
	}
	return 1
}

// shrinkMax is how long a schedule may be to be shrunk.
func shrinkMax(full bool) int {
	if full {
		return 20_000
	}
	return *shrink
}

// missed are the kernels that the table's exploration does not find, with why, and what does.
var missed = map[string]struct {
	schedules, steps int    // in which it is not found, fewer where each is long
	other            string // the strategy of another exploration, one without chance
	otherSchedules   int
	found            bool // by that one
	why              string
}{
	"Kubernetes58107": {20, 600_000, "no preemption", 1, true,
		"a worker must be held off while another goroutine carries out 200,000 operations, which a walk that is fair at each of them does with probability 2^-200,000; a schedule has 500,000 steps, more than package sim allows by default"},
	"Moby27782": {schedulesMax, 0, "exhaustive", 1_000_000, false,
		"the copy in Go's tests cannot fail: the channel whose close is waited for is closed under a lock that the goroutine that waits holds"},
}

// falseAlarms are verdicts without a goroutine that Go's test expects.
var falseAlarms = map[string]string{}

// besides are goroutines that a verdict names beside those that Go's test expects.
var besides = map[string]string{
	"Cockroach2448":  "(*state_cockroach2448).start(...) [sleep]",   // it sleeps again and again, and nobody ever stops it
	"Kubernetes1321": "(*Mux_kubernetes1321).loop(...) [chan send]", // in Go's test by the name of the wrapper that the compiler makes of the go statement
}

func TestKernels(t *testing.T) {
	if testing.Short() {
		t.Skip("explores programs in a module and a process of their own, plainly each time")
	}
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
	var jobs []job
	for _, k := range kernels {
		require.NotEmpty(t, leaks[k.name], "%s is not in Go's test", k.name)
		jobs = append(jobs, jobsOf(k, leaks[k.name], seeds(), *full)...)
	}
	rows := rowsOf(kernels, exploreAll(t, kernels, jobs))
	for _, r := range rows {
		t.Run(r.kernel.name, func(t *testing.T) { check(t, r) })
	}
	if *only == "" {
		found := len(rows) - len(missed)
		assert.GreaterOrEqual(t, found, 57, "kernels found with every seed")
		if *full && !t.Failed() {
			require.NoError(t, writeSection(filepath.Join("..", "..", "..", "docs", "findings.md"), section(rows)))
		}
	}
}

func goEnv(t *testing.T, name string) string {
	out, err := exec.Command("go", "env", name).Output()
	require.NoError(t, err)
	return strings.TrimSpace(string(out))
}

// check holds a kernel to what is known of it.
func check(t *testing.T, r *row) {
	m, isMissed := missed[r.kernel.name]
	for _, f := range slices.Concat(r.findings, r.others) {
		t.Logf("%s, seed %d: %s after %d schedules, %v", f.Strategy, f.Seed, f.Kind, f.Schedules, f.Elapsed)
	}
	for _, f := range r.findings {
		assert.Equal(t, isMissed, f.Kind == "", "seed %d: the verdict is %q after %d schedules", f.Seed, f.Kind, f.Schedules)
		checkNames(t, r.kernel.name, f)
	}
	for _, f := range r.others {
		assert.Equal(t, m.found, f.Kind != "", "%s, seed %d: the verdict is %q after %d schedules", f.Strategy, f.Seed, f.Kind, f.Schedules)
		assert.Equal(t, !m.found, f.Complete, "%s, seed %d: %d schedules", f.Strategy, f.Seed, f.Schedules)
		checkNames(t, r.kernel.name, f)
	}
}

// checkNames holds what the verdicts name to what Go's test expects.
func checkNames(t *testing.T, name string, f *finding) {
	for _, v := range f.False {
		want := falseAlarms[name]
		assert.True(t, want != "" && strings.Contains(v, ": "+want+":"), "seed %d: a false alarm: %s", f.Seed, v)
	}
	for _, g := range f.Others {
		assert.Equal(t, besides[name], g, "seed %d: a goroutine that Go's test does not list", f.Seed)
	}
	assert.Empty(t, f.Replay, "seed %d: replayed", f.Seed)
	if t.Failed() {
		t.Log(fmt.Sprintf("%+v", *f))
	}
}
