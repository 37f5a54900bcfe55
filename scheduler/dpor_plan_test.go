package scheduler

import (
	"math/rand/v2"
	"testing"
)

// TestDraftRandom: what a draft rules out by its marks is what is ruled out by looking at the steps themselves.
func TestDraftRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	random := func() act {
		a := act{move: move{int32(r.IntN(5)), int32(r.IntN(3) - 2)}, all: r.IntN(12) == 0}
		for range r.IntN(3) {
			a.uses = append(a.uses, use{obj: int32(r.IntN(4) * 21), mode: []Mode{Reads, Adds, Subs, Writes}[r.IntN(4)]})
		}
		return a
	}
	opened, kept := 0, 0
	for range 20 * *modelCount {
		b := random()
		v := make([]act, 1+r.IntN(5))
		var x execution
		d := draft{firm: firm{x: &x}}
		for i := range v {
			v[i] = random()
			x.steps = append(x.steps, step{move: v[i].move, all: v[i].all, first: int32(len(x.uses)), end: int32(len(x.uses) + len(v[i].uses))})
			x.uses = append(x.uses, v[i].uses...)
			d.links = append(d.links, link{v[i].move, int32(i), v[i].marks()})
		}
		d.links[len(v)-1].at, d.last = -1, v[len(v)-1]
		i, ok := b.opens(v)
		m := b.marks()
		j, same := d.opens(&b, &m)
		if ok != same || ok && i != j {
			t.Fatalf("%+v opens %+v: %d %t, with marks %d %t", b, v, i, ok, j, same)
		}
		if ok {
			opened++
		} else {
			kept++
		}
	}
	if opened < kept/10 || kept < opened/10 {
		t.Errorf("%d opened, %d did not", opened, kept)
	}
}
