package toolchain

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// lookProcess reads about a process from /proc.
func lookProcess(pid int) (process, bool) {
	cmdline, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return process{}, false
	}
	p := process{args: strings.Split(strings.TrimSuffix(string(cmdline), "\x00"), "\x00")}
	p.dir, _ = os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	// After the name in parentheses, which may hold anything: the state and the parent.
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(fields) > 1 {
			p.parent, _ = strconv.Atoi(fields[1])
		}
	}
	return p, true
}
