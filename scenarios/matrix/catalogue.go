package matrix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lastcall-go/lastcall/sim"
)

// A Verdict is what the exploration of a cell comes to.
type Verdict string

const (
	Clean  Verdict = "clean"          // no schedule failed, of all within the bounds
	Broken Verdict = "broken"         // a schedule failed
	Lossy  Verdict = "lossy"          // none failed, and results are lost by design
	NA     Verdict = "not applicable" // the column has not what the row needs
)

// A Cell is one scenario, what the program does, on one implementation, how the loop and its workers hand results over.
type Cell struct {
	Scenario       string
	Implementation string
	What           string // what is run, in a few words
	On             string // what the implementation is, in a few words
	Expected       Expectation
	parts          []part
	first          bool // the first failure will do: its like are too many to look at
}

// An Expectation is what the catalogue states of a cell beforehand.
type Expectation struct {
	Verdict     Verdict
	Oracles     []Oracle // of a broken cell: those that fail at that number of preemptions
	Preemptions int      // the least that shows it, of a broken or lossy cell
	Bound       int      // preemptions: where nothing fails the search is complete within so many at least; 0 stands for 2
	Loses       bool     // something is lost in some schedule of the search; what a broken cell has besides
	Why         string
}

// A part is one exploration of a cell: a program of its row on its column.
type part struct {
	name string // in tokens
	body func(strict bool, lost *losses) func(t *sim.T)
}

// Name names the cell. The tokens of a cell whose row has several programs name the program as well.
func (c *Cell) Name() string { return c.Scenario + "/" + c.Implementation }

// Cells returns the catalogue: the question's program in three forms, and then the matrix, row by row.
func Cells() []*Cell {
	cells, stated := question(), expected()
	for _, r := range rows() {
		for _, c := range columns() {
			cells = append(cells, cell(&r, &c, stated[r.name]))
		}
	}
	return cells
}

func cell(r *row, c *column, stated map[string]Expectation) *Cell {
	e, ok := stated[c.name]
	if !ok {
		panic(fmt.Sprintf("lastcall: internal bug: nothing is stated of %s/%s", r.name, c.name))
	}
	k := &Cell{Scenario: r.name, Implementation: c.name, What: r.what, On: c.what, Expected: e}
	for i := range r.programs {
		pr := &r.programs[i]
		if pr.timeout && c.noTimeout {
			continue
		}
		k.parts = append(k.parts, part{
			name: r.partName(pr) + "/" + c.name,
			body: func(strict bool, lost *losses) func(*sim.T) { return body(c, pr, strict, lost) },
		})
	}
	return k
}

func (r *row) partName(pr *program) string {
	if pr.variant == "" {
		return r.name
	}
	return r.name + ", " + pr.variant
}

// Find returns the cell of which that is the name, or the name of a part; or nil.
func Find(name string) *Cell {
	for _, c := range Cells() {
		if c.Name() == name || c.part(name) != nil {
			return c
		}
	}
	return nil
}

func (c *Cell) part(name string) *part {
	for i := range c.parts {
		if c.parts[i].name == name {
			return &c.parts[i]
		}
	}
	return nil
}

// InMatrix reports whether the cell is of a row and a column; the others are the question's program as it was asked.
func (c *Cell) InMatrix() bool { return slices.Contains(Rows(), c.Scenario) }

// Bodies returns what the cell explores, by the names in its tokens. Losses are failures there.
func (c *Cell) Bodies() map[string]func(t *sim.T) {
	bodies := make(map[string]func(t *sim.T))
	for i := range c.parts {
		bodies[c.parts[i].name] = c.parts[i].body(true, new(losses))
	}
	return bodies
}

// Rows and Columns are the matrix's, in order.
func Rows() []string {
	var names []string
	for _, r := range rows() {
		names = append(names, r.name)
	}
	return names
}

func Columns() []string {
	var names []string
	for _, c := range columns() {
		names = append(names, c.name)
	}
	return names
}

// String says what is stated, in a few words.
func (e Expectation) String() string {
	switch e.Verdict {
	case Broken:
		s := fmt.Sprintf("broken: %s, with %s", joinOracles(e.Oracles), CountOf(e.Preemptions, "preemption"))
		if e.Loses {
			s += "; and loses quietly"
		}
		return s
	case Lossy:
		return fmt.Sprintf("lossy, with %s", CountOf(e.Preemptions, "preemption"))
	case Clean:
		if e.Bound > 0 {
			return fmt.Sprintf("clean within %s", CountOf(e.Bound, "preemption"))
		}
	}
	return string(e.Verdict)
}

// Same reports whether the same is stated, for the same reason.
func (e Expectation) Same(f Expectation) bool { return e.String() == f.String() && e.Why == f.Why }

func joinOracles(os []Oracle) string {
	names := make([]string, len(os))
	for i, o := range os {
		names[i] = string(o)
	}
	return strings.Join(names, ", ")
}

// CountOf is a number of things in words.
func CountOf(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
