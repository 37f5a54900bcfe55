package matrix

import (
	"strings"

	"github.com/lastcall-go/lastcall/sim"
)

// An Oracle is what must hold whatever the row and whatever the column. A broken cell says which one failed.
type Oracle string

// The oracles.
const (
	// AfterClose: once close has returned no callback runs, no post is accepted, and nothing sits in the queue.
	AfterClose Oracle = "after close"

	// Lost: what was accepted runs, or its owner is told that it will not: by an error, by a future that ends, by what close says.
	// Where this alone fails the cell is lossy.
	Lost Oracle = "lost"

	// Once: each job ends exactly once, and one that was cancelled before it began does not begin.
	Once Oracle = "once"

	// Waits: nobody waits for ever.
	Waits Oracle = "waits for ever"

	// Running: nothing is left running.
	Running Oracle = "left running"

	// Uncaught: nothing panics, and no error is raised where nobody catches it.
	Uncaught Oracle = "uncaught"

	// Race: no data race. It takes a binary that was built with -race to find one.
	Race Oracle = "data race"

	// NoVerdict is for failures that are none of the program's: the schedule led elsewhere.
	NoVerdict Oracle = "no verdict"
)

// Oracles returns them all, with what they say in a line.
func Oracles() []struct {
	Oracle Oracle
	Says   string
} {
	return []struct {
		Oracle Oracle
		Says   string
	}{
		{AfterClose, "once close has returned no callback runs, no post is accepted, and nothing sits in the queue"},
		{Lost, "what was accepted runs, or its owner is told that it will not"},
		{Once, "each job ends exactly once, and one that was cancelled before it began does not begin"},
		{Waits, "nobody waits for ever"},
		{Running, "nothing is left running"},
		{Uncaught, "nothing panics, and no error is raised where nobody catches it"},
		{Race, "no data race (found in a binary built with -race)"},
	}
}

// oracleOf says which oracle a failure is of. What the ledger reports begins with its name.
func oracleOf(f *sim.Failure) Oracle {
	switch f.Kind {
	case sim.Assertion:
		for _, o := range Oracles() {
			if strings.HasPrefix(f.Message, string(o.Oracle)+": ") {
				return o.Oracle
			}
		}
		return Uncaught // the program's own thread got an error that it does not expect
	case sim.Panic, sim.Fatal, sim.Exit:
		return Uncaught
	case sim.Deadlock, sim.StepLimit, sim.Spin:
		return Waits
	case sim.Leak:
		return Running
	case sim.DataRace:
		return Race
	}
	return NoVerdict
}
