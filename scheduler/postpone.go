package scheduler

// Postpone draws a place in the program for each schedule, and goroutines that come there wait as long as another can go on.
// What else there is goes by SURW or, in every other schedule, by POS.
//
// It is the idea of active testing (Sen: Race Directed Random Testing of Concurrent Programs, PLDI 2008), which postpones
// goroutines at a statement that another analysis suspects. Here nothing is suspected: the places are the operations on objects that
// several goroutines were seen to use, and each has its turn before any has its second. A bug that shows whenever all goroutines are
// late at one place is found within as many schedules as there are places, however many goroutines there are. That is what
// SURW, POS and PCT cannot do: to them a hundred goroutines at one statement are a hundred steps to be delayed.
//
// Where it departs from the paper: there the goroutine that waits goes on once another comes to race with it, and of the two a coin decides;
// here it goes on when nothing else can, since the order that matters may be that of later steps. A goroutine that yields or spins ends the wait
// for the schedule, since it may wait for one that was made to. Alternatives, fairness and the clock are as [Random] has them.
func Postpone(seed uint64) Strategy { return newPostpone(seed, new(learned)) }

var _ Maker = Postpone

func newPostpone(seed uint64, l *learned) *walks {
	l.wantPlaces()
	return &walks{name: "postpone", seed: seed, learned: l, profiles: true, fresh: func() walker {
		return &postpone{places: l.places, surw: newSURW(seed, l).fresh(), pos: new(pos)}
	}}
}

type postpone struct {
	places *places
	surw   walker
	pos    walker
	base   walker
	at     uintptr
	some   []Choice // what does not wait
	index  []int    // and where that is among the choices
}

func (w *postpone) begin(r *rng, p *profile) {
	w.base = w.surw
	if r.below(4) == 0 {
		w.base = w.pos
	}
	w.base.begin(r, p)
	w.at = w.places.draw(r)
}

func (w *postpone) see(d *Decision) { w.base.see(d) }

func (w *postpone) yield(g G) {
	w.at = 0
	w.base.yield(g)
}

func (w *postpone) choose(choices []Choice) int {
	w.some, w.index = w.some[:0], w.index[:0]
	for i := range choices {
		if w.at == 0 || choices[i].PC != w.at {
			w.some, w.index = append(w.some, choices[i]), append(w.index, i)
		}
	}
	switch len(w.some) {
	case 0:
		return w.base.choose(choices)
	case 1:
		return w.index[0]
	}
	return w.index[w.base.choose(w.some)]
}
