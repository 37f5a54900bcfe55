package matrix

import (
	"fmt"
	"slices"
)

// severity orders verdicts: a cell is as bad as the worst of its row's programs.
var severity = map[Verdict]int{NA: 0, Clean: 1, Lossy: 2, Broken: 3}

// add takes up the result of another program of the row.
func (r *Result) add(p *Result) {
	switch {
	case severity[p.Verdict] > severity[r.Verdict] || p.Verdict == r.Verdict && p.Preemptions < r.Preemptions:
		r.Verdict, r.Preemptions = p.Verdict, p.Preemptions
		r.Oracles, r.Failures, r.Random = p.Oracles, p.Failures, p.Random
	case p.Verdict == Broken && r.Verdict == Broken && p.Preemptions == r.Preemptions:
		for _, o := range p.Oracles {
			if !slices.Contains(r.Oracles, o) {
				r.Oracles = append(r.Oracles, o)
			}
		}
		slices.Sort(r.Oracles)
		r.Failures = append(r.Failures, p.Failures...)
	case r.Random.Seeds == 0:
		r.Random = p.Random
	}
	r.Lost = max(r.Lost, p.Lost)
	r.LostIn += p.LostIn
	r.Schedules += p.Schedules
	r.Steps += p.Steps
	r.Complete = r.Complete && p.Complete
	if p.Bound >= 0 && (r.Bound < 0 || p.Bound < r.Bound) {
		r.Bound = p.Bound
	}
}

// AsExpected reports whether the catalogue says so.
func (r *Result) AsExpected() bool { return r.Difference() == "" }

// Difference says how the result is not what the catalogue states, or "".
func (r *Result) Difference() string {
	e := r.Cell.Expected
	switch {
	case r.Verdict != e.Verdict:
		return fmt.Sprintf("%s where %s was expected", r.Verdict, e.Verdict)
	case !r.enough():
		return "not explored to the end: " + r.Within()
	case r.Verdict == Broken && !slices.Equal(r.Oracles, e.Oracles):
		return fmt.Sprintf("%s where %s was expected", joinOracles(r.Oracles), joinOracles(e.Oracles))
	case (r.Lost > 0) != e.Loses:
		return fmt.Sprintf("%d lost at most, where the catalogue says %s", r.Lost, map[bool]string{true: "some", false: "none"}[e.Loses])
	case r.Preemptions != e.Preemptions:
		return fmt.Sprintf("with %s where %d was expected", CountOf(r.Preemptions, "preemption"), e.Preemptions)
	}
	return ""
}

// enough reports whether a verdict that nothing fails rests on a search that was as complete as stated.
func (r *Result) enough() bool {
	bound := r.Cell.Expected.Bound
	if bound == 0 {
		bound = preemptionsMax
	}
	return r.Verdict == Broken || r.Verdict == NA || r.Complete && (r.Bound < 0 || r.Bound >= bound)
}

// Within says within what bounds the search was complete.
func (r *Result) Within() string {
	if !r.Complete {
		return "no complete search"
	}
	if r.Bound < 0 {
		return "every class of equivalent schedules"
	}
	return "every schedule with at most " + CountOf(r.Bound, "preemption")
}

// Summary says what was found, in a line.
func (r *Result) Summary() string {
	switch r.Verdict {
	case Broken:
		s := fmt.Sprintf("broken: %s, shown with %s", joinOracles(r.Oracles), CountOf(r.Preemptions, "preemption"))
		if r.Lost > 0 {
			s += fmt.Sprintf(", and up to %d lost quietly in a schedule", r.Lost)
		}
		return s
	case Lossy:
		return fmt.Sprintf("lossy: up to %d lost in a schedule, in %s, the first with %s; nothing else fails in %s",
			r.Lost, CountOf(r.LostIn, "schedule"), CountOf(r.Preemptions, "preemption"), r.Within())
	}
	if !r.Complete {
		return fmt.Sprintf("%s in what was run, which is not all there is", r.Verdict)
	}
	return fmt.Sprintf("%s in %s", r.Verdict, r.Within())
}
