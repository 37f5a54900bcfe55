package scheduler

// POS is partial order sampling (Yuan, Yang, Gu: Partial Order Aware Concurrency Sampling, CAV 2018).
// Each operation that waits to be carried out has a random priority, and the highest that can go on does.
// After a step the operations that race with it draw anew, so that orders of independent steps, which tell nothing,
// do not eat up the chances of those that do.
//
// It samples partial orders, but not each with at least 1/(their number): two goroutines that each read and write one
// variable have four, of which one has a sixth.
//
// Where it departs from the paper: alternatives of one operation (the ready cases of a select) share its priority and
// are then as likely as each other; fairness and the clock are as [Random] has them.
func POS(seed uint64) Strategy { return newPOS(seed, new(learned)) }

var _ Maker = POS

func newPOS(seed uint64, l *learned) *walks {
	return &walks{name: "pos", seed: seed, learned: l, fresh: func() walker { return new(pos) }}
}

type pos struct {
	rng     *rng
	pending []drawn // by goroutine
}

// drawn is the priority of a goroutine's operation number n.
type drawn struct {
	priority uint64
	n        int32
	known    bool
}

func (w *pos) begin(r *rng, _ *profile) {
	w.rng = r
	clear(w.pending)
	w.pending = w.pending[:0]
}

func (w *pos) yield(G) {}

func (w *pos) see(d *Decision) {
	for i := range d.Choices {
		if i == 0 || d.Choices[i].G != d.Choices[i-1].G {
			w.draw(&d.Choices[i], d.Since)
		}
	}
	for i := range d.Pending {
		w.draw(&d.Pending[i], d.Since)
	}
}

// draw gives the operation a priority where it is new or races with a step since the last decision.
func (w *pos) draw(op *Op, since []Event) {
	if op.G < 0 {
		return
	}
	p := slot(&w.pending, op.G)
	if p.known && p.n == op.N && !races(op, since) {
		return
	}
	*p = drawn{priority: w.rng.uint64(), n: op.N, known: true}
}

func races(op *Op, since []Event) bool {
	for i := range since {
		if e := &since[i]; e.G != op.G && Dependent(e, op) {
			return true
		}
	}
	return false
}

func (w *pos) choose(choices []Choice) int {
	at := 0
	for i := range choices {
		if w.pending[choices[i].G].priority > w.pending[choices[at].G].priority {
			at = i
		}
	}
	if n := alternatives(choices, at); n > 1 {
		at += w.rng.below(n)
	}
	return at
}

// slot returns the place of g in a slice by goroutine or object, which it lengthens where needed.
func slot[T any, I G | Obj](s *[]T, g I) *T {
	for int(g) >= len(*s) {
		var zero T
		*s = append(*s, zero)
	}
	return &(*s)[g]
}
