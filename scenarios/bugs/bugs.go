// Package bugs holds real bugs of shutting down, each as a broken twin and a mended twin in plain Go, small enough to be read at a sitting.
//
// A twin is not the code of the project that it is named after; it has that bug's mechanism and nothing else. Where the mending is known the
// mended twin has it, and where it is not, one that is known to do.
//
// The tests hold the broken twin to being found, as the kind of failure that is written down, within 200 schedules of the default strategy,
// whatever the seed, and the mended one to being clean: under 20,000 schedules of that strategy, and under every interleaving.
package bugs

import (
	"slices"

	"github.com/lastcall-go/lastcall/sim"
)

// A Bug is one of them.
type Bug struct {
	Name   string // the project and the number of the issue, or the idiom
	Family string
	Source string // where it was reported, and mended
	What   string // the mechanism
	Mend   string // what mends it
	Kind   sim.Kind
	Broken func(t *sim.T)
	Mended func(t *sim.T)
	Polls  bool // the mended twin polls, so that it has schedules without end
}

// The families.
const (
	PostToClosed = "post to closed"
	LostWakeUp   = "lost wake-up"
	LostResult   = "lost result"
	DoubleClose  = "double close"
	LockHeld     = "close deadlock: lock held"
	JoinInside   = "close deadlock: join from inside"
	LeakOnCancel = "leak on cancel"
	NeverEnds    = "shutdown that never ends"
	Reentry      = "refused re-entry that corrupts"
	RunsOn       = "runs on after close"
)

// All returns the bugs, by family.
func All() []Bug {
	return slices.Concat(postBugs, wakeUpBugs, resultBugs, doubleBugs, lockBugs, joinBugs, leakBugs, endlessBugs, reentryBugs, runsOnBugs)
}
