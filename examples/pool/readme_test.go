package pool

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/sim"
)

// TestReadme holds the README to what the first test really is and really prints.
func TestReadme(t *testing.T) {
	readme := read(t, "../../README.md")
	_, source, _ := strings.Cut(read(t, "pool_test.go"), "func submitDuringClose")
	source, _, _ = strings.Cut(source, "\n}\n")
	if !strings.Contains(readme, "func submitDuringClose"+source+"\n}\n") {
		t.Error("README.md does not show submitDuringClose as it is in pool_test.go")
	}
	r, err := sim.Config{Name: "TestClose"}.Explore(submitDuringClose)
	if err != nil {
		t.Fatal(err)
	}
	if kernel.Race || r.Seed != 1 || r.Strategy != "portfolio" || r.Schedules == 0 {
		t.Skip("the README shows the default run")
	}
	if r.OK() {
		t.Fatalf("nothing found in %d schedules", r.Schedules)
	}
	f := r.Failures[0]
	printed := fmt.Sprintf("%s in schedule %d: %s\n\n%s\n%s\nReplay:\n\tSIM_REPLAY=%s go test -run '^TestClose$' .", f.Kind, f.Schedule, f.Message, f.Trace, f.Why, f.Token)
	if !strings.Contains(unindented(readme), unindented(printed)) {
		t.Errorf("README.md shows another output than there is; go test -run TestClose ./examples/pool prints\n%s", printed)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// unindented is a text without the white space at either end of its lines, which package testing adds.
func unindented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimSpace(line) + "\n")
	}
	return b.String()
}
