package mutant

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	command := build(t)
	for _, m := range All {
		if m.Contract == 0 {
			continue
		}
		cmd := exec.Command(command, "test", "-overlay="+overlay(t, m), "-timeout=60s", "-failfast", "-run", "^TestContractUnderEveryInterleaving$", ".")
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		line := strings.SplitN(string(out), "\n", 2)[0]
		if f := regexp.MustCompile(`(?m)^\s+--- FAIL: (\S+)`).FindStringSubmatch(string(out)); f != nil {
			line = f[1]
		}
		t.Log(m.Contract, m.Name, ":", err, line)
	}
}
