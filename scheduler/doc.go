// Package scheduler chooses who goes next.
//
// A program under control stops before each synchronisation operation. Where more than one operation could be carried out next,
// a [Run] is asked to pick one: that is the only thing that is ever decided, be it which goroutine goes on, which ready
// case a select takes, whom Signal wakes, which of several timers due at one instant fires first, or whether the clock
// moves on although something could still run. Exploration, replay, shrinking and fuzzing are all a [Strategy] over
// that one sequence of decisions.
//
// # Decisions
//
// A [Decision] lists what can be carried out, in a fixed order: goroutines as they are numbered, a goroutine's
// alternatives side by side, then the clock. A step without an alternative is no decision; strategies learn of it through
// Since. A run that follows an earlier one and finds that the program goes another way returns [Stop], and as a [Diverger] says where.
//
// # Strategies
//
//   - [Portfolio] takes turns with the randomized ones: [Random], [POS], [SURW], [PCT], [URW], [Postpone], [Feedback]. Each says in its comment
//     what it guarantees, and where it departs from its paper. All of them are fair: no goroutine that polls starves another for ever, nor time.
//   - [Exhaustive] runs, of all schedules that differ in the order of independent steps only, one. With bounds ([Preemptions], [Delays],
//     [ClockMoves]) it does not reduce, as [DepthFirst] never does: it runs every schedule within them, each once, those that cost least first.
//     Each is a [Completer].
//   - [Replay] follows a [Schedule] and verifies each decision; [Bytes] lets a fuzzer's input decide.
//
// # Schedules
//
// A [Recorder] makes a [Schedule] of any run. It holds departures from the default, which is to go on with the same goroutine
// while it can and else to take the first choice, and for each decision a byte that tells whether a replay goes the same way.
// [Schedule.Token] is its form to paste, [Schedule.MarshalText] its form to keep. [Shrink] makes one that fails simpler.
// A [Fingerprint] tells schedules that differ from those that differ only in the order of independent steps; the table behind it is [Access].
//
// # What can be relied on
//
// A strategy never reads the clock on the wall and never ranges over a map. Everything random comes from the seed and the
// schedule's number. Next may be called from several goroutines at once; a Run belongs to one, and may be used again for
// another schedule once End has been called. In the steady state the randomized strategies allocate nothing.
//
// What cannot: the same schedules in another version of lastcall, unless from a token or a file, which say their version.
// What PCT, URW and SURW learn from earlier schedules depends on which have ended, so with several runs at once their schedules
// are not those of one after the other; the token of each is good all the same.
package scheduler
