package scheduler

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

var (
	modelCount = flag.Int("models", 750, "how many random models to hold the exhaustive search to brute force with")
	modelSeed  = flag.Uint64("modelseed", 1, "what they are drawn with")
)

// The steps that random models are made of, on two variables and a lock: those that may fail, what makes them, and what sees it.
var modelSteps = []struct {
	name string
	make func(r *rand.Rand) (string, instr)
}{
	{"load", func(r *rand.Rand) (string, instr) {
		o := 1 + r.IntN(2)
		return fmt.Sprint("R", o), ld(o, 0)
	}},
	{"store", func(r *rand.Rand) (string, instr) {
		o, v := 1+r.IntN(2), r.IntN(3)
		return fmt.Sprintf("W%d=%d", o, v), put(o, v)
	}},
	{"cas", func(r *rand.Rand) (string, instr) {
		o, old, v := 1+r.IntN(2), r.IntN(3), r.IntN(3)
		return fmt.Sprintf("CAS(%d,%d,%d)", o, old, v), cas(o, old, v)
	}},
	{"cas", func(*rand.Rand) (string, instr) { return "CAS(1,0,1)", cas(1, 0, 1) }},
	{"add", func(r *rand.Rand) (string, instr) { return "add", add(1+r.IntN(2), 1) }},
	{"branch", func(r *rand.Rand) (string, instr) {
		o := 1 + r.IntN(2)
		return fmt.Sprint("skip unless ", o), ld(o, 0).then(func(_ *machine, p *state) int {
			if p.reg[0] == 0 {
				return p.pc + 2
			}
			return p.pc + 1
		})
	}},
	{"lock", func(*rand.Rand) (string, instr) { return "lock", lock(3) }},
	{"unlock", func(*rand.Rand) (string, instr) { return "unlock", unlock(3) }},
	{"trylock", func(*rand.Rand) (string, instr) { return "trylock", tryLock(3) }},
	{"trylock", func(*rand.Rand) (string, instr) {
		return "skip unless trylock", tryLock(3).then(func(_ *machine, p *state) int { return p.pc + 2 - p.reg[0] })
	}},
}

// failingModel is made of a few kinds of step, or they would seldom have to do with each other.
func failingModel(r *rand.Rand) *model {
	kinds := make([]int, 2+r.IntN(3))
	for i := range kinds {
		kinds[i] = r.IntN(len(modelSteps))
	}
	n := 2 + r.IntN(3)
	m := &model{init: make([]int, 4), procs: make([]proc, n)}
	names := make([][]string, n)
	for range 2 + r.IntN(7) {
		i := r.IntN(n)
		name, in := modelSteps[kinds[r.IntN(len(kinds))]].make(r)
		m.procs[i], names[i] = append(m.procs[i], in), append(names[i], name)
	}
	for i := range names {
		m.name += strings.Join(names[i], "; ") + " | "
	}
	return m
}

// TestOptimalRandomModels: of each class of small programs one schedule is run, and the search says so, whatever way its compare-and-swaps and
// TryLocks turn out in another order.
func TestOptimalRandomModels(t *testing.T) {
	if testing.Short() {
		*modelCount = min(*modelCount, 500)
	}
	r := rand.New(rand.NewPCG(*modelSeed, 0))
	classes, bad := 0, 0
	for i := 0; i < *modelCount && bad < 10; i++ {
		m := failingModel(r)
		k := newMachine(m)
		want := map[uint64]bool{}
		every(k, func(o *Outcome, _ []int) { want[o.Class] = true })
		s := Exhaustive()(1).(*optimal)
		got, runs := map[uint64]bool{}, 0
		explore(t, k, s, func(o *Outcome, _ string) {
			runs++
			got[o.Class] = true
		})
		classes += runs
		if len(got) != len(want) || runs != len(want) || s.blocked > 0 || s.strayed > 0 || !s.Complete() {
			bad++
			t.Errorf("%s: %d runs, %d classes, of %d; %d blocked, %d strayed, complete %t", m.name, runs, len(got), len(want), s.blocked, s.strayed, s.Complete())
		}
	}
	t.Logf("%d classes", classes)
}
