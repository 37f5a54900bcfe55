package sctbench

import (
	"flag"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

var (
	trials     = flag.Int("trials", 0, "trials of each program with each strategy, for the table; 0 makes none")
	strategies = flag.String("strategies", "portfolio,surw,pos,pct:3,pct:10,urw,random", "those that the table has")
	rows       = flag.String("rows", "", "only programs whose names have this in them")
)

const schedulesMax = 10_000

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

// cell is what the trials of one program with one strategy came to.
type cell struct {
	found, of int
	sum       int
}

// measure makes n trials; where none of the first 10 finds the bug it leaves it at those.
func measure(t *testing.T, p Program, maker scheduler.Maker, n int) cell {
	var c cell
	m := scheduler.NewMachine()
	for seed := range uint64(n) {
		k := trial(p.Body, maker(seed+1), m, schedulesMax)
		c.of++
		if k > 0 {
			c.found++
			c.sum += k
		} else if c.found == 0 && c.of >= 10 {
			break
		}
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
	}
	return fmt.Sprintf("%.1f", c.mean())
}

func TestTable(t *testing.T) {
	if *trials == 0 {
		t.Skip("the table takes a while: -args -trials 200")
	}
	names := strings.Split(*strategies, ",")
	logs := make([]float64, len(names))
	n := 0
	for _, p := range Programs() {
		if !strings.Contains(p.Name, *rows) {
			continue
		}
		n++
		line := p.Name
		for i, name := range names {
			maker, err := scheduler.ParseStrategy(name)
			if err != nil {
				t.Fatal(err)
			}
			c := measure(t, p, maker, *trials)
			line += " | " + c.String()
			if c.found > 0 {
				logs[i] += math.Log(c.mean())
			} else {
				logs[i] += math.Log(schedulesMax)
			}
		}
		fmt.Println(line)
	}
	for i := range names {
		fmt.Printf("%s %.2f\n", names[i], math.Exp(logs[i]/float64(n)))
	}
}
