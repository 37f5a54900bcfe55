package sim

import (
	"fmt"
	"strings"
	"time"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
)

// A Trace is a run, step by step.
type Trace struct {
	Steps      []Step
	Goroutines int // how many the run had, main included
}

// A Step is one operation of a run, or lines logged after it.
type Step struct {
	G      int           // the goroutine; -1 for the clock, and for lines that were logged outside the bubble
	Time   time.Duration // virtual, since the start of the run
	Op     string        // what was carried out, with its object and how it turned out
	At     string        // file:line
	Waits  bool          // it enqueued, and its goroutine waits
	Forced bool          // there was no other choice
	Log    string        // logged here; such a step has no Op
	Fails  bool          // the Log is the verdict
}

// clockStart is when a bubble's clock starts, in nanoseconds since the Unix epoch.
const clockStart = 946684800000000000

// trace makes the trace of the last run, which kept its steps.
func (x *explorer) trace() Trace {
	var t Trace
	log := x.logs()
	n := 0
	born := make(births)
	for i := range x.result.Trace {
		e := &x.result.Trace[i]
		if e.Flags&scheduler.Also != 0 {
			continue
		}
		n++
		for ; log != nil && log.step < n; log = log.next {
			t.add(log.entry())
		}
		s := Step{
			G: int(e.G), Time: time.Duration(e.Now - clockStart), Op: describeEvent(e),
			Waits: e.Flags&scheduler.Blocked != 0, Forced: e.Flags&scheduler.Forced != 0,
		}
		if e.PC != 0 {
			s.At = position(scheduler.Frame([]uintptr{e.PC}, x.programs))
		}
		born.note(&t, e)
		t.add(s)
	}
	for ; log != nil; log = log.next {
		t.add(log.entry())
	}
	switch Kind(x.result.Kind) {
	case Panic, Fatal, Exit:
		t.add(Step{G: int(x.result.G), Log: firstLine(x.message()), Fails: true})
	}
	return t
}

func (t *Trace) add(s Step) {
	t.Goroutines = max(t.Goroutines, s.G+1)
	t.Steps = append(t.Steps, s)
}

func (l *logLine) entry() Step { return Step{G: l.g, Log: l.text, Fails: l.fails} }

// births finds out which goroutine a go statement started, by the identity of its first step: the runtime makes it of the parent's
// and the how-manyeth it is. Where the standard library has started some in between, the trace goes without.
type births map[uint64]birth

type birth struct {
	children uint64
	step     int // of the go statement that started it, -1 for none
}

func (b births) note(t *Trace, e *scheduler.Event) {
	me, seen := b[e.ID]
	if seen && me.step >= 0 {
		t.Steps[me.step].Op = fmt.Sprintf("go %d", e.G)
	}
	me.step = -1
	if e.Kind == kernel.Go {
		me.children++
		b[childID(e.ID, me.children)] = birth{step: len(t.Steps)}
	}
	b[e.ID] = me
}

// childID is lcMix of the overlay.
func childID(parent, n uint64) uint64 {
	x := parent ^ (n+0x9e3779b97f4a7c15)*0xbf58476d1ce4e5b9
	x ^= x >> 29
	x *= 0x94d049bb133111eb
	x ^= x >> 32
	return x
}

// logs are the lines logged, none where a goroutine that could not be ended may still write.
func (x *explorer) logs() *logLine {
	if x.slow {
		return nil
	}
	return x.state.logs
}

// lanesMax is how many goroutines have a column of their own; the others share the last.
const lanesMax = 24

// The columns of operations are as wide as the widest, within these limits.
const (
	opWidthMin = 16
	opWidthMax = 36
)

// A longer trace is shown without its middle: the first steps and the last, and how many are left out.
const (
	headShown = 600
	tailShown = 400
)

// String draws the trace: a column for each goroutine, in which a step of its is marked, then the
// virtual time, the operation with its object, and where it stands. A step that was chosen is marked *, one that
// was the only choice o; ! marks the verdict and " a line logged. A very long one is drawn without its middle.
func (t Trace) String() string {
	if len(t.Steps) == 0 {
		return ""
	}
	lanes, width := min(t.Goroutines, lanesMax), opWidthMin
	for i := range t.Steps {
		width = max(width, min(len(t.Steps[i].Op), opWidthMax))
	}
	var b strings.Builder
	line := func(format string, args ...any) {
		b.WriteString(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
	}
	names := make([]string, lanes)
	for g := range lanes {
		names[g] = fmt.Sprintf("%-3s", laneName(g))
	}
	line("  step  %s  %-8s %-*s where", strings.Join(names, ""), "time", width, "operation")
	n, last := 0, time.Duration(-1)
	for i := range t.Steps {
		s := &t.Steps[i]
		if out := len(t.Steps) - tailShown; i >= headShown && i < out && out-headShown > 1 {
			if s.Op != "" {
				n++
			}
			if i == headShown {
				line("   ...  %d more lines", out-headShown)
			}
			continue
		}
		if s.Op == "" {
			for _, text := range strings.Split(s.Log, "\n") {
				line("        %s  %-8s %s", lane(lanes, s.G, mark(s)), "", text)
			}
			continue
		}
		n++
		when := ""
		if s.Time != last {
			when, last = s.Time.String(), s.Time
		}
		line("  %4d  %s  %-8s %-*s %s", n, lane(lanes, s.G, mark(s)), when, width, s.Op, s.At)
	}
	return b.String()
}

func laneName(g int) string {
	if g == 0 {
		return "m"
	}
	return fmt.Sprint(g)
}

func mark(s *Step) string {
	switch {
	case s.Fails:
		return "!"
	case s.Op == "":
		return "\""
	case s.Forced:
		return "o"
	}
	return "*"
}

// lane draws the columns with a mark in g's; the clock's step crosses them all.
func lane(lanes, g int, mark string) string {
	if g < 0 && (mark == "*" || mark == "o") {
		return strings.Repeat("---", lanes)
	}
	var b strings.Builder
	for i := range lanes {
		if g >= 0 && i == min(g, lanes-1) {
			b.WriteString(mark + "  ")
		} else {
			b.WriteString("|  ")
		}
	}
	return b.String()
}
