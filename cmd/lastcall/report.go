package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/lastcall-go/lastcall/scenarios/matrix"
	"github.com/lastcall-go/lastcall/sim"
)

// cellJSON is what -json prints of a cell.
type cellJSON struct {
	Scenario       string          `json:"scenario"`
	Implementation string          `json:"implementation"`
	Schedules      int             `json:"schedules"`
	Steps          int64           `json:"steps"`
	Complete       bool            `json:"complete"` // the search was, within bound and clock
	Bound          int             `json:"bound"`    // preemptions; -1 for no bound
	Verdict        matrix.Verdict  `json:"verdict"`
	Expected       matrix.Verdict  `json:"expected"`
	AsExpected     bool            `json:"asExpected"` // oracles and preemptions included
	Oracle         matrix.Oracle   `json:"oracle"`     // the first of oracles; "" of a clean cell
	Oracles        []matrix.Oracle `json:"oracles"`
	Kind           sim.Kind        `json:"kind"`        // "" of a clean cell
	Message        string          `json:"message"`     // of the failure that the token stands for
	Token          string          `json:"token"`       // "" of a clean cell
	Preemptions    int             `json:"preemptions"` // of the schedule that the token stands for: the least there is
	Lost           int             `json:"lost"`        // callbacks and results, at most in one schedule
	LostIn         int             `json:"lostIn"`      // schedules of the search, of a lossy cell
	RandomSeeds    int             `json:"randomSeeds"` // of the default strategy
	RandomFound    int             `json:"randomFound"` // seeds that found a failure, or a loss
	RandomMean     float64         `json:"randomMean"`  // schedules to it, over those
	Decisive       []sim.Operation `json:"decisive"`    // the two operations whose order decides; null where none are known
	Late           int             `json:"late"`        // the step after which nothing helps, see sim.Explanation; -1 where that is not known
	Why            string          `json:"why"`         // the verdict is expected
}

func jsonOf(r *matrix.Result) cellJSON {
	c := cellJSON{
		Scenario: r.Cell.Scenario, Implementation: r.Cell.Implementation, Schedules: r.Schedules, Steps: r.Steps,
		Complete: r.Complete, Bound: r.Bound, Verdict: r.Verdict, Expected: r.Cell.Expected.Verdict,
		AsExpected: r.AsExpected(), Oracles: r.Oracles, Preemptions: r.Preemptions, Lost: r.Lost, LostIn: r.LostIn,
		RandomSeeds: r.Random.Seeds, RandomFound: r.Random.Found, RandomMean: r.Random.Mean, Why: r.Cell.Expected.Why, Late: -1,
	}
	if len(r.Oracles) > 0 {
		c.Oracle = r.Oracles[0]
	}
	if len(r.Failures) > 0 {
		f := r.Failures[0]
		c.Kind, c.Message, c.Token = f.Kind, f.Message, f.Token
		if f.Why.Tried > 0 {
			c.Late = f.Why.Late
		}
		if f.Why.Before != nil {
			c.Decisive = []sim.Operation{*f.Why.Before, *f.Why.After}
		}
	}
	return c
}

// A shown says how much of each cell is printed below the matrix.
type shown int

const (
	onlyWrong shown = iota // and the question's program
	table
	traces
)

// printReport prints the matrix, and then what there is to say of single cells.
func printReport(out io.Writer, results []*matrix.Result, how shown, colours bool) {
	if len(results) == 0 {
		return
	}
	printMatrix(out, results, colours)
	var listed []*matrix.Result
	for _, r := range results {
		if how >= table || isQuestion(r.Cell) || !r.AsExpected() {
			listed = append(listed, r)
		}
	}
	if len(listed) == 0 {
		return
	}
	printTable(out, listed)
	for _, r := range listed {
		if how >= traces || len(results) == 1 || isQuestion(r.Cell) || !r.AsExpected() {
			printCell(out, r, how >= traces)
		}
	}
}

// isQuestion reports whether a cell is one of the question's program, which is no part of the matrix.
func isQuestion(c *matrix.Cell) bool { return !c.InMatrix() }

// printMatrix prints the matrix, if more than a cell of it was run, and how many verdicts there are of each.
func printMatrix(out io.Writer, results []*matrix.Result, colours bool) {
	var squares []square
	for _, r := range results {
		if r.Cell.InMatrix() {
			squares = append(squares, squareOf(r))
		}
	}
	if len(squares) > 1 {
		drawTable(out, squares, colours)
		fmt.Fprintln(out)
		drawLegend(out, squares)
		fmt.Fprintln(out)
	}
	count := make(map[matrix.Verdict]int)
	wrong := 0
	for _, r := range results {
		count[r.Verdict]++
		if !r.AsExpected() {
			wrong++
		}
	}
	fmt.Fprintf(out, "%s: %d clean, %d broken, %d lossy, %d not applicable; ", matrix.CountOf(len(results), "cell"),
		count[matrix.Clean], count[matrix.Broken], count[matrix.Lossy], count[matrix.NA])
	if wrong == 0 {
		fmt.Fprintln(out, "each as the catalogue states")
	} else {
		fmt.Fprintf(out, "%d not as the catalogue states\n", wrong)
	}
	fmt.Fprintln(out)
}

func printTable(out io.Writer, results []*matrix.Result) {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SCENARIO\tIMPLEMENTATION\tWHAT WAS RUN\tSCHEDULES\tSTEPS\tVERDICT\tEXPECTED\t")
	for _, r := range results {
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%s\t%s\t%s\n", r.Cell.Scenario, r.Cell.Implementation, r.Cell.What,
			r.Schedules, r.Steps, short(squareOf(r)), short(statedOf(r.Cell)), r.Difference())
	}
	w.Flush()
	for line := range strings.Lines(b.String()) {
		fmt.Fprintln(out, strings.TrimRight(line, " \n"))
	}
}

// short is a verdict in a word, with the symbol of a broken cell.
func short(s square) string {
	if s.verdict == matrix.Broken {
		return "broken " + strings.TrimSuffix(s.symbol, "!")
	}
	return string(s.verdict)
}

// printCell prints a cell's failures, each with the shortest interleaving that leads there and the line that replays it.
func printCell(out io.Writer, r *matrix.Result, verbose bool) {
	fmt.Fprintf(out, "\n%s: %s\n", r.Cell.Name(), found(r))
	if verbose || !r.AsExpected() {
		fmt.Fprintf(out, "  run: %s; on %s\n", r.Cell.What, r.Cell.On)
		fmt.Fprintf(out, "  expected: %v, since %s\n", r.Cell.Expected, r.Cell.Expected.Why)
	}
	if d := r.Difference(); d != "" {
		fmt.Fprintf(out, "  this is not what the catalogue states: %s\n", d)
	}
	for _, f := range r.Failures {
		fmt.Fprintf(out, "%s, minimised to %s: %s\n", f.Kind, matrix.CountOf(f.Preemptions, "preemption"), f.Message)
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

// found says how a cell was explored and what was found.
func found(r *matrix.Result) string {
	if r.Verdict == matrix.NA {
		return r.Cell.Expected.Why
	}
	s := fmt.Sprintf("%s; %d schedules, %d steps", r.Summary(), r.Schedules, r.Steps)
	if n := r.Random; n.Found > 0 {
		s += fmt.Sprintf("; at random in schedule %.1f, the mean of %d seeds", n.Mean, n.Found)
		if n.Found < n.Seeds {
			s += fmt.Sprintf(" of %d", n.Seeds)
		}
	} else if n.Seeds > 0 && r.Verdict != matrix.Clean {
		s += fmt.Sprintf("; not found at random with %d seeds", n.Seeds)
	}
	return s
}

// self is how the command is run where nothing has been installed.
const self = "go run github.com/lastcall-go/lastcall/cmd/lastcall"
