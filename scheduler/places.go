package scheduler

import "sync"

// places are the operations of the program, by where they stand in it, that goroutines contend for: what [Postpone] holds goroutines back at.
// They are those of all schedules so far. The number of a place is the order in which it was found; its address
// serves to know it again and for nothing else, so another build of the same program is explored alike.
type places struct {
	mu   sync.Mutex
	at   []uintptr // in the order found
	deck []int32   // those that have not been drawn in this round
}

// draw takes a place out of the deck: each is drawn once before any is drawn again. It returns 0 where none is known.
func (p *places) draw(r *rng) uintptr {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.at) == 0 {
		return 0
	}
	if len(p.deck) == 0 {
		for i := range p.at {
			p.deck = append(p.deck, int32(i))
		}
	}
	i, last := r.below(len(p.deck)), len(p.deck)-1
	n := p.deck[i]
	p.deck[i] = p.deck[last]
	p.deck = p.deck[:last]
	return p.at[n]
}

// add adds what a run has found.
func (p *places) add(found []uintptr) {
	p.mu.Lock()
	defer p.mu.Unlock()
next:
	for _, pc := range found {
		for _, known := range p.at {
			if known == pc {
				continue next
			}
		}
		p.deck = append(p.deck, int32(len(p.at)))
		p.at = append(p.at, pc)
	}
}

// visits are the places that one run comes to.
type visits struct {
	places *places
	known  map[uintptr]bool // places that need not be looked at again; looked up, never ranged over
	objs   []contended      // by object
	at     []visit
	found  []uintptr
}

// contended tells whether an object was used by several goroutines, in ways whose order matters.
type contended struct {
	by     G
	used   bool
	wrote  bool
	shared bool
}

type visit struct {
	obj Obj
	pc  uintptr
}

func (v *visits) begin(p *places) {
	v.places = p
	if v.known == nil {
		v.known = make(map[uintptr]bool)
	}
	clear(v.objs)
	v.objs, v.at, v.found = v.objs[:0], v.at[:0], v.found[:0]
}

// see takes what was carried out since the last decision.
func (v *visits) see(since []Event) {
	for i := range since {
		e := &since[i]
		u := Access(&e.Op, e.Flags)
		if e.G < 0 || e.Obj == 0 || e.PC == 0 || u.Obj == Unused || e.Flags&Also != 0 {
			continue
		}
		o := slot(&v.objs, e.Obj)
		switch {
		case !o.used:
			*o = contended{by: e.G, used: true, wrote: u.Obj != Reads}
		case o.by != e.G:
			o.shared = o.shared || o.wrote || u.Obj != Reads
			o.by = e.G
		}
		o.wrote = o.wrote || u.Obj != Reads
		if !v.known[e.PC] && !v.visited(e.Obj, e.PC) {
			v.at = append(v.at, visit{e.Obj, e.PC})
		}
	}
}

func (v *visits) visited(obj Obj, pc uintptr) bool {
	for i := len(v.at) - 1; i >= 0; i-- {
		if v.at[i].pc == pc && v.at[i].obj == obj {
			return true
		}
	}
	return false
}

// end hands over the places whose objects turned out to be contended for.
func (v *visits) end() {
	for _, a := range v.at {
		if v.objs[a.obj].shared && !v.known[a.pc] {
			v.known[a.pc] = true
			v.found = append(v.found, a.pc)
		}
	}
	if len(v.found) > 0 {
		v.places.add(v.found)
	}
}
