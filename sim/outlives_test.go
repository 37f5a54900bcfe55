package sim

import (
	"slices"
	"testing"
)

func staysHere(c chan int) { <-c }

func startsIt(c chan int) { go staysHere(c) }

// TestOutlives: a goroutine that is left is no leak if it may be, and all of them must be allowed.
func TestOutlives(t *testing.T) {
	const prefix = "github.com/lastcall-go/lastcall/sim."
	for _, tt := range []struct {
		name    string
		allowed []string
		leak    bool
	}{
		{"nobody may stay", nil, true},
		{"by its function", []string{prefix + "staysHere"}, false},
		{"by who started it", []string{prefix + "startsIt"}, false},
		{"somebody else may stay", []string{prefix + "TestOutlives"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			outlives := func(functions []string) bool {
				return slices.ContainsFunc(functions, func(f string) bool { return slices.Contains(tt.allowed, f) })
			}
			r, err := Config{Schedules: 20, Outlives: outlives}.Explore(func(t *T) {
				never := make(chan int)
				startsIt(never)
				startsIt(never)
			})
			if err != nil {
				t.Fatal(err)
			}
			if leak := !r.OK() && r.Failures[0].Kind == Leak; leak != tt.leak || r.OK() == leak {
				t.Errorf("%s %v", r, r.Failures)
			}
		})
	}
}
