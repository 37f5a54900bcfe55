package scheduler

// SURW is selectively uniform random walk (Zhao, Wolff, Mathur, Roychoudhury: Selectively Uniform Concurrency Testing,
// ASPLOS 2025). Each schedule draws one object, with a chance in proportion to the steps that a profile run took on it, and
// interleaves the steps on that object as [URW] does, each order as likely as every other; the steps on all else go by
// random priorities. The bug shows if the object is the right one, however much else the program does.
//
// Before a step on the object it is decided whose that shall be, in proportion to the steps on it that goroutines have
// left, their descendants' included; others wait before theirs until it is done. Where only such can go on, it is decided anew.
//
// Where it departs from the paper: any object can be drawn that several goroutines used, locks and channels too, since they are what Go
// programs share (the artifact draws memory that half of the threads used); it is recognised by the operations that touched it in the profile run; a goroutine
// that yields or spins makes the next step's owner be decided anew, since it may wait for one that was made to wait;
// alternatives, fairness and the clock are as [Random] has them.
func SURW(seed uint64) Strategy { return newSURW(seed, new(learned)) }

var _ Maker = SURW

func newSURW(seed uint64, l *learned) *walks {
	return &walks{name: "surw", seed: seed, learned: l, profiles: true, fresh: func() walker {
		w := new(surw)
		w.count = func(p *profile, g int32) int32 { return p.on[[2]int32{g, w.delta}] }
		return w
	}}
}

type surw struct {
	rng      *rng
	profile  *profile
	delta    int32   // the object drawn, as the profile numbers them; -1 for none
	objects  []int32 // by this run's object: 0 unknown, else the profile's plus 1
	left     weights // steps on delta
	count    func(*profile, int32) int32
	intended G // whose the next step on delta is
	order    []drawn
	parked   []bool
}

func (w *surw) begin(r *rng, p *profile) {
	w.rng, w.profile, w.intended = r, p, nobody
	clear(w.objects)
	w.objects = w.objects[:0]
	clear(w.order)
	w.order = w.order[:0]
	clear(w.parked)
	w.parked = w.parked[:0]
	w.left.begin(p)
	w.delta = w.object()
}

// object draws the object. How one goroutine's steps on what nobody else uses are interleaved is no question.
func (w *surw) object() int32 {
	p, sum := w.profile, 0
	for o, n := range p.objs {
		if p.users[o] == several {
			sum += int(n)
		}
	}
	if sum == 0 {
		return -1
	}
	v := w.rng.below(sum)
	for o, n := range p.objs {
		if p.users[o] != several {
			continue
		}
		if v -= int(n); v < 0 {
			return int32(o)
		}
	}
	panic("lastcall: internal bug: objects do not add up")
}

func (w *surw) yield(G) { w.release() }

// release lets those go on that wait before a step on the object.
func (w *surw) release() {
	w.intended = nobody
	clear(w.parked)
}

func (w *surw) see(d *Decision) {
	for i := range d.Since {
		e := &d.Since[i]
		if e.G < 0 || e.Flags&Also != 0 {
			continue
		}
		w.left.meet(&e.Op, w.count)
		if w.onDelta(&e.Op) {
			w.left.spend(e.G)
			w.release()
		}
	}
	w.born(d)
}

// born meets new goroutines. One that the intended goroutine started may take over.
func (w *surw) born(d *Decision) {
	before := int32(0)
	if w.intended >= 0 {
		before = w.left.of[w.intended].left
	}
	known := len(w.left.of)
	w.left.meetAll(d, w.count)
	if w.intended < 0 || len(w.left.of) == known {
		return
	}
	after := w.left.of[w.intended].left
	if before <= after || w.rng.below(int(before)) < int(after) {
		return
	}
	v := w.rng.below(int(before - after))
	for g := known; g < len(w.left.of); g++ {
		if v -= int(w.left.of[g].left); v < 0 {
			w.intended = G(g)
			return
		}
	}
}

// onDelta reports whether the operation is on the object drawn.
func (w *surw) onDelta(op *Op) bool {
	if op.Obj == 0 || w.delta < 0 || uses[op.Kind].Obj == Unused {
		return false
	}
	o := slot(&w.objects, op.Obj)
	if *o == 0 {
		*o = -1
		if known, ok := w.profile.by[site{op.ID, op.N}]; ok {
			*o = known + 1
		}
	}
	return *o == w.delta+1
}

// choose takes the highest priority. Where that is a step on the object, it is decided whose that shall be.
func (w *surw) choose(choices []Choice) int {
	for {
		at := w.first(choices)
		if at < 0 {
			w.release() // all wait, the intended one for something else
			continue
		}
		c := &choices[at]
		if w.onDelta(c) {
			if w.intended == nobody {
				w.intended = w.draw(choices, c.G)
			}
			if w.intended != c.G {
				if at = w.unparked(choices); at < 0 {
					w.release()
					continue
				}
			}
		}
		if n := alternatives(choices, at); n > 1 {
			at += w.rng.below(n)
		}
		return at
	}
}

// unparked returns the choice of the highest priority that is not a step on the object by another than the intended goroutine, or -1.
// Such steps of a higher priority wait from now on. It does in one go what the paper does one step at a time.
func (w *surw) unparked(choices []Choice) int {
	best, at := uint64(0), -1
	for i := range choices {
		if c := &choices[i]; !w.waits(c) && w.order[c.G].priority > best && !(w.onDelta(c) && c.G != w.intended) {
			best, at = w.order[c.G].priority, i
		}
	}
	for i := range choices {
		if c := &choices[i]; w.order[c.G].priority > best && w.onDelta(c) {
			*slot(&w.parked, c.G) = true
		}
	}
	return at
}

func (w *surw) waits(c *Choice) bool { return *slot(&w.parked, c.G) }

// draw chooses whose the next step on the object is, among those that do not wait, in proportion to the steps on it
// that they have left; g is about to take one, whatever the profile says.
func (w *surw) draw(choices []Choice, g G) G {
	sum := 0
	for i := range choices {
		if i == 0 || choices[i].G != choices[i-1].G {
			sum += w.chance(choices[i].G, g)
		}
	}
	v := w.rng.below(sum)
	for i := range choices {
		if i == 0 || choices[i].G != choices[i-1].G {
			if v -= w.chance(choices[i].G, g); v < 0 {
				return choices[i].G
			}
		}
	}
	panic("lastcall: internal bug: chances do not add up")
}

func (w *surw) chance(h, g G) int {
	left := int(w.left.of[h].left)
	switch {
	case h == g:
		return max(1, left)
	case *slot(&w.parked, h):
		return 0
	}
	return left
}

// first returns the choice of the highest priority among those that do not wait, or -1.
func (w *surw) first(choices []Choice) int {
	best, at := uint64(0), -1
	for i := range choices {
		c := &choices[i]
		if i > 0 && c.G == choices[i-1].G || *slot(&w.parked, c.G) {
			continue
		}
		p := slot(&w.order, c.G)
		if !p.known || p.n != c.N {
			*p = drawn{priority: w.rng.uint64() | 1, n: c.N, known: true}
		}
		if p.priority > best {
			best, at = p.priority, i
		}
	}
	return at
}
