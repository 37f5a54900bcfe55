package sim

import (
	"fmt"
	"slices"

	"github.com/lastcall-go/lastcall/scheduler"
)

// An Explanation says what decides a failure, as far as replays of other schedules have established it. It is the same each
// time: what is tried hangs on the minimised schedule alone.
type Explanation struct {
	// Before and After are the decisive pair, nil where none was found: two operations of different goroutines. In the schedule that has
	// them the other way round, and the rest as far as it can in the same order, the failure does not come about.
	Before, After *Operation
	Otherwise     Kind // how that schedule ends: "" if it passes
	Reversed      int  // how many pairs were tried
	AllReversed   bool // every pair that can come the other way round

	// Late is the number of the earliest step of the trace after which nothing helps: every schedule that goes on from there with at most
	// Preemptions preemptions was run, and fails. 0 means that all schedules do, from the start on.
	Late        int
	Preemptions int
	Tried       int  // how many those are; 0 means that nothing is known of them
	Escapes     bool // one that leaves just before that step passes; if not, the replays did not suffice to look further back
}

// An Operation is one of a trace.
type Operation struct {
	Step int    `json:"step"`      // its number in the trace; 0 for one that the run did not come to
	G    int    `json:"goroutine"` // -1 for the clock
	Op   string `json:"op"`
	At   string `json:"at"` // file:line
}

// explained adds to a failure what decides it. The last run is the failure's.
func (x *explorer) explained(f *Failure, s *scheduler.Schedule) {
	if x.slow || x.astray || f.Kind == Divergence || f.Kind == StepLimit || len(f.Trace.Steps) == 0 {
		return
	}
	all := operations(f.Trace)
	events := slices.Clone(x.result.Trace)
	e := scheduler.Explain(x.try, s, events, x.failsAs(string(f.Kind)+"\n"+f.Place), explainReplays(x.result.Steps))
	f.Why.Reversed, f.Why.AllReversed = e.Reversed, e.AllReversed
	if e.First >= 0 {
		f.Why.Before, f.Why.Otherwise = all[e.First], Kind(e.Otherwise)
		if e.Second < len(all) {
			f.Why.After = all[e.Second]
		} else {
			f.Why.After = &Operation{G: int(e.Pending.G), Op: describeOp(&e.Pending), At: position(scheduler.Frame([]uintptr{e.Pending.PC}, x.programs))}
		}
	}
	if e.Tried > 0 {
		f.Why.Late, f.Why.Preemptions, f.Why.Tried, f.Why.Escapes = e.From+1, e.Preemptions, e.Tried, e.Escapes
	}
}

// explainReplays is how many replays a schedule of so many steps is worth: what takes a second is not to take minutes.
func explainReplays(steps int) int {
	return min(scheduler.ExplainReplays, max(20, 1_000_000/max(1, steps)))
}

// operations are those of a trace, without what was logged.
func operations(t Trace) []*Operation {
	var all []*Operation
	for i := range t.Steps {
		if s := &t.Steps[i]; s.Op != "" {
			all = append(all, &Operation{Step: len(all) + 1, G: s.G, Op: s.Op, At: s.At})
		}
	}
	return all
}

// String says it in a line or two, each with its end of line; "" where nothing is known.
func (e Explanation) String() string {
	return e.pair() + e.late()
}

func (e Explanation) pair() string {
	if e.Before == nil {
		if e.AllReversed && e.Reversed == 1 {
			return "No two of these operations decide: the one pair that can come the other way round does, and it fails as well.\n"
		}
		if e.AllReversed && e.Reversed > 0 {
			return fmt.Sprintf("No two of these operations decide: it fails as well when any of the %d pairs that can comes the other way round.\n", e.Reversed)
		}
		return ""
	}
	otherwise := "this schedule passes"
	if e.Otherwise != "" {
		otherwise = fmt.Sprintf("it ends in another failure (%s)", e.Otherwise)
	}
	return fmt.Sprintf("Decisive: %s comes before %s. The other way round %s.\n", e.Before, e.After, otherwise)
}

func (e Explanation) late() string {
	all := fmt.Sprintf("all %d schedules that go on from there, with at most %d more preemption, fail", e.Tried, e.Preemptions)
	switch {
	case e.Tried == 0:
		return ""
	case e.Late == 0 && e.Tried == 1:
		return fmt.Sprintf("Every schedule fails: there is one with at most %d preemption, and it was run.\n", e.Preemptions)
	case e.Late == 0:
		return fmt.Sprintf("Every schedule fails: all %d with at most %d preemption were run.\n", e.Tried, e.Preemptions)
	case e.Tried == 1 && e.Escapes:
		return "Until the last step there is a way out.\n"
	case e.Escapes:
		return fmt.Sprintf("Too late from step %d on: %s; one that leaves before it passes.\n", e.Late, all)
	case e.Tried > 1:
		return fmt.Sprintf("Too late from step %d on, or sooner: %s; those before it are too many to try.\n", e.Late, all)
	}
	return ""
}

// String is an operation as a sentence names it.
func (o *Operation) String() string {
	at := ""
	if o.At != "" {
		at = ", " + o.At
	}
	if o.Step == 0 {
		return fmt.Sprintf("%s (of %s, still to come%s)", o.Op, goroutineName(o.G), at)
	}
	return fmt.Sprintf("%s (step %d%s)", o.Op, o.Step, at)
}

func goroutineName(g int) string {
	switch {
	case g < 0:
		return "the clock"
	case g == 0:
		return "main"
	}
	return fmt.Sprintf("goroutine %d", g)
}
