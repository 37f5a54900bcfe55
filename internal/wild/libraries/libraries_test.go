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
	schedules = flag.Int("schedules", 100, "schedules of each case")
	seed      = flag.Uint64("seed", 1, "seed of the strategy")
	only      = flag.String("case", "", "run the cases whose name this matches, and report what fails")
	show      = flag.Bool("show", false, "print what fails, with its trace")
)

func TestMain(m *testing.M) { sim.Main(m) }

func TestLibraries(t *testing.T) {
	for _, s := range slices.Concat(antsSubjects, pondSubjects, workerpoolSubjects, gojaSubjects) {
		t.Run(s.name, func(t *testing.T) {
			err := scenarios.Check(s.new, s.contract, scenarios.Named(s.name), scenarios.Schedules(*schedules), scenarios.Seed(*seed),
				scenarios.Only(*only), scenarios.Steps(10_000), scenarios.Log(func(line string) { t.Log(line) }))
			if *show && err != nil {
				t.Log(err)
			}
			got := findings(t, err)
			if *only != "" {
				t.Logf("fails:\n%s", strings.Join(got, "\n"))
				return
			}
			for _, f := range got {
				if !slices.Contains(s.fails, f) && !slices.Contains(s.may, f) {
					t.Errorf("a finding that is not in the table: %s", f)
				}
			}
			for _, f := range s.fails {
				if !slices.Contains(got, f) {
					t.Errorf("not found: %s", f)
				}
			}
		})
	}
}

// findings are the cases that failed, each with the oracle, as the table has them.
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
		oracle, _, _ := strings.Cut(f.Failure.Message, ":")
		found = append(found, fmt.Sprintf("%s: %s", f.Case, oracle))
	}
	slices.Sort(found)
	return found
}
