package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/internal/report"
)

func TestSavedReport(t *testing.T) {
	dir := t.TempDir()
	run := captured(printSaved)
	if status, _, stderr := run(); status != exitUsage || !strings.HasPrefix(stderr, "usage: lastcall report") {
		t.Errorf("without a file: %d, %s", status, stderr)
	}
	writeReport(t, dir, &report.Report{
		Name: "TestA", Strategy: "exhaustive", Seed: 1, Shards: 1, Schedules: 5, Distinct: 4, Steps: 70, Complete: true, Elapsed: 1500 * time.Microsecond,
	})
	writeReport(t, dir, &report.Report{
		Name: "TestB", Strategy: "pos", Seed: 7, Shard: 1, Shards: 2, Schedules: 9, Distinct: 9, Steps: 81, Passed: 3, Failing: 2, Stopped: "budget",
		Sometimes: []report.Sometimes{{Name: "late", Held: false}, {Name: "early", Held: true}},
		Failures: []report.Failure{
			{Kind: "Panic", Place: "x.go:1", Message: "boom\n\tat x.go:1", Schedule: 3, Preemptions: 1, Token: "lc1.x", Trace: "  step  m\n", Why: "Decisive: x.\n",
				Replay: "SIM_REPLAY=lc1.x go test -run '^TestB$' ."},
			{Kind: "Assertion", Message: "no token"},
		},
	})
	want := `TestA: no schedule failed
  run        strategy exhaustive, seed 1
  schedules  5 (4 distinct), 70 steps, in 2ms
  left       nothing

TestB: Panic, Assertion
  run         strategy pos, seed 7, shard 1 of 2
  schedules   9 (9 distinct), 81 steps, in 0s
  besides     3 begun and left, as another shard's or the like of others
  failed      2 of them
  left        more: it was stopped (budget)
  never held  Sometimes("late")

TestB: Panic in schedule 3, minimised to 1 preemption: boom
	at x.go:1

  step  m

Decisive: x.

Replay:
	SIM_REPLAY=lc1.x go test -run '^TestB$' .

TestB: Assertion: no token
`
	if status, out, _ := run(dir); status != exitFound || out != want {
		t.Errorf("%d\n%s\nwant %s", status, out, want)
	}
	clean := filepath.Join(dir, "TestA.0-of-1.report.json")
	if status, out, _ := run(clean); status != exitOK || !strings.HasPrefix(want, out) {
		t.Errorf("the clean one: %d\n%s", status, out)
	}
	status, out, _ := run("-json", dir)
	for line := range strings.Lines(out) {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil || v["name"] == nil || v["classes"] != nil {
			t.Errorf("-json: %v, %s", err, line)
		}
	}
	if status != exitFound || strings.Count(out, "\n") != 2 {
		t.Errorf("-json: %d\n%s", status, out)
	}
	other := filepath.Join(dir, "other.json")
	if err := os.WriteFile(other, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := run(other); status != exitUsage || stderr != "lastcall report: "+other+": this is no report: it does not say lastcall_report\n" {
		t.Errorf("no report: %d, %s", status, stderr)
	}
}

// TestReportLeft: what is left is said in each of the ways in which an exploration ends.
func TestSavedReportLeft(t *testing.T) {
	for want, r := range map[string]report.Report{
		"nothing":                            {Complete: true},
		"nothing within the bounds":          {Complete: true, Bounded: true},
		"more: it was stopped (interrupted)": {Stopped: "interrupted"},
		"more: not all was run":              {Failures: []report.Failure{{Kind: "Leak"}}},
		"more: as many as were asked for have been run, and they are not all": {},
	} {
		if got := r.Summary(); !strings.Contains(got, "left       "+want+"\n") {
			t.Errorf("%q: %s", want, got)
		}
	}
}
