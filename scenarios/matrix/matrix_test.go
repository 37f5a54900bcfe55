package matrix

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// explored runs a cell as the catalogue has it.
func explored(t *testing.T, c *Cell) *Result {
	t.Helper()
	r, err := c.Run(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestVerdicts holds cells to what the catalogue states, and each token to the failure that it was printed with. lastcall run does the first for all
// of the catalogue, which is too much here: these are the rows that tell the columns apart, and what is said of package loop.
// Half of the rows are left out where LASTCALL_LONG=1 is not set.
func TestVerdicts(t *testing.T) {
	rows := []string{"R1 ", "R6 ", "R8 ", "R13 "}
	long := os.Getenv("LASTCALL_LONG") != ""
	if testing.Short() || !long {
		rows = []string{"R8 ", "R13 "}
	}
	for _, c := range Cells() {
		picked := slices.ContainsFunc(rows, func(r string) bool { return strings.HasPrefix(c.Scenario, r) })
		if !picked && (testing.Short() || !long || c.Implementation != "loop") {
			continue
		}
		t.Run(c.Name(), func(t *testing.T) {
			r := explored(t, c)
			if d := r.Difference(); d != "" {
				t.Errorf("%s, after %d schedules", d, r.Schedules)
				for _, f := range r.Failures {
					t.Errorf("%s: %s\n%s", f.Kind, f.Message, f.Trace)
				}
			}
			for _, f := range r.Failures {
				if f.Preemptions != r.Preemptions {
					t.Errorf("minimised to %d preemptions, where every schedule with fewer than %d passes", f.Preemptions, r.Preemptions)
				}
				replays(t, c, f)
			}
		})
	}
}

// replays holds a failure's token to lead there again.
func replays(t *testing.T, c *Cell, f *sim.Failure) {
	t.Helper()
	name := nameOf(t, f.Token)
	r, err := Find(name).Replay(name, f.Token)
	if err != nil || r.OK() {
		t.Fatalf("%s: the token %s passes: %v", c.Name(), f.Token, err)
	}
	if g := r.Failures[0]; g.Kind != f.Kind || g.Message != f.Message || g.Trace.String() != f.Trace.String() {
		t.Errorf("%s: the token leads elsewhere: %s: %s\n%s", c.Name(), g.Kind, g.Message, g.Trace)
	}
}

// TestTwins: what a column is broken or lossy at, the mended one is clean at. Each is explored, so neither can pass for want of a look.
func TestTwins(t *testing.T) {
	for _, tt := range []struct {
		row, broken, mended string
	}{
		{"R8 post from outside", "check then post", "lock and drain"},
		{"R8 post from outside", "lock", "lock and drain"},
		{"R8 post from outside", "join", "recheck"},
		{"R9 post in the drain", "lock", "lock and drain"},
		{"R10 worker asks", "join", "reservation"},
		{"R12 timer due", "busy count", "quiet period"},
		{"R13 caller waits", "swallow", "loop"},
		{"R13 caller waits", "quiet period", "recheck"},
	} {
		bad, good := explored(t, Find(tt.row+"/"+tt.broken)), explored(t, Find(tt.row+"/"+tt.mended))
		if bad.Verdict == Clean || good.Verdict != Clean {
			t.Errorf("%s: %s is %s, and its twin %s is %s", tt.row, tt.broken, bad.Verdict, tt.mended, good.Verdict)
		}
	}
}

// TestCatalogue: the matrix is whole, names are the key in tokens, and every verdict has its reason.
func TestCatalogue(t *testing.T) {
	seen := make(map[string]bool)
	inMatrix := 0
	for _, c := range Cells() {
		e := c.Expected
		if seen[c.Name()] || c.What == "" || c.On == "" || e.Why == "" || e.Verdict == "" || len(c.parts) == 0 {
			t.Errorf("%+v", c)
		}
		seen[c.Name()] = true
		if (e.Verdict == Broken) != (len(e.Oracles) > 0) || !slices.IsSorted(e.Oracles) {
			t.Errorf("%s: %s with the oracles %v", c.Name(), e.Verdict, e.Oracles)
		}
		if c.InMatrix() {
			inMatrix++
		}
		for name := range c.Bodies() {
			if got := Find(name); got == nil || got.Name() != c.Name() {
				t.Errorf("%q leads to %v, not to %s", name, got, c.Name())
			}
		}
	}
	if inMatrix != 13*15 || len(Rows()) != 13 || len(Columns()) != 15 {
		t.Errorf("%d cells in %d rows and %d columns", inMatrix, len(Rows()), len(Columns()))
	}
	for i, r := range Rows() {
		if !strings.HasPrefix(r, "R"+itoa(i+1)+" ") {
			t.Errorf("row %d is called %q", i+1, r)
		}
	}
	if Find("R1 cancel, stop, close") != nil {
		t.Error("a row is taken for a cell")
	}
}

// TestNothingElseIsStated: what is stated of a row or column that there is not would never be looked at.
func TestNothingElseIsStated(t *testing.T) {
	for row, cells := range expected() {
		if !slices.Contains(Rows(), row) {
			t.Errorf("there is no row %q", row)
		}
		for column := range cells {
			if !slices.Contains(Columns(), column) {
				t.Errorf("%s: there is no column %q", row, column)
			}
		}
	}
}
