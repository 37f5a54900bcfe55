//go:build race

package matrix

import (
	"slices"
	"testing"
)

// TestNoRace runs a few schedules of every cell, in which the race detector must find nothing.
func TestNoRace(t *testing.T) {
	for _, c := range Cells() {
		r, err := c.Run(Options{Schedules: 3})
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(r.Oracles, Race) {
			for _, f := range r.Failures {
				t.Errorf("%s: %s: %s", c.Name(), f.Kind, f.Message)
			}
		}
	}
}
