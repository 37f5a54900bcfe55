package sim

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// TestFuzzInputs reads what package testing writes, and leaves what is not ours.
func TestFuzzInputs(t *testing.T) {
	t.Chdir(t.TempDir())
	dir := filepath.Join("testdata", "fuzz", "FuzzX")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a": "go test fuzz v1\n[]byte(\"\\x01\\x00z\")\n", "b": "go test fuzz v1\n[]byte(\"\")\nint(3)\n", "c": "something", "d": "go test fuzz v1\n[]byte(\"\")\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"FuzzX", "TestX"} {
		got, err := fuzzInputs(name)
		if err != nil || len(got) != 2 || string(got[0]) != "\x01\x00z" || len(got[1]) != 0 {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got, err := fuzzInputs("TestY"); got != nil || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

// TestCorpusBothWays: a schedule that failed is an input that fails, and an input that Feedback starts with is among what it keeps.
func TestCorpusBothWays(t *testing.T) {
	t.Chdir(t.TempDir())
	r, err := Config{Name: "FuzzX", Lag: -1}.Explore(counterBody)
	if err != nil || r.OK() {
		t.Fatal("nothing found", err)
	}
	text, err := r.Failures[0].schedule.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	if err := writeFile(filepath.Join(keptDir("FuzzX"), "a.sched"), text); err != nil {
		t.Fatal(err)
	}
	inputs, err := keptInputs("FuzzX")
	if err != nil || len(inputs) != 1 {
		t.Fatal(inputs, err)
	}
	again, err := Config{Name: "FuzzX", Strategy: scheduler.Bytes(inputs[0]), Schedules: 1}.Explore(counterBody)
	if err != nil || again.OK() || again.Failures[0].Kind != r.Failures[0].Kind {
		t.Errorf("the input does not fail as the schedule does: %v, %v", again, err)
	}
	seeds, err := Config{Name: "FuzzX"}.seeds(counterBody)
	if err != nil || !slices.EqualFunc(seeds, inputs, slices.Equal) {
		t.Errorf("without -fuzz the seeds are %v, want %v; %v", seeds, inputs, err)
	}
}

// counterBody loses an update in some schedules.
func counterBody(t *T) {
	n, lost := make(chan int, 1), make(chan struct{}, 2)
	n <- 0
	for range 2 {
		go func() {
			v := <-n
			n <- v
			<-n
			n <- v + 1
			lost <- struct{}{}
		}()
	}
	<-lost
	<-lost
	if v := <-n; v != 2 {
		t.Errorf("%d", v)
	}
}
