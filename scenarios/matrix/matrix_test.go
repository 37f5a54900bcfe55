package matrix

import (
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// TestVerdicts holds every cell to what the catalogue states.
func TestVerdicts(t *testing.T) {
	for _, c := range Cells() {
		t.Run(c.Name(), func(t *testing.T) {
			r, err := c.Run(Options{})
			if err != nil {
				t.Fatal(err)
			}
			if d := r.Difference(); d != "" {
				t.Errorf("%s, after %d schedules", d, r.Schedules)
				for _, f := range r.Failures {
					t.Errorf("%s: %s\n%s", f.Kind, f.Message, f.Trace)
				}
			}
			t.Logf("%s %v %d preempt; lost %d in %d; %d schedules %d steps; %s; random %+v", r.Verdict, r.Oracles, r.Preemptions, r.Lost, r.LostIn, r.Schedules, r.Steps, r.Within(), r.Random)
		})
	}
}
