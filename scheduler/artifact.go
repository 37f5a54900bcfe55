//go:build artifact

package scheduler

import (
	"slices"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// Strategies as the tool of the SURW artifact has them (src/main.zig and its scripts) where that is not what their papers say.
// They explain published figures; nothing that ships uses them.

// ToolRandom gives each operation a random priority. The tool's SURW comes to this where the address that it has drawn is not
// touched: one on a stack, which is elsewhere in each process with other variables in its environment.
func ToolRandom(seed uint64) Strategy {
	return &walks{name: "tool-random", seed: seed, learned: new(learned), fresh: func() walker { return new(toolRandom) }}
}

type toolRandom struct{ pos }

func (w *toolRandom) see(d *Decision) {
	for i := range d.Choices {
		w.draw(&d.Choices[i], nil)
	}
	for i := range d.Pending {
		w.draw(&d.Pending[i], nil)
	}
}

// ToolPCT draws all priorities anew after so many steps on end of one goroutine (the tool: 1000), and at the end of its 1.2 k steps,
// k those of the first schedule. Changes before there is a second goroutine are lost.
func ToolPCT(depth, redraw int) Maker {
	return func(seed uint64) Strategy {
		s := newPCT(seed, depth, new(learned))
		s.fresh = func() walker {
			return &toolPCT{pct: pct{learned: s.learned, change: make([]int, depth-1)}, redraw: redraw}
		}
		return unfair{s}
	}
}

// unfair has none of the bounds of fairness, as the tool has none but its own.
type unfair struct{ *walks }

func (s unfair) Next() (Run, bool) {
	r, ok := s.walks.Next()
	return unfairRun{r.(*walk)}, ok
}

type unfairRun struct{ *walk }

func (r unfairRun) Pick(d *Decision) int {
	r.now.see(d)
	if r.trial != nil {
		r.trial.see(d.Since, d.Choices, d.Pending)
	}
	n := goroutines(d.Choices)
	if n < 2 {
		return 0
	}
	return r.now.choose(d.Choices[:n])
}

type toolPCT struct {
	pct
	redraw, k, at, stay int
	last                G
	alone               bool
}

func (w *toolPCT) begin(r *rng, p *profile) {
	w.pct.begin(r, p)
	if w.k == 0 {
		w.k = 12 * int(w.learned.steps.Load()) / 10
	}
	w.points()
	w.at, w.stay, w.last, w.alone = 0, 0, nobody, true
}

func (w *toolPCT) yield(G) {} // there a thread that spins goes on until it is redrawn

func (w *toolPCT) points() {
	for i := range w.change {
		w.change[i] = w.rng.below(max(1, w.k))
	}
}

func (w *toolPCT) see(d *Decision) {
	for i := range d.Since {
		e := &d.Since[i]
		if e.Flags&Also != 0 || e.G < 0 {
			continue
		}
		if w.at++; w.at >= w.k {
			w.at = 0
			w.points()
			clear(w.priority)
		}
		w.alone = w.alone && e.Kind != kernel.Go
		if j := slices.Index(w.change, w.at); j >= 0 && !w.alone {
			*slot(&w.priority, e.G) = int64(1 + j)
		}
		if e.G != w.last {
			w.stay, w.last = 0, e.G
		}
		if w.stay++; w.stay >= w.redraw {
			w.stay = 0
			clear(w.priority)
		}
	}
}

// ToolURW weighs a goroutine by the lines of the tool's log, which has not all of its steps: nothing for a thread's start, its end
// and the second half of its creation. missing is how many of a goroutine's steps there are no lines for; one more of its parent's.
// A goroutine that has taken as many steps as there are lines weighs nothing until a choice falls on it that its weight has no part in.
func ToolURW(missing int) Maker {
	return func(seed uint64) Strategy {
		return &walks{name: "tool-urw", seed: seed, learned: new(learned), profiles: true, fresh: func() walker {
			return &toolURW{missing: int32(missing)}
		}}
	}
}

type toolURW struct {
	urw
	missing     int32
	descendants []int32 // by place in the profile
	last        G
	order       []G
}

func (w *toolURW) begin(r *rng, p *profile) {
	w.urw.begin(r, p)
	w.last = nobody
	w.descendants = append(w.descendants[:0], make([]int32, len(p.who))...)
	for i := range p.who {
		for a := p.who[i].parent; a >= 0; a = p.who[a].parent {
			w.descendants[a]++
		}
	}
}

func (w *toolURW) lines(p *profile, g int32) int32 {
	return max(0, p.who[g].steps-w.missing*(1+w.descendants[g])-w.descendants[g])
}

func (w *toolURW) see(d *Decision) {
	for i := range d.Since {
		if e := &d.Since[i]; e.G >= 0 && e.Flags&Also == 0 {
			w.left.meet(&e.Op, w.lines)
			w.left.spend(e.G)
			w.last = e.G
		}
	}
	w.left.meetAll(d, w.lines)
}

func (w *toolURW) choose(choices []Choice) int {
	w.line(choices)
	w.visit(w.order[0])
	at := w.left.draw(w.rng, choices, 0)
	for _, g := range w.order {
		if w.visit(g); g == choices[at].G {
			break
		}
	}
	return at
}

// line puts those who can go on in the order in which they are asked: first who took the last step, the others at random.
func (w *toolURW) line(choices []Choice) {
	w.order = w.order[:0]
	for i := range choices {
		if i == 0 || choices[i].G != choices[i-1].G {
			w.order = append(w.order, choices[i].G)
		}
	}
	for i := range w.order {
		j := i + w.rng.below(len(w.order)-i)
		w.order[i], w.order[j] = w.order[j], w.order[i]
	}
	for i, g := range w.order {
		if g == w.last {
			copy(w.order[1:i+1], w.order[:i])
			w.order[0] = g
		}
	}
}

// visit gives a goroutine that weighs nothing a weight of 1.
func (w *toolURW) visit(g G) {
	if at := &w.left.of[g]; at.left == 0 {
		at.left = 1
	}
}
