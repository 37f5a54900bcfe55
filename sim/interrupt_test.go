package sim

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHelperInterrupted is what TestInterrupt interrupts.
func TestHelperInterrupted(t *testing.T) {
	if os.Getenv("SIM_TEST_INTERRUPTED") == "" {
		t.Skip("for TestInterrupt")
	}
	started := false
	Test(t, func(t *T) {
		if !started {
			started = true
			fmt.Printf("exploring %d\n", os.Getpid())
		}
		var x atomic.Int32
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { x.Store(x.Load() + 1) })
		}
		wg.Wait()
	})
}

// TestInterrupt sends a real signal to a real process, and has another one go on from there.
func TestInterrupt(t *testing.T) {
	for _, tt := range []struct {
		strategy string
		procs    int // that are interrupted
		then     int // that go on
		first    int // schedules
		more     func(n int) int
		want     func(n int) string
	}{
		{"random", 1, 1, 1 << 40, func(n int) int { return n + 10 }, func(n int) string { return fmt.Sprintf("%d schedules (", n+10) }},
		{"random", 2, 2, 1 << 40, func(n int) int { return n + 10 }, func(n int) string { return fmt.Sprintf("%d schedules (", n+10) }},
		{"exhaustive", 1, 1, 1 << 40, func(int) int { return 1 << 40 }, func(int) string { return "14400 schedules (14400 distinct, complete)" }},
		{"exhaustive", 2, 2, 1 << 40, func(int) int { return 1 << 40 }, func(int) string { return "14400 schedules (14400 distinct, complete)" }},
		{"exhaustive", 3, 1, 1 << 40, func(int) int { return 1 << 40 }, func(int) string { return "14400 schedules (14400 distinct, complete)" }},
		{"exhaustive", 1, 2, 1 << 40, func(int) int { return 1 << 40 }, func(int) string { return "14400 schedules (14400 distinct, complete)" }},
		{"exhaustive:2", 1, 2, 1 << 40, func(int) int { return 1 << 40 }, func(int) string { return "125248 schedules (5520 distinct, complete within the bounds)" }},
		{"exhaustive:2", 2, 1, 1 << 40, func(int) int { return 1 << 40 }, func(int) string { return "125248 schedules (5520 distinct, complete within the bounds)" }},
	} {
		t.Run(fmt.Sprintf("%s, %d processes and then %d", tt.strategy, tt.procs, tt.then), func(t *testing.T) {
			self, err := os.Executable()
			require.NoError(t, err)
			dir := t.TempDir()
			command := func(schedules, procs int) *exec.Cmd {
				cmd := exec.Command(self, "-test.run=^TestHelperInterrupted$", "-test.v")
				cmd.Env = append(os.Environ(), "SIM_TEST_INTERRUPTED=1", "SIM_RESUME="+dir, "SIM_STRATEGY="+tt.strategy, "SIM_SCHEDULES="+strconv.Itoa(schedules), "SIM_PROCS="+strconv.Itoa(procs))
				return cmd
			}
			cmd := command(tt.first, tt.procs)
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			var text strings.Builder
			var pids []int
			for lines := bufio.NewScanner(out); lines.Scan(); {
				if m := regexp.MustCompile(`^exploring (\d+)$`).FindStringSubmatch(lines.Text()); m != nil {
					pid, err := strconv.Atoi(m[1])
					require.NoError(t, err)
					if pids = append(pids, pid); len(pids) == tt.procs { // each has begun
						require.NoError(t, cmd.Process.Signal(os.Interrupt))
					}
				}
				text.WriteString(lines.Text() + "\n")
			}
			err = cmd.Wait()
			assert.Error(t, err, "an interrupted test passes")
			for _, pid := range pids {
				if p, err := os.FindProcess(pid); err == nil {
					assert.Error(t, p.Signal(syscall.Signal(0)), "process %d is still there", pid)
				}
			}
			m := regexp.MustCompile(`lastcall: interrupted after (\d+) schedules; the same command goes on from there \(SIM_RESUME=(.*)\)`).FindStringSubmatch(text.String())
			require.NotNil(t, m, text.String())
			assert.Equal(t, filepath.Join(dir, "TestHelperInterrupted.0-of-1.progress"), m[2])
			n, err := strconv.Atoi(m[1])
			require.NoError(t, err)
			again, err := command(tt.more(n), tt.then).CombinedOutput()
			require.NoError(t, err, string(again))
			assert.Contains(t, string(again), tt.want(n))
			assert.NoFileExists(t, m[2])
		})
	}
}
