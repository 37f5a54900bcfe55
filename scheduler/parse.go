package scheduler

import (
	"fmt"
	"strconv"
	"strings"
)

// strategies is what SIM_STRATEGY can say. A strategy without a number's default takes none.
var strategies = []struct {
	name, usage string
	def         int // the number where none is given; -1: takes none
	make        func(n int) Maker
}{
	{"portfolio", "portfolio", -1, func(int) Maker { return Portfolio }},
	{"random", "random", -1, func(int) Maker { return Random }},
	{"pct", "pct, pct:DEPTH", 3, PCT},
	{"pos", "pos", -1, func(int) Maker { return POS }},
	{"urw", "urw", -1, func(int) Maker { return URW }},
	{"surw", "surw", -1, func(int) Maker { return SURW }},
	{"feedback", "feedback", -1, func(int) Maker { return Feedback }},
	{"postpone", "postpone", -1, func(int) Maker { return Postpone }},
	{"exhaustive", "exhaustive, exhaustive:PREEMPTIONS", unbounded, func(n int) Maker {
		if n == unbounded {
			return Exhaustive()
		}
		return Exhaustive(Preemptions(n))
	}},
	{"parsimonious", "parsimonious", -1, func(int) Maker { return Parsimonious }},
	{"delays", "delays:DELAYS", 2, func(n int) Maker { return Exhaustive(Delays(n)) }},
}

const unbounded = 1 << 30

// ParseStrategy returns the strategy of that name: random, pct:3, exhaustive:2 and so on.
func ParseStrategy(name string) (Maker, error) {
	key, number, numbered := strings.Cut(name, ":")
	for _, s := range strategies {
		if s.name != key {
			continue
		}
		if !numbered {
			return s.make(max(s.def, 0)), nil
		}
		n, err := strconv.Atoi(number)
		if err != nil || s.def < 0 || n < 0 || n >= unbounded || key == "pct" && n < 1 {
			return nil, fmt.Errorf("strategy %q: the form is %s", name, s.usage)
		}
		return s.make(n), nil
	}
	usages := make([]string, len(strategies))
	for i, s := range strategies {
		usages[i] = s.usage
	}
	return nil, fmt.Errorf("strategy %q is not known: there are %s", name, strings.Join(usages, ", "))
}
