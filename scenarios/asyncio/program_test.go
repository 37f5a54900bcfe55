package asyncio_test

import (
	"math/rand/v2"
	"strings"
)

// op is an operation of a program for both sides; testdata/driver.py is the other. Which future, handle or concurrent future it is about is
// found when it runs: the t-th of those that there are, modulo their number.
type op struct {
	ID    int     `json:"id"`
	Kind  string  `json:"k"`
	Loop  int     `json:"l"`
	T     int     `json:"t"`
	V     int     `json:"v"`
	D     float64 `json:"d"`
	S     string  `json:"s"`
	Catch bool    `json:"catch"`
	Body  []*op   `json:"b"`
}

// What an operation holds decides what may be in there.
const (
	plain     = iota // callbacks of loops
	coroutine        // a task's body
	foreign          // a callback of a concurrent future, which must not raise what is no Exception
	outermost        // the program itself: a callback that adds itself to a future that is done never comes to an end
)

// kinds are the operations, each as often as its weight says, and what their bodies are.
var kinds = []struct {
	name   string
	weight int
	body   int // -1 for none
	only   int // -1 for everywhere
}{
	{"call_soon", 10, plain, -1},
	{"call_soon_threadsafe", 8, plain, -1},
	{"call_later", 10, plain, -1},
	{"burst", 1, -1, -1},
	{"stop", 5, -1, -1},
	{"close", 2, -1, -1},
	{"run_forever", 5, -1, -1},
	{"run_until_complete", 8, -1, -1},
	{"raise", 4, -1, -1},
	{"handler", 2, -1, -1},
	{"state", 4, -1, -1},
	{"future", 7, -1, -1},
	{"task", 7, coroutine, -1},
	{"threadsafe", 4, coroutine, -1},
	{"job", 8, -1, -1},
	{"release", 6, -1, -1},
	{"pool_shutdown", 1, -1, -1},
	{"concurrent", 4, -1, -1},
	{"wrap", 4, -1, -1},
	{"c_add", 3, foreign, -1},
	{"c_set_result", 3, -1, -1},
	{"c_set_exception", 2, -1, -1},
	{"c_start", 2, -1, -1},
	{"c_cancel", 3, -1, -1},
	{"c_result", 2, -1, -1},
	{"c_repr", 1, -1, -1},
	{"c_done", 1, -1, -1},
	{"c_running", 1, -1, -1},
	{"c_cancelled", 1, -1, -1},
	{"h_cancel", 6, -1, -1},
	{"h_cancelled", 2, -1, -1},
	{"h_repr", 2, -1, -1},
	{"f_add", 9, plain, -1},
	{"f_again", 5, -1, outermost},
	{"f_remove", 3, -1, -1},
	{"f_set_result", 7, -1, -1},
	{"f_set_exception", 4, -1, -1},
	{"f_cancel", 6, -1, -1},
	{"f_exception", 2, -1, -1},
	{"f_result", 2, -1, -1},
	{"f_repr", 2, -1, -1},
	{"f_done", 1, -1, -1},
	{"f_cancelled", 1, -1, -1},
	{"await", 25, -1, coroutine},
	{"sleep", 12, -1, coroutine},
	{"yield", 8, -1, coroutine},
	{"wait", 8, -1, coroutine},
	{"gather", 8, -1, coroutine},
}

var exceptions = []string{"", "", "", "RuntimeError", "StopIteration", "KeyboardInterrupt", "SystemExit"}

// generator makes programs.
type generator struct {
	*rand.Rand
	omit map[string]bool // operations that are left out; "nested run" stands for running a loop from within
	ids  int
}

// newProgram returns a program of its own for each seed. It ends with turns of both loops, so that what was put off is seen.
func newProgram(seed uint64, omit map[string]bool) []*op {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 1)), omit: omit}
	ops := g.ops(3+g.IntN(22), outermost, 0)
	for _, loop := range []int{0, 1, 0} {
		ops = append(ops, g.fill(&op{Kind: "run_forever", Loop: loop}), g.fill(&op{Kind: "state", Loop: loop}))
	}
	return ops
}

func (g *generator) ops(n, where, depth int) []*op {
	var ops []*op
	for range n {
		ops = append(ops, g.op(where, depth))
	}
	return ops
}

func (g *generator) op(where, depth int) *op {
	total := 0
	for _, k := range kinds {
		if g.fits(k.name, k.only, where) {
			total += k.weight
		}
	}
	r := g.IntN(total)
	for _, k := range kinds {
		if !g.fits(k.name, k.only, where) {
			continue
		}
		if r -= k.weight; r >= 0 {
			continue
		}
		o := g.fill(&op{Kind: k.name})
		if where == foreign && k.name == "raise" {
			o.S = ""
		}
		if k.body >= 0 && depth < 3 {
			o.Body = g.ops(g.IntN(4), k.body, depth+1)
		}
		return o
	}
	panic("unreachable")
}

// fits reports whether an operation may be there.
func (g *generator) fits(name string, only, where int) bool {
	if where != outermost && strings.HasPrefix(name, "run_") && g.omit["nested run"] {
		return false
	}
	return (only < 0 || only == where) && !g.omit[name]
}

// fill draws what the operation is about. One in ten is about the second loop; delays are few, so that some deadlines are equal.
func (g *generator) fill(o *op) *op {
	g.ids++
	o.ID = g.ids
	if o.Loop == 0 && g.IntN(10) == 0 {
		o.Loop = 1
	}
	o.T, o.V = g.IntN(8), g.IntN(10)
	o.D = float64(g.IntN(40)-4) / 256
	o.S = exceptions[g.IntN(len(exceptions))]
	o.Catch = g.IntN(2) == 0
	if o.Kind == "burst" {
		o.V = []int{8, 8, 8, 130}[g.IntN(4)]
	}
	return o
}

// smaller calls try with programs that have a little less, until it returns true: without one operation, or with what it holds in its place.
func smaller(ops []*op, try func([]*op) bool) bool {
	for i, o := range ops {
		without := append(append([]*op{}, ops[:i]...), ops[i+1:]...)
		if try(without) {
			return true
		}
		if coroutine := o.Kind == "task" || o.Kind == "threadsafe"; !coroutine && len(o.Body) > 0 && try(append(append(append([]*op{}, ops[:i]...), o.Body...), ops[i+1:]...)) {
			return true
		}
		in := smaller(o.Body, func(body []*op) bool {
			c := *o
			c.Body = body
			return try(append(append(append([]*op{}, ops[:i]...), &c), ops[i+1:]...))
		})
		if in {
			return true
		}
	}
	return false
}

// shrink returns a program that fails still and of which nothing can be left out.
func shrink(ops []*op, fails func([]*op) bool) []*op {
	for range 1000 {
		again := smaller(ops, func(less []*op) bool {
			if !fails(less) {
				return false
			}
			ops = less
			return true
		})
		if !again {
			break
		}
	}
	return ops
}
