package sim

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

// A fuzzer's input and what [scheduler.Feedback] keeps are the same thing, bytes that decide a schedule, so the two share a corpus:
//
//   - Feedback, as the strategy of a test, starts with the inputs in testdata/fuzz of a fuzz test of the same name (FuzzClose for TestClose): those
//     that go test -fuzz found to fail, and those that somebody put there.
//   - A fuzz test starts with the schedules that are kept in testdata/sim because they failed, and, under -fuzz, with what Feedback finds in its first schedules.
//
// What go test -fuzz finds merely interesting is in its own cache, from which it starts the next time; it is not read here.

// feedbackSchedules is how many schedules a fuzz test gives to Feedback before it starts.
const feedbackSchedules = 500

// fuzzInputs reads the corpus of the fuzz test for an exploration of that name. What is not a single []byte is not ours.
func fuzzInputs(name string) ([][]byte, error) {
	if rest, ok := strings.CutPrefix(name, "Test"); ok {
		name = "Fuzz" + rest
	}
	dir := filepath.Join("testdata", "fuzz", filepath.FromSlash(name))
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for _, f := range files { // sorted by name
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		if data, ok := fuzzInput(string(text)); ok {
			all = append(all, data)
		}
	}
	return all, nil
}

// fuzzInput reads a file of package testing's corpus that holds one []byte.
func fuzzInput(text string) ([]byte, bool) {
	version, rest, _ := strings.Cut(text, "\n")
	value, ok := strings.CutPrefix(strings.TrimSpace(rest), "[]byte(")
	value, ok2 := strings.CutSuffix(value, ")")
	if !strings.HasPrefix(version, "go test fuzz v1") || !ok || !ok2 {
		return nil, false
	}
	s, err := strconv.Unquote(value)
	return []byte(s), err == nil
}

// keptInputs are the schedules that are kept for an exploration, as inputs. One in which the clock overtakes has none.
func keptInputs(name string) ([][]byte, error) {
	files, err := keptFiles(name)
	if err != nil {
		return nil, err
	}
	var all [][]byte
	for _, file := range files {
		s, err := readSchedule(file)
		if err != nil {
			return nil, err
		}
		if data, ok := s.Bytes(); ok {
			all = append(all, data)
		}
	}
	return all, nil
}

// seeds are what a fuzz test starts with.
func (c Config) seeds(body func(t *T)) ([][]byte, error) {
	seeds, err := keptInputs(c.Name)
	if err != nil || !fuzzing() {
		return seeds, err
	}
	given, err := fuzzInputs(c.Name)
	if err != nil {
		return nil, err
	}
	c.Lag = -1 // the fuzzer's bytes have no say in it
	x := newExplorer(c.resolved(), nil, body, time.Time{})
	s := scheduler.FeedbackFrom(slices.Concat(given, seeds)...)(x.c.Seed)
	for range feedbackSchedules {
		run, _ := s.Next()
		if x.run(run, false); x.slow {
			break
		}
	}
	return slices.Concat(seeds, s.(interface{ Corpus() [][]byte }).Corpus()), nil
}

// fuzzing reports whether this process is the first of a go test -fuzz.
func fuzzing() bool {
	set := func(name, none string) bool {
		f := flag.Lookup(name)
		return f != nil && f.Value.String() != none
	}
	return set("test.fuzz", "") && !set("test.fuzzworker", "false")
}
