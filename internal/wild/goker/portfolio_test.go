package goker

import (
	"flag"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var portfolio = flag.Int("portfolio", 0, "explore each kernel with the default settings and so many seeds")

// hopeless are the kernels that the default exploration does not find.
var hopeless = map[string]bool{
	"Kubernetes58107": true, // a goroutine must be held off for 200,000 operations, twice the limit of steps
	"Moby27782":       true, // the copy in Go's tests cannot fail
}

// TestPortfolio finds every kernel that can be found with the default strategy at the default settings, within 1,000 schedules.
func TestPortfolio(t *testing.T) {
	if *portfolio == 0 {
		t.Skip("takes minutes: -portfolio 20")
	}
	src := filepath.Join(goEnv(t, "GOROOT"), "src", "runtime")
	kernels, err := readKernels(filepath.Join(src, "testdata", "testgoroutineleakprofile", "goker"))
	require.NoError(t, err)
	leaks, err := readLeaks(filepath.Join(src, "goroutineleakprofile_test.go"))
	require.NoError(t, err)
	var jobs []job
	for _, k := range kernels {
		if *only != "" && k.name != *only || hopeless[k.name] {
			continue
		}
		jobs = append(jobs, job{Kernel: k.name, Grace: k.grace(), Steps: 100_000, Schedules: schedulesMax, Seeds: *portfolio, Shrink: shrinkMax(true),
			Lag: time.Millisecond, Strategy: "portfolio", Leaks: leaks[k.name]})
	}
	needed := make(map[string][]int)
	var all []int
	for _, f := range exploreAll(t, kernels, jobs) {
		if f.Kind == "" {
			t.Errorf("%s, seed %d: not found in %d schedules", f.Kernel, f.Seed, f.Schedules)
		}
		needed[f.Kernel] = append(needed[f.Kernel], f.Schedules)
		if len(f.False) > 0 {
			t.Errorf("%s, seed %d: %q", f.Kernel, f.Seed, f.False)
		}
	}
	var medians []int
	for _, j := range jobs {
		n := needed[j.Kernel]
		slices.Sort(n)
		all = append(all, n...)
		medians = append(medians, n[len(n)/2])
		t.Logf("%s: median %d, most %d", j.Kernel, n[len(n)/2], n[len(n)-1])
	}
	slices.Sort(medians)
	t.Logf("%d kernels, %d seeds: the median of the kernels' medians is %d, the most %d", len(jobs), *portfolio, medians[len(medians)/2], slices.Max(all))
	require.LessOrEqual(t, medians[len(medians)/2], 5)
}
