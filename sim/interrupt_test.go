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
			fmt.Println("exploring")
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
		first    int // schedules
		more     func(n int) int
		want     func(n int) string
	}{
		{"random", 1 << 40, func(n int) int { return n + 10 }, func(n int) string { return fmt.Sprintf("%d schedules (", n+10) }},
		{"exhaustive", 1 << 40, func(int) int { return 1 << 40 }, func(int) string { return "14400 schedules (14400 distinct, complete)" }},
	} {
		t.Run(tt.strategy, func(t *testing.T) {
			self, err := os.Executable()
			require.NoError(t, err)
			dir := t.TempDir()
			command := func(schedules int) *exec.Cmd {
				cmd := exec.Command(self, "-test.run=^TestHelperInterrupted$", "-test.v")
				cmd.Env = append(os.Environ(), "SIM_TEST_INTERRUPTED=1", "SIM_RESUME="+dir, "SIM_STRATEGY="+tt.strategy, "SIM_SCHEDULES="+strconv.Itoa(schedules))
				return cmd
			}
			cmd := command(tt.first)
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			var text strings.Builder
			for lines := bufio.NewScanner(out); lines.Scan(); {
				if lines.Text() == "exploring" {
					require.NoError(t, cmd.Process.Signal(os.Interrupt))
				}
				text.WriteString(lines.Text() + "\n")
			}
			err = cmd.Wait()
			assert.Error(t, err, "an interrupted test passes")
			m := regexp.MustCompile(`lastcall: interrupted after (\d+) schedules; the same command goes on from there \(SIM_RESUME=(.*)\)`).FindStringSubmatch(text.String())
			require.NotNil(t, m, text.String())
			assert.Equal(t, filepath.Join(dir, "TestHelperInterrupted.0-of-1.progress"), m[2])
			n, err := strconv.Atoi(m[1])
			require.NoError(t, err)
			again, err := command(tt.more(n)).CombinedOutput()
			require.NoError(t, err, string(again))
			assert.Contains(t, string(again), tt.want(n))
			assert.NoFileExists(t, m[2])
		})
	}
}
