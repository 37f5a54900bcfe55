package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/internal/report"
)

func writeReport(t *testing.T, dir string, r *report.Report) {
	t.Helper()
	r.Version, r.Exact, r.Classes.All = report.Version, true, true
	text, err := r.Text()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, r.FileName()), text, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// captured is a command that returns what it wrote.
func captured(command func(args []string, out, stderr io.Writer) int) func(args ...string) (status int, out, stderr string) {
	return func(args ...string) (int, string, string) {
		var out, stderr strings.Builder
		status := command(args, &out, &stderr)
		return status, out.String(), stderr.String()
	}
}

func TestMerge(t *testing.T) {
	dir := t.TempDir()
	run := captured(merge)
	if status, _, stderr := run(); status != exitUsage || !strings.HasPrefix(stderr, "usage: lastcall merge") {
		t.Errorf("without a file: %d, %s", status, stderr)
	}
	writeReport(t, dir, &report.Report{Name: "TestA", Strategy: "random", Shards: 2, Schedules: 5})
	if status, out, _ := run(dir); status != exitFound || out != "TestA: 1 of 2 shards, 5 schedules (0 distinct), 0 steps, strategy random, seed 0; missing: shards 1\n" {
		t.Errorf("with a shard missing: %d, %s", status, out)
	}
	writeReport(t, dir, &report.Report{Name: "TestA", Strategy: "random", Shard: 1, Shards: 2, Schedules: 6})
	if status, out, _ := run(dir); status != exitOK || out != "TestA: 2 of 2 shards, 11 schedules (0 distinct), 0 steps, strategy random, seed 0\n" {
		t.Errorf("all there: %d, %s", status, out)
	}
	writeReport(t, dir, &report.Report{Name: "TestB", Strategy: "pos", Shards: 1, Failures: []report.Failure{{
		Kind: "Panic", Place: "x.go:1", Message: "boom\n\tat x.go:1", Schedule: 3, Preemptions: 1, Token: "lc1.x", Trace: "  step  m\n", Why: "Decisive: x.\n",
		Replay: "SIM_REPLAY=lc1.x go test -run '^TestB$' .",
	}}})
	status, out, _ := run(dir)
	want := `
TestB: Panic in schedule 3, minimised to 1 preemption: boom
	at x.go:1

  step  m

Decisive: x.

Replay:
	SIM_REPLAY=lc1.x go test -run '^TestB$' .
`
	if status != exitFound || !strings.HasSuffix(out, want) {
		t.Errorf("with a failure: %d, %s\nwant %s", status, out, want)
	}
	if _, out, _ := run("-json", dir); strings.Count(out, "\n") != 2 || !strings.Contains(out, `"missing":null`) {
		t.Errorf("-json: %s", out)
	}
	if status, _, stderr := run(filepath.Join(dir, "none")); status != exitUsage || !strings.HasPrefix(stderr, "lastcall merge: ") {
		t.Errorf("no such file: %d, %s", status, stderr)
	}
}
