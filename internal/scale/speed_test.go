package scale

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var speed = flag.Int("speed", 0, "how often to measure what a second process gains; it needs two cores that are free")

// TestSpeed measures what a second process gains: the median of schedules a second with two, over the median with one, alternately in one go. It also tells what
// both take of processors' time, which hangs less on what else the machine does.
func TestSpeed(t *testing.T) {
	if *speed == 0 {
		t.Skip("measures: -args -speed 5")
	}
	for _, c := range []struct {
		program, strategy string
		schedules         int
	}{
		{"readers(13)", "exhaustive", 1 << 30}, {"lastzero(15)", "exhaustive", 1 << 30}, {"lastzero(10)", "exhaustive", 1 << 30},
		{"inc(4)", "exhaustive", 1 << 30}, {"shutdown", "random", 100000}, {"shutdown", "random", 400000},
	} {
		t.Run(fmt.Sprintf("%s %s %d", c.program, c.strategy, c.schedules), func(t *testing.T) {
			var rates, cpu [2][]float64
			for range *speed {
				for i := range 2 {
					rate, used := measure(t, c.program, c.strategy, c.schedules, i+1)
					rates[i], cpu[i] = append(rates[i], rate), append(cpu[i], used.Seconds())
				}
			}
			for i := range 2 {
				slices.Sort(rates[i])
				slices.Sort(cpu[i])
			}
			mid := *speed / 2
			t.Logf("speed-up %.2f (%.0f and %.0f schedules a second); processors' time %.2f s and %.2f s",
				rates[1][mid]/rates[0][mid], rates[0][mid], rates[1][mid], cpu[0][mid], cpu[1][mid])
		})
	}
}

var ratePattern = regexp.MustCompile(`(\d+) schedules/s`)

// measure explores a program in a process of its own and those that it starts.
func measure(t *testing.T, program, strategy string, schedules, procs int) (rate float64, used time.Duration) {
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, "-test.run=^TestHelper$", "-test.v")
	cmd.Env = append(os.Environ(), "SCALE_PROGRAM="+program, "SIM_STRATEGY="+strategy, fmt.Sprint("SIM_PROCS=", procs), fmt.Sprint("SIM_SCHEDULES=", schedules))
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	m := ratePattern.FindSubmatch(out)
	require.NotNil(t, m, string(out))
	rate, err = strconv.ParseFloat(string(m[1]), 64)
	require.NoError(t, err)
	return rate, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}
