package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/lastcall-go/lastcall/scenarios/matrix"
	"github.com/lastcall-go/lastcall/sim"
)

// cellJSON is what -json prints of a cell.
type cellJSON struct {
	Scenario       string            `json:"scenario"`
	Implementation string            `json:"implementation"`
	Schedules      int               `json:"schedules"`
	Steps          int64             `json:"steps"`
	Complete       bool              `json:"complete"`
	Verdict        matrix.Verdict `json:"verdict"`
	Expected       matrix.Verdict `json:"expected"`
	Kind           sim.Kind          `json:"kind"`        // "" of a clean cell
	Token          string            `json:"token"`       // "" of a clean cell
	Preemptions    int               `json:"preemptions"` // of the schedule that the token stands for
}

func jsonOf(r *matrix.Result) cellJSON {
	c := cellJSON{
		Scenario: r.Cell.Scenario, Implementation: r.Cell.Implementation, Schedules: r.Report.Schedules, Steps: r.Report.Steps,
		Complete: r.Report.Complete, Verdict: r.Verdict, Expected: r.Cell.Expected,
	}
	if !r.Report.OK() {
		f := r.Report.Failures[0]
		c.Kind, c.Token, c.Preemptions = f.Kind, f.Token, f.Preemptions
	}
	return c
}

// printReport prints the table, and then what there is to say of single cells.
func printReport(out io.Writer, results []*matrix.Result, verbose bool) {
	if len(results) == 0 {
		return
	}
	printTable(out, results)
	for _, r := range results {
		if verbose || !r.Report.OK() {
			printCell(out, r, verbose)
		}
	}
}

func printTable(out io.Writer, results []*matrix.Result) {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SCENARIO\tIMPLEMENTATION\tWHAT WAS RUN\tSCHEDULES\tSTEPS\tVERDICT\tEXPECTED\t")
	legend := false
	for _, r := range results {
		schedules := fmt.Sprint(r.Report.Schedules)
		if r.Report.Complete {
			schedules += " *"
			legend = true
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", r.Cell.Scenario, r.Cell.Implementation, r.Cell.What,
			schedules, r.Report.Steps, r.Verdict, r.Cell.Expected, r.Difference())
	}
	w.Flush()
	for line := range strings.Lines(b.String()) {
		fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	}
	if legend {
		fmt.Fprintln(out, "* explored completely:", strings.Join(bounds(results), "; "))
	}
}

// bounds says within what the complete explorations are complete.
func bounds(results []*matrix.Result) []string {
	var all []string
	for _, r := range results {
		if !r.Report.Complete {
			continue
		}
		what := "every schedule"
		if r.Report.Bounded {
			what += " within the bounds of " + r.Strategy
		}
		all = append(all, fmt.Sprintf("%s, %s", r.Cell.Name(), what))
	}
	return all
}

// printCell prints a cell's failures, each with the shortest interleaving that leads there and the line that replays it.
func printCell(out io.Writer, r *matrix.Result, verbose bool) {
	fmt.Fprintf(out, "\n%s\n", r.Cell.Name())
	if verbose {
		fmt.Fprintf(out, "  expected: %s\n", expectation(r.Cell))
		fmt.Fprintf(out, "  explored: %d schedules, %d of them distinct, %d steps, %v; strategy %s, seed %d\n",
			r.Report.Schedules, r.Report.Distinct, r.Report.Steps, r.Report.Elapsed.Round(time.Millisecond), r.Strategy, r.Report.Seed)
	}
	for _, f := range r.Report.Failures {
		fmt.Fprintf(out, "%s in schedule %d, minimised to %s: %s\n", f.Kind, f.Schedule, preemptions(f.Preemptions), f.Message)
		fmt.Fprintf(out, "\n%s\nReplay:\n\t%s replay %s\n", f.Trace, self, f.Token)
	}
}

// self is how the command is run where nothing has been installed.
const self = "go run github.com/lastcall-go/lastcall/cmd/lastcall"

func expectation(c *matrix.Cell) string {
	s := string(c.Expected)
	if c.Kind != "" {
		s += fmt.Sprintf(" (%s)", c.Kind)
	}
	return s + ", since " + c.Source
}

func preemptions(n int) string {
	switch n {
	case 0:
		return "no preemption"
	case 1:
		return "1 preemption"
	}
	return fmt.Sprintf("%d preemptions", n)
}
