package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/lastcall-go/lastcall/internal/report"
)

const reportUsage = `usage: lastcall report [-json] FILE...

Prints saved reports (SIM_REPORT=DIRECTORY), each by itself: what was run, what came of it, what is left, and for each way in which it
failed the interleaving and the line that replays it. A directory stands for the reports below it. Those of shards are added up by lastcall merge.
Exit status: 0 if nothing failed, 1 otherwise, 2 for wrong usage and for files that are no reports.

`

func reportCommand(args []string) int { return printSaved(args, os.Stdout, os.Stderr) }

func printSaved(args []string, out, stderr io.Writer) int {
	flags := newFlagSet("report", reportUsage, stderr)
	asJSON := flags.Bool("json", false, "print one JSON object a line for each report, without the hashes of classes, and nothing else")
	if status, ok := parseFlags(flags, args); !ok {
		return status
	}
	if flags.NArg() == 0 {
		fmt.Fprint(stderr, reportUsage)
		return exitUsage
	}
	reports, err := report.Read(flags.Args())
	if err != nil {
		fmt.Fprintln(stderr, "lastcall report:", err)
		return exitUsage
	}
	status := exitOK
	for i, r := range reports {
		if len(r.Failures) > 0 {
			status = exitFound
		}
		if *asJSON {
			json.NewEncoder(out).Encode(withoutClasses{Report: r})
			continue
		}
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprint(out, r.Summary())
		printFailures(out, r)
	}
	return status
}

// withoutClasses is a report without the hashes that only an addition needs.
type withoutClasses struct {
	*report.Report
	Classes *struct{} `json:"classes,omitempty"` // in the place of the report's
}
