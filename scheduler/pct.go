package scheduler

import "fmt"

// PCT is probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler
// with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010). Each goroutine has a random priority and the highest
// that can go on does. After depth-1 steps drawn from the k of the run, the goroutine that took the step falls below
// all others. A bug that needs depth ordering constraints is found with probability 1/(n k^(depth-1)) or more in each
// schedule, for n goroutines.
//
// As published, each of the k steps can be a change point, those without a choice (Decision.Since has them) included.
// Counting decisions only would make k smaller and the bound better, but would lose changes within a forced stretch,
// which tell once the goroutine is woken.
//
// Where it departs from the paper:
//   - k is not given: it is the length of the longest schedule so far; the first is a uniform walk.
//   - A goroutine that starts during the run gets its place among the priorities at random (in the paper n is fixed).
//   - A goroutine that yields or spins falls below all others, and see fairness: PCT as published loops for ever on a
//     program that polls.
//   - Of one goroutine's alternatives (the ready cases of a select) each is as likely.
//   - The clock comes last, but for the moves that [Random] describes.
func PCT(depth int) Maker {
	if depth < 1 {
		panic(fmt.Sprintf("scheduler: PCT of depth %d: the least is 1", depth))
	}
	return func(seed uint64) Strategy { return newPCT(seed, depth, new(learned)) }
}

func newPCT(seed uint64, depth int, l *learned) *walks {
	return &walks{
		name: fmt.Sprintf("pct:%d", depth), seed: seed, learned: l, profiles: true,
		fresh: func() walker { return &pct{learned: l, change: make([]int, depth-1)} },
	}
}

type pct struct {
	learned  *learned
	rng      *rng
	change   []int   // after this many steps the goroutine falls to priority 1+index
	priority []int64 // by goroutine; 0 means not drawn yet
	low      int64   // the lowest priority given
	step     int
}

func (w *pct) begin(r *rng, _ *profile) {
	w.rng, w.step, w.low = r, 0, 0
	clear(w.priority)
	w.priority = w.priority[:0]
	k := max(1, int(w.learned.steps.Load()))
	for i := range w.change {
		w.change[i] = 1 + r.below(k)
	}
}

func (w *pct) see(d *Decision) {
	for i := range d.Since {
		e := &d.Since[i]
		if e.Flags&Also != 0 {
			continue
		}
		w.step++
		for j, c := range w.change {
			if c == w.step && e.G >= 0 {
				*slot(&w.priority, e.G) = int64(1 + j)
			}
		}
	}
}

func (w *pct) yield(g G) {
	w.low--
	*slot(&w.priority, g) = w.low
}

func (w *pct) choose(choices []Choice) int {
	best, at := int64(-1<<63), 0
	for i := range choices {
		if i > 0 && choices[i].G == choices[i-1].G {
			continue
		}
		p := slot(&w.priority, choices[i].G)
		if *p == 0 {
			// Above every change point's; that two are equal does not happen.
			*p = int64(w.rng.uint64()>>2 | 1<<62)
		}
		if *p > best {
			best, at = *p, i
		}
	}
	if n := alternatives(choices, at); n > 1 {
		at += w.rng.below(n)
	}
	return at
}
