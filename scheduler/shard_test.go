package scheduler

import "testing"

// TestShardBounded: the shares of a search within bounds are together the whole, no schedule is in two, and in each those that cost less come first.
func TestShardBounded(t *testing.T) {
	for _, m := range []*model{lostUpdate(2), lostUpdate(3), reorder(2, 1), twoStage(), deadlock01(), philosophers(3), readers(4), lastZero(2)} {
		for _, maker := range []Maker{DepthFirst(Preemptions(1)), DepthFirst(Delays(2)), DepthFirst(Preemptions(3))} {
			k := newMachine(m)
			k.keep = true
			run := func(s Strategy) (all []string) {
				last := 0
				for {
					r, ok := s.Next()
					if !ok {
						break
					}
					k.run(r)
					if passed(r) {
						continue
					}
					all = append(all, name(k.trace))
					if p, _ := costs(k); s.(*exhaustive).bounds[0].name == "Preemptions" {
						if p < last {
							t.Errorf("%s, %v: %d preemptions after %d", m.name, s, p, last)
						}
						last = p
					}
				}
				if !s.(*exhaustive).Complete() {
					t.Errorf("%s, %v: not complete", m.name, s)
				}
				return all
			}
			want := map[string]bool{}
			for _, trace := range run(maker(1)) {
				want[trace] = true
			}
			for _, n := range []int{1, 2, 5} {
				got := map[string]bool{}
				for i := range n {
					s := maker(1)
					s.(Sharder).Shard(i, n)
					for _, trace := range run(s) {
						if got[trace] || !want[trace] {
							t.Errorf("%s, %v: a schedule of share %d/%d: known %t, twice %t", m.name, s, i, n, want[trace], got[trace])
						}
						got[trace] = true
					}
				}
				if len(got) != len(want) {
					t.Errorf("%s, %v: %d schedules in %d shares, %d in all", m.name, maker(1), len(got), n, len(want))
				}
			}
		}
	}
}
