package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/internal/toolchain"
	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/sim"
)

const runUsage = `usage: lastcall run [flags]

Explores the catalogue of shutdown protocols, prints a verdict for each cell, and for each broken one the shortest failing
interleaving and the line that replays it. Exit status 1 if a verdict is not the one that the catalogue states.

`

// cell is what -json prints of one, a line each.
type cell struct {
	Scenario       string `json:"scenario"`
	Implementation string `json:"implementation"`
	Schedules      int    `json:"schedules"`
	Steps          int64  `json:"steps"`
	Complete       bool   `json:"complete"`
	Verdict        string `json:"verdict"`
	Expected       string `json:"expected"`
	Kind           string `json:"kind"`
	Token          string `json:"token"`
	Preemptions    int    `json:"preemptions"`
}

// runCommand explores the catalogue.
func runCommand(args []string) int {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), runUsage)
		flags.PrintDefaults()
	}
	pattern := flags.String("run", "", "only the cells whose scenario/implementation the `regexp` matches")
	asJSON := flags.Bool("json", false, "print one JSON object a line for each cell")
	schedules := flags.Int("schedules", 0, "schedules at most for each cell (0: as the catalogue says)")
	seed := flags.Uint64("seed", 0, "seed of the strategies (0: 1)")
	if status, ok := parse(flags, args); !ok {
		return status
	}
	match, err := regexp.Compile(*pattern)
	if err != nil || flags.NArg() > 0 || *schedules < 0 {
		fmt.Fprintln(os.Stderr, "lastcall run:", wrong(err, flags.Args()))
		return exitUsage
	}
	if !kernel.Enabled {
		fmt.Fprintln(os.Stderr, toolchain.ReexecCommand())
		return exitFound
	}
	return explore(os.Stdout, os.Stderr, match, *asJSON, sim.Config{Schedules: *schedules, Seed: *seed})
}

// parse parses flags. Where the command is to end, it says with which status.
func parse(flags *flag.FlagSet, args []string) (status int, goOn bool) {
	switch err := flags.Parse(args); err {
	case nil:
		return 0, true
	case flag.ErrHelp:
		return exitOK, false
	default:
		return exitUsage, false
	}
}

func wrong(err error, args []string) string {
	switch {
	case err != nil:
		return err.Error()
	case len(args) > 0:
		return fmt.Sprintf("it takes no argument %q; cells are picked with -run", args[0])
	}
	return "-schedules must not be negative"
}

func explore(out, notes io.Writer, match *regexp.Regexp, asJSON bool, c sim.Config) int {
	var results []*scenarios.Result
	status := exitOK
	show := isTerminal(os.Stderr)
	for _, x := range scenarios.Cells() {
		if !match.MatchString(x.Name()) {
			continue
		}
		if show {
			fmt.Fprintf(notes, "\r\033[Kexploring %s ...", x.Name())
		}
		r, err := x.Run(c)
		if show {
			fmt.Fprint(notes, "\r\033[K")
		}
		if err != nil {
			fmt.Fprintln(notes, err)
			return exitFound
		}
		if !r.AsExpected() {
			status = exitFound
		}
		if asJSON {
			json.NewEncoder(out).Encode(cellOf(r))
		}
		results = append(results, r)
	}
	if len(results) == 0 {
		fmt.Fprintf(notes, "lastcall run: no cell matches %s\n", match)
		return exitUsage
	}
	if !asJSON {
		printTable(out, results)
		printFailures(out, results)
	}
	return status
}

func cellOf(r *scenarios.Result) cell {
	c := cell{
		Scenario: r.Cell.Scenario, Implementation: r.Cell.Implementation, Schedules: r.Report.Schedules, Steps: r.Report.Steps,
		Complete: r.Report.Complete, Verdict: string(r.Verdict), Expected: string(r.Cell.Expected),
	}
	if !r.Report.OK() {
		f := r.Report.Failures[0]
		c.Kind, c.Token, c.Preemptions = string(f.Kind), f.Token, f.Preemptions
	}
	return c
}

func printTable(out io.Writer, results []*scenarios.Result) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SCENARIO\tIMPLEMENTATION\tWHAT WAS RUN\tSCHEDULES\tSTEPS\tVERDICT\tEXPECTED")
	for _, r := range results {
		mark := ""
		if !r.AsExpected() {
			mark = "  <-- not as expected"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%s%s\n", r.Cell.Scenario, r.Cell.Implementation, r.Cell.What,
			schedulesOf(r.Report), r.Report.Steps, verdictOf(r), expectedOf(r.Cell), mark)
	}
	w.Flush()
}

func schedulesOf(r *sim.Report) string {
	switch {
	case r.Complete && r.Bounded:
		return fmt.Sprintf("%d, all within the bound", r.Schedules)
	case r.Complete:
		return fmt.Sprintf("%d, all", r.Schedules)
	}
	return fmt.Sprint(r.Schedules)
}

func verdictOf(r *scenarios.Result) string {
	if r.Report.OK() {
		return string(r.Verdict)
	}
	return fmt.Sprintf("%s (%s)", r.Verdict, r.Report.Failures[0].Kind)
}

func expectedOf(c *scenarios.Cell) string {
	if c.Expected == scenarios.Broken {
		return fmt.Sprintf("%s (%s)", c.Expected, c.Kind)
	}
	return string(c.Expected)
}

// printFailures shows the shortest failing interleaving of each broken cell.
func printFailures(out io.Writer, results []*scenarios.Result) {
	for _, r := range results {
		for _, f := range r.Report.Failures {
			fmt.Fprintf(out, "\n%s: %s in schedule %d, shown with %d preemptions: %s\n%s: %s\n\n%s\nReplay:\n\tgo run github.com/lastcall-go/lastcall/cmd/lastcall replay %s\n",
				r.Cell.Name(), f.Kind, f.Schedule, f.Preemptions, f.Message, "Source", r.Cell.Source, f.Trace, f.Token)
		}
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && !strings.EqualFold(os.Getenv("TERM"), "dumb")
}
