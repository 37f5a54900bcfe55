package scheduler

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// sequenceOf is what a search picks in each run, what comes of it, and whether it is complete in the end. before is called before each run.
func sequenceOf(t *testing.T, m *model, s Strategy, before func()) (all []string) {
	k := newMachine(m)
	for {
		before()
		r, ok := s.Next()
		if !ok {
			return append(all, fmt.Sprint("complete ", s.(Completer).Complete()))
		}
		tape := tape{run: r}
		o := k.run(&tape)
		if d := r.(Diverger).Diverged(); d != nil {
			t.Fatal(m.name, d)
		}
		all = append(all, fmt.Sprintf("%s %s %x", tape.picks, o.Kind, o.Class))
	}
}

// TestSettledRandom: a search that looks at every step of every run does the same in the same order.
func TestSettledRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	models := []*model{lostUpdate(3), readers(6), lastZero(5), wrongLock(1), fib(2), philosophers(3), casRot(4), coA(3), withMain(inc(3)), masked()}
	for range *modelCount / 10 {
		models = append(models, failingModel(r), mixedModel(r), randomModel(r))
	}
	looked, settled := 0, 0
	for _, m := range models {
		s, all := newOptimal(), newOptimal()
		got := sequenceOf(t, m, s, func() {
			for _, is := range s.run.steps {
				if looked++; is.settled {
					settled++
				}
			}
		})
		want := sequenceOf(t, m, all, all.run.forget)
		if !slices.Equal(got, want) || s.blocked != all.blocked || s.strayed != all.strayed {
			t.Errorf("%s: %d runs and %d blocked, %d and %d where all is looked at", m.name, len(got), s.blocked, len(want), all.blocked)
		}
	}
	if settled < looked/4 {
		t.Errorf("%d of %d steps that were looked at are settled", settled, looked)
	}
	t.Logf("%d of %d steps that were looked at are settled", settled, looked)
}
