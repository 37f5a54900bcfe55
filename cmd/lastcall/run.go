package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/internal/toolchain"
	"github.com/lastcall-go/lastcall/scenarios/matrix"
)

const runUsage = `usage: lastcall run [flags]

Explores the catalogue of shutdown protocols and prints a verdict for each cell of the matrix. Below it come the question that
started it, in three forms, and whatever is not as stated, each with the shortest failing interleaving and the line that
replays it. With -run it is the cells picked that are listed below, with -v their interleavings as well.
Exit status: 0 if every verdict is the one that the catalogue states, 1 if one is not, 2 for wrong usage, 130 if it was
interrupted.

`

// runFlags are what the command line says.
type runFlags struct {
	cells    *regexp.Regexp
	picked   bool // by -run
	json     bool
	verbose  bool
	expected bool
	options  matrix.Options
}

func runCommand(args []string) int {
	f, status, ok := parseRun(args, os.Stderr)
	if !ok {
		return status
	}
	cells := matching(f.cells)
	if len(cells) == 0 {
		fmt.Fprintf(os.Stderr, "lastcall run: -run %s matches no cell. Cells are called row/column; the rows are\n\t%s\nand the columns\n\t%s\n",
			f.cells, strings.Join(matrix.Rows(), "\n\t"), strings.Join(matrix.Columns(), "\n\t"))
		return exitUsage
	}
	if f.expected {
		printStated(os.Stdout, cells, coloured(os.Stdout))
		if f.verbose {
			printReasons(os.Stdout, cells)
		}
		return exitOK
	}
	if !kernel.Enabled {
		fmt.Fprintln(os.Stderr, toolchain.ReexecCommand())
		return exitFound
	}
	return explore(cells, f, os.Stdout, newProgress(os.Stderr, isTerminal(os.Stderr)))
}

// parseRun parses the command line. Where the command is to end at once it says with which status.
func parseRun(args []string, stderr io.Writer) (f *runFlags, status int, ok bool) {
	f = new(runFlags)
	flags := newFlagSet("run", runUsage, stderr)
	pattern := flags.String("run", "", "only the cells whose row/column the `regexp` matches, such as 'R6|R13', 'asyncio' or 'R6.*/loop'")
	flags.BoolVar(&f.json, "json", false, "print one JSON object a line for each cell, and nothing else")
	flags.BoolVar(&f.verbose, "v", false, "print the failing interleavings of all cells, and why each verdict is expected")
	flags.BoolVar(&f.expected, "expected", false, "print the verdicts that the catalogue states, and run nothing")
	flags.IntVar(&f.options.Schedules, "schedules", 0, "schedules at most of each search (default as the catalogue says)")
	flags.Uint64Var(&f.options.Seed, "seed", 0, "seed of the random schedules (default 1)")
	if status, ok := parseFlags(flags, args); !ok {
		return nil, status, false
	}
	if err := f.check(flags, *pattern); err != nil {
		fmt.Fprintln(stderr, "lastcall run:", err)
		return nil, exitUsage, false
	}
	return f, exitOK, true
}

func (f *runFlags) check(flags *flag.FlagSet, pattern string) (err error) {
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; cells are picked with -run", flags.Arg(0))
	}
	if f.options.Schedules < 0 {
		return fmt.Errorf("-schedules %d: want at least 1", f.options.Schedules)
	}
	for _, v := range os.Environ() {
		if name, value, _ := strings.Cut(v, "="); strings.HasPrefix(name, "SIM_") && value != "" {
			return fmt.Errorf("%s is set: the catalogue says how its cells are explored, so unset it (there are -schedules and -seed, and lastcall replay TOKEN)", name)
		}
	}
	f.picked = pattern != ""
	if f.cells, err = regexp.Compile(pattern); err != nil {
		return fmt.Errorf("-run: %w", err)
	}
	return nil
}

// newFlagSet returns the flags of a command, which tell how it is used.
func newFlagSet(name, usage string, stderr io.Writer) *flag.FlagSet {
	flags := flag.NewFlagSet("lastcall "+name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	return flags
}

// parseFlags parses flags. Where the command is to end, it says with which status.
func parseFlags(flags *flag.FlagSet, args []string) (status int, ok bool) {
	switch err := flags.Parse(args); err {
	case nil:
		return exitOK, true
	case flag.ErrHelp:
		return exitOK, false
	default:
		return exitUsage, false
	}
}

func matching(r *regexp.Regexp) []*matrix.Cell {
	var cells []*matrix.Cell
	for _, c := range matrix.Cells() {
		if r.MatchString(c.Name()) {
			cells = append(cells, c)
		}
	}
	return cells
}

// explore explores the cells one after the other and prints what came of them.
func explore(cells []*matrix.Cell, f *runFlags, out io.Writer, p *progress) int {
	var results []*matrix.Result
	colours := out == os.Stdout && coloured(os.Stdout)
	defer onInterrupt(func() {
		if !f.json {
			printReport(out, results, f.shown(), colours)
		}
		p.interrupted(len(results), len(cells))
	})()
	status := exitOK
	for i, c := range cells {
		p.begin(c.Name(), i+1, len(cells))
		f.options.Watch = p.schedule
		r, err := c.Run(f.options)
		p.end()
		if errors.Is(err, matrix.ErrInterrupted) {
			if !f.json {
				printReport(out, results, f.shown(), colours)
			}
			p.interrupted(len(results), len(cells))
			return exitInterrupted
		}
		if err != nil {
			fmt.Fprintln(p.out, err)
			return exitFound
		}
		if !r.AsExpected() {
			status = exitFound
		}
		unlessInterrupted(func() {
			results = append(results, r)
			if f.json {
				json.NewEncoder(out).Encode(jsonOf(r))
			}
		})
	}
	unlessInterrupted(func() {
		if !f.json {
			printReport(out, results, f.shown(), colours)
		}
	})
	return status
}

// shown says how much is printed below the matrix.
func (f *runFlags) shown() shown {
	switch {
	case f.verbose:
		return traces
	case f.picked:
		return table
	}
	return onlyWrong
}

// printStated prints the matrix as the catalogue states it.
func printStated(out io.Writer, cells []*matrix.Cell, colours bool) {
	var squares []square
	for _, c := range cells {
		if c.InMatrix() {
			squares = append(squares, statedOf(c))
		}
	}
	drawTable(out, squares, colours)
	fmt.Fprintln(out)
	drawLegend(out, squares)
}

// printReasons says why each verdict is expected, row by row; cells of a row that share a verdict and its reason share a line.
func printReasons(out io.Writer, cells []*matrix.Cell) {
	row := ""
	for i, c := range cells {
		if !c.InMatrix() {
			continue
		}
		if c.Scenario != row {
			row = c.Scenario
			fmt.Fprintf(out, "\n### %s\n\n%s.\n\n", row, c.What)
		}
		like := func(d *matrix.Cell) bool { return d.Scenario == row && d.Expected.Same(c.Expected) }
		if slices.ContainsFunc(cells[:i], like) {
			continue
		}
		var names []string
		for _, d := range cells[i:] {
			if like(d) {
				names = append(names, d.Implementation)
			}
		}
		fmt.Fprintf(out, "- **%s**: %v, since %s.\n", strings.Join(names, ", "), c.Expected, c.Expected.Why)
	}
}
