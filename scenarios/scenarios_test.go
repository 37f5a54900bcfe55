package scenarios

import (
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// TestVerdicts holds every cell to what the catalogue states.
func TestVerdicts(t *testing.T) {
	for _, c := range Cells() {
		t.Run(c.Name(), func(t *testing.T) {
			r, err := c.Run(sim.Config{})
			if err != nil {
				t.Fatal(err)
			}
			if !r.AsExpected() {
				t.Errorf("%s, expected %s %s: %s", r.Verdict, c.Expected, c.Kind, r.Report)
				for _, f := range r.Report.Failures {
					t.Errorf("%s: %s\n%s", f.Kind, f.Message, f.Trace)
				}
			}
		})
	}
}

// TestQuestion is the question in detail: no preemption is needed, and the token leads there again.
func TestQuestion(t *testing.T) {
	c := Cells()[0]
	r, err := c.Run(sim.Config{})
	if err != nil {
		t.Fatal(err)
	}
	f := r.Report.Failures[0]
	if f.Preemptions != 0 {
		t.Errorf("shown with %d preemptions", f.Preemptions)
	}
	again, err := c.Run(sim.Config{Replay: f.Token})
	if err != nil || again.Report.OK() {
		t.Fatalf("the token passes: %v", err)
	}
	if g := again.Report.Failures[0]; g.Kind != f.Kind || g.Message != f.Message || g.Trace.String() != f.Trace.String() {
		t.Errorf("the token leads elsewhere: %s: %s\n%s", g.Kind, g.Message, g.Trace)
	}
}
