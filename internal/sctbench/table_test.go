package sctbench

import (
	"flag"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

var (
	trials     = flag.Int("trials", 0, "trials of each program with each strategy, for the table; 0 makes none")
	strategies = flag.String("strategies", "portfolio,postpone,surw,pos,pct:3,pct:10,urw,random", "those that the table has")
	rows       = flag.String("rows", "", "only programs whose names match this regular expression")
	every      = flag.Bool("every", false, "all trials of each program with each strategy, which takes hours")
)

const (
	schedulesMax = 10_000 // of a trial
	enough       = 20_000 // of a program with a strategy: no further trial is begun
	trialsMin    = 10
	hopeless     = 5 // trials, after which no more are made if none has found the bug
)

// trial runs a strategy's schedules until one fails, and returns how many those were; 0 where none of limit does.
func trial(body func(), s scheduler.Strategy, m *scheduler.Machine, limit int) int {
	for n := 1; n <= limit; n++ {
		run, ok := s.Next()
		if !ok {
			return 0
		}
		switch m.Run(run, body, scheduler.Options{Steps: 100_000}).Kind {
		case scheduler.KindPanic, scheduler.KindLeak, scheduler.KindDeadlock:
			return n
		}
	}
	return 0
}

// tools are strategies that only the build tag artifact has.
var tools map[string]func() scheduler.Maker

func strategy(name string) (scheduler.Maker, error) {
	if tool, ok := tools[name]; ok {
		return tool(), nil
	}
	return scheduler.ParseStrategy(name)
}

// cell is what the trials of one program with one strategy came to.
type cell struct {
	found, of int
	sum       int // schedules of the trials that found the bug
	all       int
}

func measure(p Program, maker scheduler.Maker, n int) cell {
	var c cell
	m := scheduler.NewMachine()
	for c.of < n && (*every || (c.found > 0 || c.of < hopeless) && (c.all < enough || c.of < trialsMin)) {
		c.of++
		k := trial(p.Body, maker(uint64(c.of)), m, schedulesMax)
		if k == 0 {
			c.all += schedulesMax
			continue
		}
		c.found++
		c.sum += k
		c.all += k
	}
	return c
}

func (c cell) mean() float64 { return float64(c.sum) / float64(max(1, c.found)) }

func (c cell) String() string {
	switch {
	case c.found == 0:
		return fmt.Sprintf("0/%d", c.of)
	case c.found < c.of:
		return fmt.Sprintf("%.1f (%d/%d)", c.mean(), c.found, c.of)
	case c.of < *trials:
		return fmt.Sprintf("%.1f (%d)", c.mean(), c.of)
	}
	return fmt.Sprintf("%.1f", c.mean())
}

// figure is a published mean; 0 stands for none.
func figure(v float64) string {
	if v == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", v)
}

// column is the published one for a strategy.
func (p *Published) column(strategy string) float64 {
	return map[string]float64{"surw": p.SURW, "urw": p.URW, "random": p.Random, "pos": p.POS, "pct:3": p.PCT3, "pct:10": p.PCT10}[strategy]
}

// geometric is a mean of factors.
type geometric struct {
	logs float64
	n    int
}

func (g *geometric) add(v float64) {
	if v > 0 {
		g.logs += math.Log(v)
		g.n++
	}
}

func (g *geometric) mean() float64 { return math.Exp(g.logs / float64(max(1, g.n))) }

// TestTable prints the table: mean schedules to the bug, and the published mean behind a slash.
func TestTable(t *testing.T) {
	if *trials == 0 {
		t.Skip("the table takes some ten minutes: -args -trials 200")
	}
	names, only := strings.Split(*strategies, ","), regexp.MustCompile(*rows)
	means := make([]geometric, len(names))
	missed := make([]int, len(names))
	fmt.Printf("| program | %s |\n|---|%s\n", strings.Join(names, " | "), strings.Repeat("---|", len(names)))
	for _, p := range Programs() {
		if !only.MatchString(p.Name) {
			continue
		}
		known := published[p.Name]
		line := "| " + p.Name
		for i, name := range names {
			maker, err := strategy(name)
			if err != nil {
				t.Fatal(err)
			}
			c := measure(p, maker, *trials)
			if means[i].add(c.mean()); c.found < c.of {
				missed[i]++
			}
			if line += " | " + c.String(); known.column(name) > 0 || slices.Contains([]string{"surw", "urw", "random", "pos", "pct:3", "pct:10"}, name) {
				line += " / " + figure(known.column(name))
			}
		}
		fmt.Println(line + " |")
	}
	line := "| geometric mean, of rows found"
	for i := range names {
		line += fmt.Sprintf(" | %.2f (%d missed)", means[i].mean(), missed[i])
	}
	fmt.Println(line + " |")
}

// TestPublished is the arithmetic that the default strategy is held against: the published geometric means.
func TestPublished(t *testing.T) {
	var surw, rff geometric
	for _, p := range Programs() {
		known, ok := published[p.Name]
		if !ok {
			t.Errorf("%s has no published row", p.Name)
		}
		surw.add(known.SURW)
		rff.add(known.RFF)
	}
	if surw.n != len(published) || math.Abs(surw.mean()-9.75) > 0.01 || math.Abs(rff.mean()-5.43) > 0.01 {
		t.Errorf("SURW %.2f over %d rows, RFF %.2f", surw.mean(), surw.n, rff.mean())
	}
}

// TestPortfolioFinds: the default strategy finds every program's bug, in fewer schedules than the best single published strategy's geometric
// mean. 40 trials of each program put a mean that is 5.4 within 0.5 or so.
func TestPortfolioFinds(t *testing.T) {
	n := 40
	if testing.Short() {
		n = 10
	}
	var mean geometric
	for _, p := range Programs() {
		c := measure(p, scheduler.Portfolio, n)
		if c.found < c.of {
			t.Errorf("%s: not found in %d of %d trials", p.Name, c.of-c.found, c.of)
		}
		mean.add(c.mean())
	}
	if kernel.Race {
		return // the detector has points of its own for what is inlined otherwise, and the published figure is for the programs without it
	}
	if mean.mean() >= 9.75 {
		t.Errorf("geometric mean %.2f, SURW's published one is 9.75", mean.mean())
	} else if testing.Verbose() {
		t.Logf("geometric mean %.2f", mean.mean())
	}
}

// TestSteps: each access of a shared variable is a step, as it is for the tools whose figures are compared with.
func TestSteps(t *testing.T) {
	m := scheduler.NewMachine()
	for _, p := range Programs() {
		want, ok := map[string]int{
			// All that are let run to their end do so many steps, started one after the other: go statements and ends included.
			"reorder_3": 3 + 4 + 2*2 + 3, "reorder_100": 100 + 101 + 99*2 + 3,
			"twostage": 2 + 3 + 7 + 7, "wronglock_3": 4 + 5 + 6 + 3*4, "lazy01": 3 + 4 + 3 + 4 + 4, "deadlock01": 2 + 3 + 6 + 6,
		}[p.Name]
		if !ok {
			continue
		}
		run, _ := scheduler.Exhaustive(scheduler.Preemptions(0))(1).Next()
		if r := m.Run(run, p.Body, scheduler.Options{Steps: 1000}); r.Steps != want {
			t.Errorf("%s: %d steps, want %d", p.Name, r.Steps, want)
		}
	}
}
