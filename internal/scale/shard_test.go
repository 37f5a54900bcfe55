package scale

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/lastcall-go/lastcall/internal/report"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

var long = flag.Bool("long", false, "the large programs as well")

// TestShards: the shards of an exhaustive search run each class once, one of them it, and together little more schedules than the whole.
func TestShards(t *testing.T) {
	all := programs()
	if !*long {
		all = []program{readers(4), readers(8), lastZero(5, 64)}
	}
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) {
			for _, n := range []int{1, 4} {
				dir := t.TempDir()
				t.Setenv("SIM_REPORT", dir)
				runs, passed := 0, 0
				for i := range n {
					t.Setenv("SIM_SHARD", fmt.Sprintf("%d/%d", i, n))
					r, err := sim.Config{Name: p.name, Strategy: scheduler.Exhaustive(), Schedules: 1 << 30}.Explore(p.body)
					require.NoError(t, err)
					assert.True(t, r.Complete, "shard %d of %d", i, n)
					assert.Equal(t, r.Schedules, r.Distinct, "a class twice in shard %d of %d", i, n)
					runs += r.Schedules + r.Passed
					passed += r.Passed
				}
				parts, err := report.Read([]string{dir})
				require.NoError(t, err)
				sums, err := report.Merge(parts)
				require.NoError(t, err)
				require.Len(t, sums, 1)
				s := sums[0]
				assert.Equal(t, []any{p.classes, p.classes, true, true, true}, []any{s.Schedules, s.Distinct, s.Exact, s.Complete, s.OK()}, "%d shards", n)
				if united, all := s.Classes.Size(); all {
					assert.Equal(t, p.classes, united, "classes in %d shards", n)
				}
				t.Logf("%d shards: %d classes, %d runs, of them %d passed over", n, s.Distinct, runs, passed)
				if p.name == "lastzero(15)" {
					assert.LessOrEqual(t, float64(runs), 1.15*float64(p.classes))
				}
			}
		})
	}
}

// TestProcs: shared between processes a search runs each class once, too, and little in vain, however many there are.
func TestProcs(t *testing.T) {
	all := programs()
	if !*long {
		all = []program{readers(4), readers(8), lastZero(5, 64), lastZero(10, 3328), inc(4, 576)}
	}
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) {
			var passed []int
			for _, n := range []int{2, 3} {
				dir := t.TempDir()
				self, err := os.Executable()
				require.NoError(t, err)
				cmd := exec.Command(self, "-test.run=^TestHelper$", "-test.v")
				cmd.Env = append(os.Environ(), "SCALE_PROGRAM="+p.name, "SIM_STRATEGY=exhaustive", fmt.Sprint("SIM_PROCS=", n), "SIM_REPORT="+dir)
				out, err := cmd.CombinedOutput()
				require.NoError(t, err, string(out))
				r, err := report.Read([]string{dir})
				require.NoError(t, err)
				require.Len(t, r, 1)
				assert.Equal(t, []any{p.classes, p.classes, true}, []any{r[0].Schedules, r[0].Distinct, r[0].Complete}, "%d processes", n)
				passed = append(passed, r[0].Passed)
			}
			assert.Equal(t, passed[0], passed[1], "it makes a difference how many processes there are")
			assert.LessOrEqual(t, passed[0], 32+p.classes/4, "in vain")
			t.Logf("%d classes, %d schedules in vain", p.classes, passed[0])
		})
	}
}

// TestHelper explores one of the programs as the environment says.
func TestHelper(t *testing.T) {
	for _, p := range append(programs(), shutdown()) {
		if p.name == os.Getenv("SCALE_PROGRAM") {
			sim.Config{Schedules: 1 << 30}.Test(t, p.body)
		}
	}
}
