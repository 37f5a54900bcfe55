package main

import (
	"strings"
	"testing"
)

func TestDispatch(t *testing.T) {
	for _, tt := range []struct {
		args   string
		status int
		stdout string // begins with
		stderr string
	}{
		{"", exitUsage, "", "usage: lastcall COMMAND"},
		{"help", exitOK, "usage: lastcall COMMAND", ""},
		{"-h", exitOK, "usage: lastcall COMMAND", ""},
		{"explore", exitUsage, "", "lastcall: there is no command \"explore\"\n\nusage: lastcall COMMAND"},
		{"doctor all", exitUsage, "", ""},
		{"doctor -h", exitOK, "", ""},
		{"test -h", exitOK, "", ""},
	} {
		var stdout, stderr strings.Builder
		status := dispatch(strings.Fields(tt.args), &stdout, &stderr)
		if status != tt.status || !strings.HasPrefix(stdout.String(), tt.stdout) || !strings.HasPrefix(stderr.String(), tt.stderr) {
			t.Errorf("lastcall %s: status %d, stdout %q, stderr %q", tt.args, status, stdout.String(), stderr.String())
		}
	}
}

// TestHelpOfOne: a command's own usage, which it prints itself, and not the list of all.
func TestHelpOfOne(t *testing.T) {
	var stdout, stderr strings.Builder
	if status := dispatch([]string{"help", "doctor"}, &stdout, &stderr); status != exitOK || stdout.Len() > 0 || stderr.Len() > 0 {
		t.Errorf("status %d, stdout %q, stderr %q", status, stdout.String(), stderr.String())
	}
}

func TestUsageNamesEveryCommand(t *testing.T) {
	for name := range commands {
		if !strings.Contains(usage, "\n  "+name+" ") {
			t.Errorf("the usage does not tell of %s", name)
		}
	}
}
