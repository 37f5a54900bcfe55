package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lastcall-go/lastcall/scenarios/matrix"
	"github.com/lastcall-go/lastcall/sim"
)

// stated is the matrix as the catalogue states it, drawn.
func stated(colours bool) string {
	var out strings.Builder
	printStated(&out, matrix.Cells(), colours)
	return out.String()
}

var escape = regexp.MustCompile("\033\\[[0-9;]*m")

// TestTableFits: 120 columns, also where every symbol is as long as it can be.
func TestTableFits(t *testing.T) {
	widest := []square{}
	for _, c := range matrix.Cells() {
		if c.InMatrix() {
			widest = append(widest, square{c.Scenario, c.Implementation, "CUW1!", matrix.Broken, true})
		}
	}
	var out strings.Builder
	drawTable(&out, widest, true)
	drawLegend(&out, widest)
	for line := range strings.Lines(stated(true) + out.String()) {
		if n := utf8.RuneCountInString(strings.TrimRight(escape.ReplaceAllString(line, ""), "\n")); n > 120 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// TestTable: a line for each row, a symbol for each cell, in the matrix's order.
func TestTable(t *testing.T) {
	lines := strings.Split(stated(false), "\n")[headLines:]
	for i, row := range matrix.Rows() {
		if !strings.HasPrefix(lines[i], row) {
			t.Fatalf("line %d is %q, not %s", i, lines[i], row)
		}
		symbols := strings.Fields(strings.TrimPrefix(lines[i], row))
		if len(symbols) != len(matrix.Columns()) {
			t.Fatalf("%s has %d symbols", row, len(symbols))
		}
		for j, column := range matrix.Columns() {
			if want := statedOf(matrix.Find(row + "/" + column)).symbol; symbols[j] != want {
				t.Errorf("%s/%s is drawn as %s, not %s", row, column, symbols[j], want)
			}
		}
	}
}

// TestHeads: the lines of a column's head are its name.
func TestHeads(t *testing.T) {
	for _, c := range matrix.Columns() {
		got := strings.ReplaceAll(strings.TrimSpace(strings.Join(head(c), " ")), "- ", "")
		if got != c || len(head(c)) != headLines {
			t.Errorf("the head of %s is %q", c, head(c))
		}
	}
}

func TestColours(t *testing.T) {
	plain, coloured := stated(false), stated(true)
	if strings.Contains(plain, "\033") {
		t.Error("colours where none were asked for")
	}
	if !strings.Contains(coloured, "\033[31mU0   \033[0m") || escape.ReplaceAllString(coloured, "") == coloured {
		t.Error("no colours")
	}
	wrong := square{symbol: ".!", verdict: matrix.Clean, wrong: true}
	if got, want := wrong.draw(3, true), "\033[1;7;32m.! \033[0m"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	t.Setenv("NO_COLOR", "1")
	if wantsColours(true) {
		t.Error("NO_COLOR is not honoured")
	}
	t.Setenv("NO_COLOR", "")
	if !wantsColours(true) || wantsColours(false) {
		t.Error("a terminal gets no colours, or a file does")
	}
}

// TestLegend: every oracle has a letter of its own, and the legend tells it.
func TestLegend(t *testing.T) {
	var out strings.Builder
	drawLegend(&out, nil)
	seen := make(map[string]bool)
	for _, o := range matrix.Oracles() {
		letter := letters[o.Oracle]
		if letter == "" || seen[letter] {
			t.Errorf("%s: %q", o.Oracle, letter)
		}
		seen[letter] = true
		if o.Oracle != matrix.Lost && !strings.Contains(out.String(), " "+letter+"  ") {
			t.Errorf("the legend does not tell of %s", letter)
		}
	}
	for _, symbol := range []string{".  clean", "~  lossy", "-  not applicable"} {
		if !strings.Contains(out.String(), symbol) {
			t.Errorf("the legend does not tell of %q", symbol)
		}
	}
	if strings.Contains(out.String(), "!") {
		t.Error("the legend tells of what is not there")
	}
	drawLegend(&out, []square{{wrong: true}})
	if !strings.Contains(out.String(), "!  not what the catalogue states") {
		t.Error("the legend does not tell of what is not as stated")
	}
}

// TestPicked: only rows and columns of which there is a cell.
func TestPicked(t *testing.T) {
	var out strings.Builder
	drawTable(&out, []square{statedOf(matrix.Find("R6 result on its way/lock")), statedOf(matrix.Find("R8 post from outside/loop"))}, false)
	if got, want := out.String(), "\n\n                     lock loop\nR6 result on its way ~\nR8 post from outside      .\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestReadme holds the README's matrix, and the catalogue's, to what is stated.
func TestReadme(t *testing.T) {
	for _, path := range []string{"../../README.md", "../../docs/catalogue.md"} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "```\n"+stated(false)+"```\n") {
			t.Errorf("%s does not have what \"go run ./cmd/lastcall run -expected\" prints:\n%s", path, stated(false))
		}
	}
}

// TestCatalogueDocument holds the reasons there to what is stated.
func TestCatalogueDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/catalogue.md")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	printReasons(&out, matrix.Cells())
	if !strings.Contains(string(text), out.String()) {
		t.Errorf("docs/catalogue.md does not end in what \"go run ./cmd/lastcall run -expected -v\" prints below the matrix:\n%s", out.String())
	}
	for _, o := range matrix.Oracles() {
		if !strings.Contains(string(text), string(o.Oracle)) || !strings.Contains(string(text), o.Says) {
			t.Errorf("docs/catalogue.md does not say that %s means %q", o.Oracle, o.Says)
		}
	}
}

// brokenResult is a result such as a search comes to.
func brokenResult() *matrix.Result {
	return &matrix.Result{
		Cell: matrix.Find("R8 post from outside/check then post"), Verdict: matrix.Broken, Oracles: []matrix.Oracle{matrix.AfterClose},
		Preemptions: 1, Lost: 1, Schedules: 12, Steps: 345, Complete: true, Bound: 1, Random: matrix.Random{Seeds: 20, Found: 19, Mean: 4.25},
		Failures: []*sim.Failure{{Kind: sim.Assertion, Message: "after close: a closed loop's queue holds 1", Token: "lc1.x.y", Preemptions: 1}},
	}
}

// TestReport: what is printed of a cell that is as stated, of one that is not, and of none but the first.
func TestReport(t *testing.T) {
	var out strings.Builder
	good, bad := brokenResult(), brokenResult()
	bad.Preemptions, bad.Cell = 0, matrix.Find("R8 post from outside/asyncio 2018")
	na := &matrix.Result{Cell: matrix.Find("R8 post from outside/loop"), Verdict: matrix.NA}
	printReport(&out, []*matrix.Result{good, na}, onlyWrong, false)
	if s := out.String(); !strings.Contains(s, "2 cells: 0 clean, 1 broken, 0 lossy, 1 not applicable; 1 not as the catalogue states\n") ||
		strings.Contains(s, "lc1.x.y") {
		t.Errorf("%s", s)
	}
	out.Reset()
	printReport(&out, []*matrix.Result{good}, onlyWrong, false)
	for _, want := range []string{
		"1 cell: 0 clean, 1 broken", "each as the catalogue states",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	out.Reset()
	printReport(&out, []*matrix.Result{good, bad}, traces, false)
	for _, want := range []string{
		"C1", "C0!", "broken: after close, shown with 1 preemption, and up to 1 lost quietly in a schedule; 12 schedules, 345 steps; at random in schedule 4.2, the mean of 19 seeds of 20",
		"  run: a thread posts while the loop is closed; on check, then post, as anyio and janus\n", "  expected: broken: after close, with 1 preemption; and loses quietly, since W2: ",
		"  this is not what the catalogue states: with no preemption where 1 was expected",
		"Assertion, minimised to 1 preemption: after close: a closed loop's queue holds 1",
		"Replay:\n\tgo run github.com/lastcall-go/lastcall/cmd/lastcall replay lc1.x.y\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestJSON(t *testing.T) {
	j := jsonOf(brokenResult())
	if j.Scenario != "R8 post from outside" || j.Implementation != "check then post" || j.Verdict != matrix.Broken || j.Expected != matrix.Broken ||
		!j.AsExpected || j.Oracle != matrix.AfterClose || j.Kind != sim.Assertion || j.Token != "lc1.x.y" || j.Preemptions != 1 ||
		j.RandomMean != 4.25 || j.RandomSeeds != 20 || j.RandomFound != 19 || j.Schedules != 12 || j.Steps != 345 || !j.Complete || j.Lost != 1 || j.Why == "" {
		t.Errorf("%+v", j)
	}
}

// TestShown: what is printed below the matrix, by flags.
func TestShown(t *testing.T) {
	for _, tt := range []struct {
		args string
		want shown
	}{
		{"", onlyWrong}, {"-run R6", table}, {"-run R6 -v", traces}, {"-v", traces},
	} {
		f, _, ok := parseRun(strings.Fields(tt.args), os.Stderr)
		if !ok || f.shown() != tt.want {
			t.Errorf("%q: %v", tt.args, f)
		}
	}
}

// TestRunUsage: wrong usage is told apart, and what is set elsewhere is not taken for the catalogue's.
func TestRunUsage(t *testing.T) {
	for _, tt := range []struct {
		args, env, want string
	}{
		{"-run (", "", "-run: error parsing regexp"},
		{"R6", "", "unexpected argument \"R6\"; cells are picked with -run"},
		{"-schedules -1", "", "-schedules -1: want at least 1"},
		{"", "SIM_STRATEGY", "SIM_STRATEGY is set"},
		{"", "SIM_REPLAY", "SIM_REPLAY is set"},
	} {
		if tt.env != "" {
			t.Setenv(tt.env, "x")
		}
		var stderr strings.Builder
		if _, status, ok := parseRun(strings.Fields(tt.args), &stderr); ok || status != exitUsage || !strings.Contains(stderr.String(), tt.want) {
			t.Errorf("%q: status %d, %q", tt.args, status, stderr.String())
		}
		if tt.env != "" {
			os.Unsetenv(tt.env)
		}
	}
}
