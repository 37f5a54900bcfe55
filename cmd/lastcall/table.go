package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lastcall-go/lastcall/scenarios/matrix"
)

// A square is a cell of the table: what it shows, and whether that is what the catalogue states.
type square struct {
	row, column string
	symbol      string
	verdict     matrix.Verdict
	wrong       bool
}

// letters stand for the oracles in the symbol of a broken cell.
var letters = map[matrix.Oracle]string{
	matrix.AfterClose: "C", matrix.Lost: "L", matrix.Once: "O", matrix.Waits: "W", matrix.Running: "R", matrix.Uncaught: "U",
	matrix.Race: "D", matrix.NoVerdict: "?",
}

// symbol is a verdict in a few characters.
func symbol(v matrix.Verdict, oracles []matrix.Oracle, preemptions int) string {
	switch v {
	case matrix.Clean:
		return "."
	case matrix.Lossy:
		return "~"
	case matrix.NA:
		return "-"
	}
	var b strings.Builder
	for _, o := range oracles {
		b.WriteString(letters[o])
	}
	return fmt.Sprint(b.String(), preemptions)
}

// squareOf is what was found of a cell.
func squareOf(r *matrix.Result) square {
	s := square{r.Cell.Scenario, r.Cell.Implementation, symbol(r.Verdict, r.Oracles, r.Preemptions), r.Verdict, !r.AsExpected()}
	if s.wrong {
		s.symbol += "!"
	}
	return s
}

// statedOf is what the catalogue states of a cell.
func statedOf(c *matrix.Cell) square {
	e := c.Expected
	return square{c.Scenario, c.Implementation, symbol(e.Verdict, e.Oracles, e.Preemptions), e.Verdict, false}
}

// heads are the columns' names, broken into lines that are as narrow as a symbol.
var heads = map[string][]string{
	"asyncio 2015": {"asyn-", "cio", "2015"}, "asyncio 2018": {"asyn-", "cio", "2018"},
	"asyncio 2022": {"asyn-", "cio", "2022"}, "asyncio 2025": {"asyn-", "cio", "2025"},
	"reservation": {"reser-", "vation"}, "recheck": {"re-", "check"}, "swallow": {"swal-", "low"},
}

const headLines = 3

// head is a column's name in three lines, the last of them just above the rule.
func head(column string) []string {
	lines, ok := heads[column]
	if !ok {
		lines = strings.Fields(column)
	}
	return append(make([]string, headLines-len(lines)), lines...)
}

// drawTable draws the squares: a line for each row and a column for each column of the matrix that is among them.
func drawTable(out io.Writer, squares []square, colours bool) {
	rows, columns := present(squares)
	left := 0
	for _, r := range rows {
		left = max(left, len(r))
	}
	widths := make([]int, len(columns))
	for i, c := range columns {
		for _, line := range head(c) {
			widths[i] = max(widths[i], len(line))
		}
		for _, s := range squares {
			if s.column == c {
				widths[i] = max(widths[i], len(s.symbol))
			}
		}
	}
	line := func(name string, cell func(i int) string) {
		var b strings.Builder
		fmt.Fprintf(&b, "%-*s", left, name)
		for i := range columns {
			b.WriteString(" " + cell(i))
		}
		fmt.Fprintln(out, strings.TrimRight(b.String(), " "))
	}
	for n := range headLines {
		line("", func(i int) string { return fmt.Sprintf("%-*s", widths[i], head(columns[i])[n]) })
	}
	for _, r := range rows {
		line(r, func(i int) string { return squareAt(squares, r, columns[i]).draw(widths[i], colours) })
	}
}

// present returns the matrix's rows and columns that are among the squares, in the matrix's order.
func present(squares []square) (rows, columns []string) {
	for _, r := range matrix.Rows() {
		if slices.ContainsFunc(squares, func(s square) bool { return s.row == r }) {
			rows = append(rows, r)
		}
	}
	for _, c := range matrix.Columns() {
		if slices.ContainsFunc(squares, func(s square) bool { return s.column == c }) {
			columns = append(columns, c)
		}
	}
	return rows, columns
}

func squareAt(squares []square, row, column string) square {
	for _, s := range squares {
		if s.row == row && s.column == column {
			return s
		}
	}
	return square{} // it was not picked
}

// draw pads the symbol, and colours it: in the colours of SGR, which terminals have.
func (s square) draw(width int, colours bool) string {
	text := fmt.Sprintf("%-*s", width, s.symbol)
	if !colours || s.symbol == "" {
		return text
	}
	code := map[matrix.Verdict]string{matrix.Clean: "32", matrix.Lossy: "33", matrix.Broken: "31", matrix.NA: "2"}[s.verdict]
	if s.wrong {
		code = "1;7;" + code
	}
	return "\033[" + code + "m" + text + "\033[0m"
}

// drawLegend says what the symbols mean.
func drawLegend(out io.Writer, squares []square) {
	fmt.Fprintln(out, ".  clean: no schedule fails      ~  lossy by design: quiet, and results are lost      -  not applicable")
	fmt.Fprintln(out, "broken: the oracles that fail, and the least number of preemptions that shows it:")
	fmt.Fprintln(out, "   C  a callback or a post after close      O  a job does not end exactly once      W  somebody waits for ever")
	fmt.Fprintln(out, "   R  something is left running             U  an error that nobody catches         D  a data race")
	if slices.ContainsFunc(squares, func(s square) bool { return s.wrong }) {
		fmt.Fprintln(out, "!  not what the catalogue states")
	}
}
