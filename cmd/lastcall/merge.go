package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/lastcall-go/lastcall/internal/report"
	"github.com/lastcall-go/lastcall/scenarios/matrix"
)

const mergeUsage = `usage: lastcall merge [-json] FILE...

Adds up the reports that shards of explorations wrote (SIM_REPORT=DIRECTORY, SIM_SHARD=i/n). A directory stands for the reports below it.
Prints a line for each exploration, and for each way in which one failed the interleaving and the line that replays it.
Exit status: 0 if nothing failed and no shard is missing, 1 otherwise, 2 for wrong usage and for reports that do not belong together.

`

func mergeCommand(args []string) int { return merge(args, os.Stdout, os.Stderr) }

func merge(args []string, out, stderr io.Writer) int {
	flags := newFlagSet("merge", mergeUsage, stderr)
	asJSON := flags.Bool("json", false, "print one JSON object a line for each exploration, and nothing else")
	if status, ok := parseFlags(flags, args); !ok {
		return status
	}
	if flags.NArg() == 0 {
		fmt.Fprint(stderr, mergeUsage)
		return exitUsage
	}
	parts, err := report.Read(flags.Args())
	var sums []*report.Sum
	if err == nil {
		sums, err = report.Merge(parts)
	}
	if err != nil {
		fmt.Fprintln(stderr, "lastcall merge:", err)
		return exitUsage
	}
	status := exitOK
	for _, s := range sums {
		if !s.OK() {
			status = exitFound
		}
		if *asJSON {
			json.NewEncoder(out).Encode(s)
		} else {
			fmt.Fprintln(out, s)
		}
	}
	if !*asJSON {
		for _, s := range sums {
			printFailures(out, &s.Report)
		}
	}
	return status
}

func printFailures(out io.Writer, r *report.Report) {
	for i := range r.Failures {
		f := &r.Failures[i]
		if f.Token == "" {
			fmt.Fprintf(out, "\n%s: %s: %s\n", r.Name, f.Kind, f.Message)
			continue
		}
		fmt.Fprintf(out, "\n%s: %s in schedule %d%s, minimised to %s: %s\n\n%s\n%sReplay:\n\t%s\n",
			r.Name, f.Kind, f.Schedule, ofShards(r, f), matrix.CountOf(f.Preemptions, "preemption"), f.Message, f.Trace, paragraph(f.Why), replayLine(r, f))
	}
}

// replayLine is the line to paste: the catalogue's cells are replayed by this command, what else there is by its test.
func replayLine(r *report.Report, f *report.Failure) string {
	if matrix.Find(r.Name) != nil {
		return self + " replay " + f.Token
	}
	return f.Replay
}

// ofShards says which shards found a failure, where several reports were added up.
func ofShards(r *report.Report, f *report.Failure) string {
	if r.Shards == 1 || len(f.Shards) == 0 {
		return ""
	}
	what := "shard"
	if len(f.Shards) > 1 {
		what = "shards"
	}
	return fmt.Sprintf(" (%s %s)", what, strings.Trim(strings.ReplaceAll(fmt.Sprint(f.Shards), " ", ", "), "[]"))
}
