// Package steps holds the kernel to the table of operations: which steps each consists of, on what, and when each could be carried out.
package steps

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// TestSteps holds each row of the table of operations (docs/how-it-works.md) to the steps that it says: kind, object, what
// could be carried out and what could not. What is expected is the same in a build with -race, in one without, and on each Go release.
func TestSteps(t *testing.T) {
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := steps(row.turns, row.body)
			want := strings.TrimSpace(row.want)
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// A turn names the goroutine that goes next where several could, by its number; c is the clock. A second character
// is the alternative. Where the turns have run out, or the goroutine named cannot go, the first choice goes.
type turns string

// steps runs body and writes down a line for each step:
//
//	goroutine kind #object,object /alternative (how it turned out) | what waits and cannot be carried out
//
// What waits is told at decisions only, so another goroutine, which is not written down, has always something to do.
func steps(order turns, body func()) string {
	n := &notes{turns: strings.Fields(string(order))}
	res := scheduler.NewMachine().Run(n, func() { go bystander(); body() }, scheduler.Options{Steps: 1000, Grace: 1 << 40})
	if res.Kind != "" {
		first, _, _ := strings.Cut(res.Message, ":")
		n.lines = append(n.lines, res.Kind+": "+first)
	}
	return strings.Join(n.lines, "\n")
}

const bystanderG = 1

func bystander() {
	for range 100 {
		runtime.Gosched()
	}
}

type notes struct {
	turns []string
	lines []string
	wait  string
}

func (n *notes) Pick(d *scheduler.Decision) int {
	n.see(d.Since)
	n.wait = ""
	for i := range d.Pending {
		n.wait += " | " + describe(&d.Pending[i], 0)
	}
	if len(n.turns) == 0 {
		return first(d.Choices)
	}
	turn := n.turns[0]
	for i := range d.Choices {
		c := &d.Choices[i]
		g := fmt.Sprint(c.G)
		if c.G == scheduler.Clock {
			g = "c"
		}
		if turn == g || turn == fmt.Sprint(g, "/", c.Alt) {
			n.turns = n.turns[1:]
			return i
		}
	}
	return first(d.Choices)
}

// first is the first choice, the bystander's last.
func first(choices []scheduler.Choice) int {
	if choices[0].G == bystanderG && len(choices) > 1 {
		return 1
	}
	return 0
}

func (n *notes) End(o *scheduler.Outcome) { n.see(o.Since) }

func (n *notes) see(since []scheduler.Event) {
	for i := range since {
		e := &since[i]
		if e.Kind == kernel.End || e.G == bystanderG || e.N == 0 && e.G == 0 {
			continue // the end, the bystander, and how it was started
		}
		if e.Flags&scheduler.NoUse != 0 {
			continue
		}
		if e.Flags&scheduler.Also != 0 {
			n.lines[len(n.lines)-1] += fmt.Sprintf(" and #%d", e.Obj)
			continue
		}
		n.lines = append(n.lines, describe(&e.Op, e.Flags)+n.wait)
		n.wait = ""
	}
}

func describe(op *scheduler.Op, flags scheduler.Flags) string {
	g := fmt.Sprint(op.G)
	if op.G == scheduler.Clock {
		g = "c"
	}
	s := g + " " + op.Kind.String()
	if op.Obj != 0 {
		s += fmt.Sprintf(" #%d", op.Obj)
	}
	if op.Obj2 != 0 {
		s += fmt.Sprintf(",%d", op.Obj2)
	}
	if op.Alt >= 0 {
		s += fmt.Sprintf(" /%d", op.Alt)
	}
	if flags&scheduler.Read != 0 {
		s += " (read)"
	}
	if flags&scheduler.Blocked != 0 {
		s += " (waits)"
	}
	return s
}
