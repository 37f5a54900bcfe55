package sim

import (
	"fmt"
	"strings"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

// A Trace is a run, step by step.
type Trace struct {
	Steps      []Step
	Goroutines int // how many the run had, main included
}

// A Step is one operation of a run, or lines logged after it.
type Step struct {
	G      int           // the goroutine, -1 for the clock
	Time   time.Duration // virtual, since the start of the run
	Op     string        // what was carried out, with its object
	At     string        // file:line
	Waits  bool          // it enqueued, and its goroutine waits
	Forced bool          // there was no other choice
	Log    string        // logged here; such a step has no Op
}

// clockStart is when a bubble's clock starts, in nanoseconds since the Unix epoch.
const clockStart = 946684800000000000

// trace makes the trace of the last run, which kept its steps.
func (x *explorer) trace() Trace {
	var t Trace
	log := x.logs()
	n := 0
	for i := range x.result.Trace {
		e := &x.result.Trace[i]
		if e.Flags&scheduler.Also != 0 {
			continue
		}
		n++
		for ; log != nil && log.step < n; log = log.next {
			t.Steps = append(t.Steps, Step{G: log.g, Log: log.text})
		}
		t.Goroutines = max(t.Goroutines, int(e.G)+1)
		s := Step{
			G: int(e.G), Time: time.Duration(e.Now - clockStart), Op: describeOp(&e.Op),
			Waits: e.Flags&scheduler.Blocked != 0, Forced: e.Flags&scheduler.Forced != 0,
		}
		if e.Flags&scheduler.Read != 0 && e.Kind != 0 {
			s.Op += " (fails)"
		}
		if e.PC != 0 {
			s.At = position(scheduler.Frame([]uintptr{e.PC}, x.programs))
		}
		t.Steps = append(t.Steps, s)
	}
	for ; log != nil; log = log.next {
		t.Steps = append(t.Steps, Step{G: log.g, Log: log.text})
	}
	return t
}

// logs are the lines logged, none where a goroutine that could not be ended may still write.
func (x *explorer) logs() *logLine {
	if x.slow {
		return nil
	}
	return x.state.logs
}

// describeOp is an operation and its object in words.
func describeOp(op *scheduler.Op) string {
	if op.G == scheduler.Clock {
		return fmt.Sprintf("the clock fires timer %d", op.Obj)
	}
	s := op.Kind.String()
	if op.Obj != 0 {
		s += fmt.Sprintf(" %s%d", objectPrefix(op.Kind), op.Obj)
	}
	return s
}

// objectPrefix is the letter before an object's number.
func objectPrefix(k scheduler.Kind) string {
	switch name := k.String(); {
	case strings.Contains(name, "lock") && name != "clock":
		return "mutex "
	case name == "send" || name == "receive" || strings.HasPrefix(name, "try ") || name == "close" || name == "len" || name == "cap":
		return "chan "
	case strings.HasPrefix(name, "wg"):
		return "waitgroup "
	case strings.HasPrefix(name, "once"):
		return "once "
	case strings.HasPrefix(name, "ctx"):
		return "context "
	case strings.HasPrefix(name, "timer") || name == "sleep":
		return "timer "
	case strings.HasPrefix(name, "map"):
		return "map "
	case strings.HasPrefix(name, "cond"), name == "signal", name == "broadcast":
		return "cond "
	}
	return "var "
}

// lanesMax is how many goroutines have a column of their own; the others share the last.
const lanesMax = 24

// String draws the trace: a column for each goroutine, in which a step of its is marked, then the
// virtual time, the operation with its object, and where it stands. Forced steps have a small mark.
func (t Trace) String() string {
	if len(t.Steps) == 0 {
		return ""
	}
	lanes := min(t.Goroutines, lanesMax)
	var b strings.Builder
	b.WriteString("  step  ")
	for g := range lanes {
		fmt.Fprintf(&b, "%-3s", laneName(g))
	}
	b.WriteString("  time\n")
	n, last := 0, time.Duration(-1)
	for i := range t.Steps {
		s := &t.Steps[i]
		if s.Op == "" {
			for _, line := range strings.Split(s.Log, "\n") {
				fmt.Fprintf(&b, "        %s  log: %s\n", lane(lanes, s.G, "\""), line)
			}
			continue
		}
		n++
		when := ""
		if s.Time != last {
			when, last = s.Time.String(), s.Time
		}
		op := s.Op
		if s.Waits {
			op += ", waits"
		}
		line := fmt.Sprintf("  %4d  %s  %-8s %-28s %s", n, lane(lanes, s.G, mark(s)), when, op, s.At)
		b.WriteString(strings.TrimRight(line, " "))
		b.WriteByte('\n')
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
	if s.Forced {
		return "o"
	}
	return "*"
}

// lane draws the columns with a mark in g's; the clock's step crosses them all.
func lane(lanes, g int, mark string) string {
	if g < 0 {
		return strings.Repeat("---", lanes)
	}
	var b strings.Builder
	for i := range lanes {
		if i == min(g, lanes-1) {
			b.WriteString(mark + "  ")
		} else {
			b.WriteString("|  ")
		}
	}
	return b.String()
}
