package scheduler

import "testing"

// TestOptimalModels compares with brute force: each class is run once.
func TestOptimalModels(t *testing.T) {
	for _, m := range []*model{lostUpdate(2), lostUpdate(3), reorder(2, 1), twoStage(), deadlock01(), philosophers(3), readers(5), casRot(4), lockInc(3), lastZero(2), wrongLock(1), wcas(2), masked(), coA(2), fib(1), binc(2)} {
		k := newMachine(m)
		want := map[uint64]string{}
		every(k, func(o *Outcome, _ []int) { want[o.Class] = o.Kind })
		s := Exhaustive()(1)
		got, runs := map[uint64]string{}, 0
		explore(t, k, s, func(o *Outcome, _ string) {
			runs++
			got[o.Class] = o.Kind
		})
		failing := missing(t, m.name, want, got)
		o := s.(*optimal)
		if runs != len(want)-failing || len(got) != runs || o.blocked > 0 || o.strayed > 0 || !o.Complete() {
			t.Errorf("%s: %d runs, %d classes, of %d; %d blocked, %d strayed, complete %t", m.name, runs, len(got), len(want), o.blocked, o.strayed, o.Complete())
		}
	}
}

// TestEstimate: it stays within 0 and 1, ends at 1, and is off by less than a factor of 4.
func TestEstimate(t *testing.T) {
	k, s, runs := newMachine(readers(8)), Exhaustive()(1), 0
	e := s.(Estimator)
	if _, ok := e.Estimate(); ok {
		t.Error("an estimate before the first run")
	}
	explore(t, k, s, func(*Outcome, string) {
		runs++
		done, ok := e.Estimate()
		if !ok || done < 0 || done > 1 {
			t.Fatalf("%v, %v after %d runs", done, ok, runs)
		}
		if real := float64(runs) / 256; runs > 32 && (done < real/4 || done > 4*real) {
			t.Errorf("%.3f after %d runs of 256", done, runs)
		}
	})
	if done, ok := e.Estimate(); !ok || done != 1 {
		t.Errorf("%v, %v at the end", done, ok)
	}
}

// missing holds the classes that were run to those that there are. It returns how many are not among them since a run that came to the same verdict ended sooner.
func missing(t *testing.T, name any, want, got map[uint64]string) (ended int) {
	t.Helper()
	kinds := map[string]bool{}
	for _, kind := range got {
		kinds[kind] = true
	}
	for c, kind := range want {
		if kind2, ok := got[c]; (!ok || kind != kind2) && (kind == "" || kind == KindDeadlock || !kinds[kind]) {
			t.Errorf("%s: class %x, %q, not run", name, c, kind)
		} else if !ok {
			ended++
		}
	}
	return ended
}
