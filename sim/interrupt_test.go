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
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/lastcall-go/lastcall/scheduler"
)

// TestHelperInterrupted is what TestInterrupt interrupts.
func TestHelperInterrupted(t *testing.T) {
	if os.Getenv("SIM_TEST_INTERRUPTED") == "" {
		t.Skip("for TestInterrupt")
	}
	started := false
	Config{Strategy: func(seed uint64) scheduler.Strategy {
		if !started {
			fmt.Println("exploring")
			started = true
		}
		return scheduler.Random(seed)
	}}.Test(t, counting(2, false))
}

// TestInterrupt sends a real signal to a real process, and has another one go on from there.
func TestInterrupt(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	dir := t.TempDir()
	command := func(schedules int) *exec.Cmd {
		cmd := exec.Command(self, "-test.run=^TestHelperInterrupted$", "-test.v")
		cmd.Env = append(os.Environ(), "SIM_TEST_INTERRUPTED=1", "SIM_RESUME="+dir, "SIM_SCHEDULES="+strconv.Itoa(schedules))
		return cmd
	}
	cmd := command(1 << 40)
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
	again, err := command(n + 10).CombinedOutput()
	require.NoError(t, err, string(again))
	assert.Contains(t, string(again), fmt.Sprintf("%d schedules (", n+10))
	assert.NoFileExists(t, m[2])
}
