package toolchain

import (
	"os/exec"
	"strconv"
	"strings"
)

func psProcess(pid int) (process, bool) {
	out, err := exec.Command("ps", "-ww", "-o", "ppid=", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	fields := strings.Fields(string(out))
	if err != nil || len(fields) < 2 {
		return process{}, false
	}
	parent, err := strconv.Atoi(fields[0])
	return process{parent: parent, args: fields[1:]}, err == nil
}
