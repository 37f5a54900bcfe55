package report

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Summary is a report in a few lines: what was run, what came of it and what is left.
func (r *Report) Summary() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.Name, r.verdict())
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(what, format string, args ...any) {
		fmt.Fprintf(w, "  %s\t%s\n", what, fmt.Sprintf(format, args...))
	}
	shard := ""
	if r.Shards > 1 {
		shard = fmt.Sprintf(", shard %d of %d", r.Shard, r.Shards)
	}
	line("run", "strategy %s, seed %d%s", r.Strategy, r.Seed, shard)
	line("schedules", "%d (%s), %d steps, in %s", r.Schedules, r.distinct(), r.Steps, r.Elapsed.Round(time.Millisecond))
	if r.Passed > 0 {
		line("besides", "%d begun and left, as another shard's or the like of others", r.Passed)
	}
	if r.Failing > 0 {
		line("failed", "%d of them", r.Failing)
	}
	line("left", "%s", r.left())
	for _, c := range r.Sometimes {
		if !c.Held {
			line("never held", "Sometimes(%q)", c.Name)
		}
	}
	w.Flush()
	return b.String()
}

// verdict is how an exploration ended, in a word for each kind of failure.
func (r *Report) verdict() string {
	if len(r.Failures) == 0 {
		return "no schedule failed"
	}
	var kinds []string
	for _, f := range r.Failures {
		if !slices.Contains(kinds, f.Kind) {
			kinds = append(kinds, f.Kind)
		}
	}
	return strings.Join(kinds, ", ")
}

// distinct is how many classes of schedules were met.
func (r *Report) distinct() string {
	about := ""
	if !r.Exact {
		about = "about "
	}
	return fmt.Sprintf("%s%d distinct", about, r.Distinct)
}

// left is what the exploration has not run.
func (r *Report) left() string {
	switch {
	case r.Complete && r.Bounded:
		return "nothing within the bounds"
	case r.Complete:
		return "nothing"
	case r.Stopped != "":
		return "more: it was stopped (" + r.Stopped + ")"
	case len(r.Failures) > 0:
		return "more: not all was run"
	case r.Gaps != "":
		return "nothing to run, but the search is not complete: " + r.Gaps
	}
	return "more: as many as were asked for have been run, and they are not all"
}
