package scenarios

import (
	"flag"
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

var long = flag.Bool("long", false, "run each case of the suite 20,000 times on each subject that keeps its contract")

// schedulesEach is what a subject that keeps its contract passes, in each case.
func schedulesEach() int {
	switch {
	case *long:
		return 20_000
	case testing.Short():
		return 50
	}
	return 400
}

// seedsEach is for how many seeds a mutant is found.
func seedsEach() int {
	if *long {
		return 10
	}
	return 1
}

// TestCorrectSubjects: none is failed, under its own contract and under the one that promises nothing.
func TestCorrectSubjects(t *testing.T) {
	for _, s := range correct {
		for _, c := range []struct {
			name     string
			contract Contract
		}{{"its contract", s.contract}, {"no promise", Contract{AllowGoroutines: s.contract.AllowGoroutines}}} {
			t.Run(s.name+"/"+c.name, func(t *testing.T) {
				err := Check(s.subject, c.contract, Named(t.Name()), Schedules(schedulesEach()), Log(func(line string) { t.Log(line) }))
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// TestAllowGoroutines: a goroutine that is not named is a leak.
func TestAllowGoroutines(t *testing.T) {
	for _, f := range failures(t, Check(withJanitor, Contract{}, Named(t.Name()), Schedules(1))) {
		if f.Failure.Kind != sim.Leak {
			t.Errorf("%s: %s", f.Case, f.Failure.Message)
		}
	}
}
