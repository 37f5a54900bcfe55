package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/sim"
)

// cellJSON is what -json prints of a cell.
type cellJSON struct {
	Scenario       string            `json:"scenario"`
	Implementation string            `json:"implementation"`
	Schedules      int               `json:"schedules"`
	Steps          int64             `json:"steps"`
	Complete       bool              `json:"complete"`
	Verdict        scenarios.Verdict `json:"verdict"`
	Expected       scenarios.Verdict `json:"expected"`
	Kind           sim.Kind          `json:"kind"`        // "" of a clean cell
	Token          string            `json:"token"`       // "" of a clean cell
	Preemptions    int               `json:"preemptions"` // of the schedule that the token stands for
	Decisive       []sim.Operation   `json:"decisive"`    // the two operations whose order decides; null where none are known
	Late           int               `json:"late"`        // the step after which nothing helps, see sim.Explanation; -1 where that is not known
}

func jsonOf(r *scenarios.Result) cellJSON {
	c := cellJSON{
		Scenario: r.Cell.Scenario, Implementation: r.Cell.Implementation, Schedules: r.Report.Schedules, Steps: r.Report.Steps,
		Complete: r.Report.Complete, Verdict: r.Verdict, Expected: r.Cell.Expected, Late: -1,
	}
	if !r.Report.OK() {
		f := r.Report.Failures[0]
		c.Kind, c.Token, c.Preemptions = f.Kind, f.Token, f.Preemptions
		if f.Why.Tried > 0 {
			c.Late = f.Why.Late
		}
		if f.Why.Before != nil {
			c.Decisive = []sim.Operation{*f.Why.Before, *f.Why.After}
		}
	}
	return c
}

// printReport prints the table, and then what there is to say of single cells.
func printReport(out io.Writer, results []*scenarios.Result, verbose bool) {
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

func printTable(out io.Writer, results []*scenarios.Result) {
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
func bounds(results []*scenarios.Result) []string {
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
func printCell(out io.Writer, r *scenarios.Result, verbose bool) {
	fmt.Fprintf(out, "\n%s\n", r.Cell.Name())
	if verbose {
		fmt.Fprintf(out, "  expected: %s\n", expectation(r.Cell))
		fmt.Fprintf(out, "  explored: %d schedules, %d of them distinct, %d steps, %v; strategy %s, seed %d\n",
			r.Report.Schedules, r.Report.Distinct, r.Report.Steps, r.Report.Elapsed.Round(time.Millisecond), r.Strategy, r.Report.Seed)
	}
	for _, f := range r.Report.Failures {
		fmt.Fprintf(out, "%s in schedule %d, minimised to %s: %s\n", f.Kind, f.Schedule, preemptions(f.Preemptions), f.Message)
		fmt.Fprintf(out, "\n%s\n%sReplay:\n\t%s replay %s\n", f.Trace, paragraph(f.Why.String()), self, f.Token)
	}
}

// paragraph is a text with an empty line after it, if there is any.
func paragraph(text string) string {
	if text == "" {
		return ""
	}
	return text + "\n"
}

// self is how the command is run where nothing has been installed.
const self = "go run github.com/lastcall-go/lastcall/cmd/lastcall"

func expectation(c *scenarios.Cell) string {
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
