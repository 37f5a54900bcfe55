package scheduler

import "fmt"

// A Divergence is the first point at which a run did not go as the one that it follows:
// the program did something else although it was scheduled alike.
type Divergence struct {
	Decision int       // the 1-based number of the decision
	Step     int       // operations carried out before it
	How      Departure // what differs
	Op       Op        // what the run was about to carry out; its Kind is None where it had ended
	Want     int       // decisions in the recording, where the lengths differ
}

// A Departure is what differs at a [Divergence].
type Departure uint8

const (
	OtherOp      Departure = iota + 1 // the operation chosen is not the recorded one
	OtherSet                          // it is, but what else could go on is not
	OtherChoices                      // what can go on is not what could in an earlier schedule that began alike
	TooFew                            // fewer operations can go on than the recording chose from
	TooShort                          // the run ended before the recording
	TooLong                           // the recording ended before the run
)

const nondeterminism = "the program does something that the schedule does not determine (real I/O, map order, time, shared state from an earlier run), or it has changed"

func (d *Divergence) Error() string {
	at := fmt.Sprintf("decision %d (step %d): ", d.Decision, d.Step)
	switch d.How {
	case OtherOp:
		return at + fmt.Sprintf("the operation chosen differs: now it is %s; %s", describe(&d.Op), nondeterminism)
	case OtherSet:
		return at + fmt.Sprintf("the operation chosen is the recorded one (%s), but which others can go on differs; %s", describe(&d.Op), nondeterminism)
	case OtherChoices:
		return at + fmt.Sprintf("an earlier schedule went the same way up to here, and now other operations can go on, such as %s; %s", describe(&d.Op), nondeterminism)
	case TooFew:
		return at + fmt.Sprintf("fewer operations can go on than when it was recorded, the next in turn is %s; %s", describe(&d.Op), nondeterminism)
	case TooShort:
		return at + fmt.Sprintf("the run ended here, and the recording goes on to decision %d; %s", d.Want, nondeterminism)
	case TooLong:
		return at + fmt.Sprintf("the recording ended after decision %d, and the run goes on; %s", d.Want, nondeterminism)
	}
	panic("lastcall: internal bug: divergence without a cause")
}

func describe(op *Op) string {
	if op.G == Clock {
		return "a move of the clock"
	}
	return fmt.Sprintf("%s, operation %d of goroutine %d", op.Kind, op.N+1, op.G)
}
