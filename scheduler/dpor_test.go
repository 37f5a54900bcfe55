package scheduler

import "testing"

// TestOptimalModels compares with brute force: each class is run once.
func TestOptimalModels(t *testing.T) {
	for _, m := range []*model{lostUpdate(2), lostUpdate(3), reorder(2, 1), twoStage(), deadlock01(), philosophers(3), readers(5), casRot(4), lockInc(3), lastZero(2), wrongLock(1), wcas(2), coA(2), fib(1), binc(2)} {
		k := newMachine(m)
		want := map[uint64]string{}
		every(k, func(o *Outcome, _ []int) { want[o.Class] = o.Kind })
		s := Exhaustive()(1)
		got, runs := map[uint64]string{}, 0
		explore(t, k, s, func(o *Outcome, _ string) {
			runs++
			got[o.Class] = o.Kind
		})
		kinds, failing := map[string]bool{}, 0
		for _, kind := range got {
			kinds[kind] = true
		}
		for c, kind := range want {
			if kind2, ok := got[c]; (!ok || kind != kind2) && (kind == "" || kind == KindDeadlock || !kinds[kind]) {
				t.Errorf("%s: class %x, %q, not run", m.name, c, kind)
			} else if !ok {
				failing++ // it was ended sooner
			}
		}
		o := s.(*optimal)
		if runs != len(want)-failing || len(got) != runs || o.blocked > 0 || o.strayed > 0 || !o.Complete() {
			t.Errorf("%s: %d runs, %d classes, of %d; %d blocked, %d strayed, complete %t", m.name, runs, len(got), len(want), o.blocked, o.strayed, o.Complete())
		}
	}
}
