package libraries

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/sim"
)

var (
	schedules = flag.Int("schedules", 300, "schedules of each case")
	seed      = flag.Uint64("seed", 1, "seed of the strategy")
	only      = flag.String("case", "", "run the cases whose name this matches, and report what fails")
	show      = flag.Bool("show", false, "print what fails, with its trace")
)

func TestMain(m *testing.M) { sim.Main(m) }

func TestLibraries(t *testing.T) {
	for _, s := range slices.Concat(antsSubjects, pondSubjects, workerpoolSubjects, gojaSubjects) {
		t.Run(s.name, func(t *testing.T) {
			err := scenarios.Check(s.new, s.contract, scenarios.Named(s.name), scenarios.Schedules(*schedules), scenarios.Seed(*seed),
				scenarios.Only(*only), scenarios.Log(func(line string) { t.Log(line) }))
			if *show && err != nil {
				t.Log(err)
			}
			got := findings(t, err)
			if *only != "" {
				t.Logf("fails:\n%s", strings.Join(got, "\n"))
				return
			}
			if want := slices.Sorted(slices.Values(s.fails)); !slices.Equal(got, want) {
				t.Errorf("fails:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// findings are the cases that failed, each with the first line of its message, as the table has them.
func findings(t *testing.T, err error) []string {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatal(err)
	}
	var found []string
	for _, err := range joined.Unwrap() {
		var f *scenarios.CaseError
		if !errors.As(err, &f) {
			t.Fatal(err)
		}
		message, _, _ := strings.Cut(f.Failure.Message, "\n")
		found = append(found, fmt.Sprintf("%s: %s", f.Case, message))
	}
	slices.Sort(found)
	return found
}
