package scheduler

import (
	"sync/atomic"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// learned is what strategies know from the schedules before. A portfolio's share one.
type learned struct {
	steps   atomic.Int64 // of the longest schedule so far
	picks   atomic.Int64 // decisions of the longest
	timing  timing
	profile atomic.Pointer[profile]
	places  *places // nil where no strategy asks for them
}

func (l *learned) wantPlaces() {
	if l.places == nil {
		l.places = new(places)
	}
}

func (l *learned) end(o *Outcome) {
	raise(&l.steps, o.Steps)
	raise(&l.picks, o.Decisions)
}

func raise(to *atomic.Int64, v int) {
	for {
		old := to.Load()
		if int64(v) <= old || to.CompareAndSwap(old, int64(v)) {
			return
		}
	}
}

// A profile is what one run did: how many steps each goroutine took, whom it started, and which objects they used.
// It speaks of goroutines and operations by identity, so that it serves other runs.
type profile struct {
	index map[uint64]int32 // goroutine identity to the place in who; looked up, never ranged over
	who   []profiled
	objs  []int32            // steps on each object
	users []int32            // for each object the place in who of the goroutine that used it, or several
	by    map[site]int32     // which object an operation used
	on    map[[2]int32]int32 // steps of a goroutine and its descendants on an object
	local []int32            // this run's objects to the place in objs, plus 1
	born  []int32            // this run's goroutines to the place in who of their parents, or -1
	heirs []int32            // who has started a goroutine that has not been seen yet, in order
}

// site names an operation in every run in which it happens.
type site struct {
	id uint64
	n  int32
}

type profiled struct {
	parent int32 // its place in who, or -1
	steps  int32 // its own and its descendants'
}

func newProfile() *profile {
	return &profile{index: map[uint64]int32{}, by: map[site]int32{}, on: map[[2]int32]int32{}}
}

// see adds what has happened since the last decision to the profile.
func (p *profile) see(since []Event, choices []Choice, pending []Op) {
	for i := range since {
		if since[i].G != Clock {
			p.step(&since[i])
		}
	}
	for i := range choices {
		p.meet(choices[i].G)
	}
	for i := range pending {
		p.meet(pending[i].G)
	}
}

func (p *profile) step(e *Event) {
	p.meet(e.G)
	g := p.goroutine(e)
	if e.Flags&Also == 0 {
		for a := g; a >= 0; a = p.who[a].parent {
			p.who[a].steps++
		}
		if e.Kind == kernel.Go {
			p.heirs = append(p.heirs, g)
		}
	}
	if e.Obj != 0 && uses[e.Kind].Obj != Unused {
		p.touch(g, e)
	}
}

// meet notes who started g. No step says so, but goroutines are numbered as they are started: the next number
// belongs to the oldest go statement whose goroutine has not been seen, or to a timer where there is none.
// A wrong guess makes a weight worse, nothing else.
func (p *profile) meet(g G) {
	for int(g) >= len(p.born) {
		parent := int32(-1)
		if len(p.heirs) > 0 {
			parent, p.heirs = p.heirs[0], p.heirs[1:]
		}
		p.born = append(p.born, parent)
	}
}

// goroutine returns the place of the goroutine that took a step, which it makes where needed.
func (p *profile) goroutine(e *Event) int32 {
	g, ok := p.index[e.ID]
	if !ok {
		g = int32(len(p.who))
		p.index[e.ID] = g
		p.who = append(p.who, profiled{parent: p.born[e.G]})
	}
	return g
}

// several stands for more than one goroutine.
const several = -1

// touch counts a step of goroutine g on an object.
func (p *profile) touch(g int32, e *Event) {
	for int(e.Obj) >= len(p.local) {
		p.local = append(p.local, 0)
	}
	o := p.local[e.Obj] - 1
	if o < 0 {
		o = int32(len(p.objs))
		p.objs = append(p.objs, 0)
		p.users = append(p.users, g)
		p.local[e.Obj] = o + 1
	}
	if _, seen := p.by[site{e.ID, e.N}]; !seen {
		p.by[site{e.ID, e.N}] = o
	}
	p.objs[o]++
	if p.users[o] != g {
		p.users[o] = several
	}
	for a := g; a >= 0; a = p.who[a].parent {
		p.on[[2]int32{a, o}]++
	}
}
