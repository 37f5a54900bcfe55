package scheduler

// URW walks so that each interleaving is as likely as every other (Zhao, Wolff, Mathur, Roychoudhury:
// Selectively Uniform Concurrency Testing, ASPLOS 2025): a goroutine goes on with a chance in proportion to the steps that it and
// those it will start still have to take. [Random] favours interleavings that are done with a short goroutine early.
//
// It is exact where the counts are and nothing blocks; the counts come from one run before, a uniform walk.
// A goroutine that has taken as many steps as the profile gave it counts as having one left.
//
// Where it departs from the paper: a goroutine that the profile has not seen has weight 1, alternatives of
// one operation are as likely as each other, and fairness and the clock are as [Random] has them.
func URW(seed uint64) Strategy { return newURW(seed, new(learned)) }

var _ Maker = URW

func newURW(seed uint64, l *learned) *walks {
	return &walks{name: "urw", seed: seed, learned: l, profiles: true, fresh: func() walker { return new(urw) }}
}

type urw struct {
	rng  *rng
	left weights
}

func (w *urw) begin(r *rng, p *profile) {
	w.rng = r
	w.left.begin(p)
}

func (w *urw) yield(G) {}

func (w *urw) see(d *Decision) {
	for i := range d.Since {
		e := &d.Since[i]
		if e.G >= 0 && e.Flags&Also == 0 {
			w.left.meet(&e.Op, ownSteps)
			w.left.spend(e.G)
		}
	}
	w.left.meetAll(d, ownSteps)
}

// ownSteps is what a goroutine's weight counts: its steps and those of the goroutines that it starts.
func ownSteps(p *profile, g int32) int32 { return p.who[g].steps }

func (w *urw) choose(choices []Choice) int {
	return w.left.draw(w.rng, choices, 1)
}

// weights is what each goroutine has left of what the profile counted.
type weights struct {
	profile *profile
	of      []weight // by goroutine
	here    []G      // by place in the profile: the goroutine of this run, plus 1
}

type weight struct {
	left int32
	met  bool
}

func (w *weights) begin(p *profile) {
	w.profile = p
	clear(w.of)
	w.of = w.of[:0]
	clear(w.here)
	w.here = w.here[:0]
	for len(w.here) < len(p.who) {
		w.here = append(w.here, 0)
	}
}

func (w *weights) meetAll(d *Decision, count func(*profile, int32) int32) {
	for i := range d.Choices {
		w.meet(&d.Choices[i], count)
	}
	for i := range d.Pending {
		w.meet(&d.Pending[i], count)
	}
}

// meet gives a goroutine that is new its weight, which is taken from its parent's.
func (w *weights) meet(op *Op, count func(*profile, int32) int32) {
	if op.G < 0 {
		return
	}
	at := slot(&w.of, op.G)
	if at.met {
		return
	}
	at.met = true
	g, ok := w.profile.index[op.ID]
	if !ok {
		return
	}
	at.left = count(w.profile, g)
	w.here[g] = op.G + 1
	if parent := w.profile.who[g].parent; parent >= 0 && w.here[parent] > 0 {
		from := &w.of[w.here[parent]-1]
		from.left = max(0, from.left-at.left)
	}
}

// spend takes one from g.
func (w *weights) spend(g G) {
	if at := &w.of[g]; at.left > 0 {
		at.left--
	}
}

// draw chooses a goroutine in proportion to its weight, which is at least least, and one of its alternatives;
// -1 if all weigh nothing.
func (w *weights) draw(r *rng, choices []Choice, least int32) int {
	sum := 0
	for i := range choices {
		if i == 0 || choices[i].G != choices[i-1].G {
			sum += int(max(least, w.of[choices[i].G].left))
		}
	}
	if sum == 0 {
		return -1
	}
	v := r.below(sum)
	for i := range choices {
		if i > 0 && choices[i].G == choices[i-1].G {
			continue
		}
		if v -= int(max(least, w.of[choices[i].G].left)); v < 0 {
			if n := alternatives(choices, i); n > 1 {
				i += r.below(n)
			}
			return i
		}
	}
	panic("lastcall: internal bug: weights do not add up")
}
