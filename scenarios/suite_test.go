package scenarios

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

var (
	long  = flag.Bool("long", false, "run each case of the suite 20,000 times on each subject that keeps its contract")
	write = flag.Bool("write", false, "write the list of cases to docs/suite.md")
)

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

// TestRun is how a downstream library runs the suite on itself.
func TestRun(t *testing.T) {
	Run(t, loopShutdown, correct[0].contract, Schedules(50))
}

// TestAllowGoroutines: a goroutine that is not named is a leak.
func TestAllowGoroutines(t *testing.T) {
	failed := failures(t, Check(withJanitor, Contract{}, Named(t.Name()), Schedules(1)))
	if len(failed) < 3 {
		t.Errorf("%d cases fail", len(failed))
	}
	for _, f := range failed {
		if f.Failure.Kind != sim.Leak {
			t.Errorf("%s: %s", f.Case, f.Failure.Message)
		}
	}
}

// TestSuiteDocument holds the list in docs/suite.md to the cases. It is written by go test ./scenarios -run SuiteDocument -args -write.
func TestSuiteDocument(t *testing.T) {
	const document, mark = "../docs/suite.md", "<!-- made by go test ./scenarios -run SuiteDocument -args -write -->\n"
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	head, _, ok := strings.Cut(string(text), mark)
	if !ok {
		t.Fatalf("%s has no line %q", document, mark)
	}
	var b strings.Builder
	b.WriteString(head + mark + "\n| case | what is done | needs |\n|---|---|---|\n")
	for _, c := range Cases() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", c.Name, c.What, c.Need)
	}
	switch {
	case *write:
		err = os.WriteFile(document, []byte(b.String()), 0o644)
		if err != nil {
			t.Fatal(err)
		}
	case string(text) != b.String():
		t.Errorf("%s is not what the cases say; run go test ./scenarios -run SuiteDocument -args -write", document)
	}
}

// TestCases: names are what tokens and -run go by.
func TestCases(t *testing.T) {
	seen := make(map[string]bool)
	for _, c := range Cases() {
		if seen[c.Name] || c.Name == "" || c.What == "" || (c.Need == "") != (c.promised == nil) || c.script == nil {
			t.Errorf("%+v", c)
		}
		seen[c.Name] = true
	}
}

// TestMisuse: what cannot be run is an error that says so.
func TestMisuse(t *testing.T) {
	fine := poolWith("")
	for _, tt := range []struct {
		subject  func(sim.TB) Subject
		contract Contract
		opts     []Option
		want     string
	}{
		{nil, Contract{}, nil, "scenarios: newSubject is nil"},
		{fine, Contract{PostAfterClose: OK}, nil, `scenarios: Contract.PostAfterClose is "OK", want one of ["" "error" "drop" "panic" "queued"]`},
		{fine, Contract{CloseWaits: "long"}, nil, `scenarios: Contract.CloseWaits is "long", want one of ["" "none" "running" "queued"]`},
		{fine, Contract{CloseTwice: Drop}, nil, `scenarios: Contract.CloseTwice is "drop", want one of ["" "OK" "error" "panic"]`},
		{fine, Contract{}, []Option{Only("no such case")}, `scenarios: Only("no such case") matches none of the cases`},
		{fine, Contract{}, []Option{Only("(")}, "scenarios: Only: error parsing regexp: missing closing ): `(`"},
		{fine, Contract{}, []Option{Patience(-1)}, "scenarios: Patience(-1ns): want more than nothing"},
	} {
		if err := Check(tt.subject, tt.contract, tt.opts...); err == nil || err.Error() != tt.want {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
	empty := func(sim.TB) Subject { return Subject{} }
	failed := failures(t, Check(empty, Contract{}, Named(t.Name())))
	if len(failed) == 0 {
		t.Error("a Subject without funcs passes")
	}
	for _, f := range failed {
		if !strings.HasPrefix(f.Failure.Message, "scenarios: a Subject needs Post and Close") {
			t.Error(f)
		}
	}
}

// TestPromiseUnkept: a contract that says more than is so is failed, and the message says what.
func TestPromiseUnkept(t *testing.T) {
	for _, tt := range []struct {
		contract Contract
		only     string
		want     string
	}{
		{Contract{BlocksWhenFull: true}, "waits for room", "contract: 64 tasks are posted and none ends, and no Post waits for room"},
		{Contract{PostAfterClose: Drop}, "posted to a closed", "contract: a Post after Close comes to error (closed), and drop is promised"},
		{Contract{CloseTwice: Error}, "closed again", "contract: a second Close comes to OK (<nil>), and error is promised"},
		{Contract{CloseWaits: None}, "a task runs while", "contract: Close waits for a task that runs, and it is promised that it does not"},
		{Contract{Restartable: true}, "used again", "contract: the subject refuses every task although it was opened again"},
	} {
		failed := failures(t, Check(poolWith(""), tt.contract, Named(t.Name()), Only(tt.only)))
		if len(failed) != 1 || !strings.HasPrefix(failed[0].Failure.Message, tt.want) {
			t.Errorf("%q: %v", tt.want, failed)
		}
	}
}
