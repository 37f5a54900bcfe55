package scheduler

import "testing"

// parts explores a share of a model's classes and returns them with their kinds.
func parts(t *testing.T, k *machine, s Strategy) (classes map[uint64]string, counted, made int) {
	t.Helper()
	classes = map[uint64]string{}
	for {
		r, ok := s.Next()
		if !ok {
			return classes, counted, made
		}
		o := k.run(r)
		made++
		if passed(r) {
			continue
		}
		if v, ok := r.(Diverger); ok && v.Diverged() != nil {
			t.Fatal(k.model.name, v.Diverged())
		}
		if _, twice := classes[o.Class]; twice {
			t.Errorf("%s: class %x is run twice in one share", k.model.name, o.Class)
		}
		counted++
		classes[o.Class] = o.Kind
	}
}

// TestDivide: the shares of a search are together what the whole is, and no class is in two.
func TestDivide(t *testing.T) {
	for _, m := range []*model{lostUpdate(2), lostUpdate(3), reorder(2, 1), twoStage(), deadlock01(), philosophers(3), philosophers(5), readers(5), casRot(4),
		lockInc(3), lastZero(2), lastZero(5), wrongLock(1), wcas(2), coA(2), coA(3), fib(1), fib(2), binc(2), binc(3), inc(3), writers(4)} {
		k := newMachine(m)
		whole, _, _ := parts(t, k, Exhaustive()(1))
		failing := false
		for _, kind := range whole {
			failing = failing || kind != "" && kind != KindDeadlock
		}
		for _, n := range []int{1, 2, 3, 7} {
			got, made := map[uint64]string{}, 0
			for i := range n {
				s := Exhaustive()(1).(*optimal)
				s.Shard(i, n)
				share, _, runs := parts(t, k, s)
				made += runs
				if !s.Complete() || s.strayed > 0 {
					t.Errorf("%s, share %d/%d: complete %t, %d strayed", m.name, i, n, s.Complete(), s.strayed)
				}
				for c, kind := range share {
					if _, twice := got[c]; twice {
						t.Errorf("%s: class %x is in two of %d shares", m.name, c, n)
					}
					got[c] = kind
				}
			}
			if testing.Verbose() {
				t.Logf("%s in %d shares: %d classes of %d, %d runs", m.name, n, len(got), len(whole), made)
			}
			if failing {
				continue // which of the classes that a verdict cuts short are run is not determined
			}
			for c := range whole {
				if _, ok := got[c]; !ok {
					t.Errorf("%s: class %x is in none of %d shares", m.name, c, n)
				}
			}
			if len(got) != len(whole) {
				t.Errorf("%s: %d classes in %d shares, %d in all", m.name, len(got), n, len(whole))
			}
		}
	}
}
