package scheduler

import (
	"fmt"
	"testing"
)

// leastPreemptions returns how many a failure of m needs, by trying every schedule.
func leastPreemptions(m *model) int {
	k, least := newMachine(m), 1<<30
	k.keep = true
	every(k, func(o *Outcome, _ []int) {
		if o.Failed {
			p, _ := costs(k)
			least = min(least, p)
		}
	})
	return least
}

// steps has a reader that must see 0, 1 .. n, each written by another process: it takes n preemptions.
func steps(n int) *model {
	reader := proc{}
	for i := range n + 1 {
		reader = append(reader, ld(1, 0).then(func(m *machine, p *state) int {
			if p.reg[0] != i {
				return 99
			}
			if i == n {
				m.fail("climbed")
			}
			return p.pc + 1
		}))
	}
	return &model{name: fmt.Sprintf("steps(%d)", n), init: make([]int, 2),
		procs: append([]proc{reader}, same(n, func(i int) proc { return proc{put(1, 1+i)} })...)}
}

// failing returns the first schedule of s that fails.
func failing(t *testing.T, k *machine, s Strategy) *Schedule {
	t.Helper()
	var rec Recorder
	for range 100000 {
		r, _ := s.Next()
		if k.run(rec.Record(r)).Failed {
			return rec.Schedule("test")
		}
	}
	t.Fatalf("%s: no failure in 100,000 schedules of %v", k.model.name, s)
	return nil
}

func sameAs(kind string) func(*Outcome) bool {
	return func(o *Outcome) bool { return o.Failed && o.Kind == kind }
}

// TestShrink compares with brute force: from any failure the least number of preemptions is reached.
func TestShrink(t *testing.T) {
	for _, m := range []*model{lostUpdate(2), lostUpdate(4), reorder(2, 1), reorder(3, 1), reorder(9, 1), twoStage(), wrongLock(1), wrongLock(3), deadlock01(), philosophers(3), philosophers(5), steps(2), steps(3)} {
		k, want := newMachine(m), 1
		switch m.name { // brute force takes too long
		case "reorder(9,1)", "wronglock(1,3)", "reorder(3,1)", "lostupdate(4)", "philosophers(5)":
		default:
			want = leastPreemptions(m)
		}
		seeds := 20
		if raceEnabled {
			seeds = 4
		}
		for seed := range uint64(seeds) {
			bad := failing(t, k, POS(seed))
			o := k.run(must(Replay(bad)(0)))
			same, replays := sameAs(o.Kind), 0
			try := func(r Run) *Outcome { replays++; return k.run(r) }
			good := Shrink(try, bad, same, ShrinkReplays)
			var rec Recorder
			run := must(Replay(good)(0))
			if o := k.run(rec.Record(run)); !same(o) || rec.diverged() {
				t.Fatalf("%s, seed %d: what Shrink returns gives %+v, divergence %v", m.name, seed, o, rec.Diverged())
			}
			if got := rec.Cost().Preemptions; got != want || replays > ShrinkReplays {
				t.Errorf("%s, seed %d: %+v after %d replays, want %d preemptions", m.name, seed, rec.Cost(), replays, want)
			}
			if again := Shrink(k.run, bad, same, ShrinkReplays); again.Token() != good.Token() {
				t.Errorf("%s, seed %d: shrinks to %s and to %s", m.name, seed, good.Token(), again.Token())
			}
		}
	}
}

func must(s Strategy) Run {
	r, ok := s.Next()
	if !ok {
		panic("no schedule left")
	}
	return r
}

func TestShrinkStops(t *testing.T) {
	k := newMachine(reorder(9, 1))
	bad := failing(t, k, Random(1))
	cost := func(s *Schedule) Cost {
		var rec Recorder
		k.run(rec.Record(must(Replay(s)(0))))
		return rec.Cost()
	}
	before := cost(bad)
	for _, budget := range []int{0, 1, 2, 10, 50, 200} {
		n := 0
		got := Shrink(func(r Run) *Outcome { n++; return k.run(r) }, bad, sameAs("reordered"), budget)
		if n > budget {
			t.Errorf("budget %d: %d replays", budget, n)
		}
		interrupted := Shrink(func(r Run) *Outcome {
			if n--; n < 0 {
				return nil
			}
			return k.run(r)
		}, bad, sameAs("reordered"), ShrinkReplays)
		for _, s := range []*Schedule{got, interrupted} {
			c := cost(s)
			if before.Less(c) {
				t.Errorf("budget %d: from %+v to %+v", budget, before, c)
			}
			before = max2(before, c)
		}
		before = cost(bad)
	}
}

func max2(a, b Cost) Cost {
	if a.Less(b) {
		return b
	}
	return a
}

// TestShrinkOther: a failure of another kind does not count.
func TestShrinkOther(t *testing.T) {
	k := newMachine(reorder(2, 1))
	bad := failing(t, k, Random(1))
	if got := Shrink(k.run, bad, sameAs(KindDeadlock), ShrinkReplays); got != bad {
		t.Errorf("a schedule whose failure does not recur came back as %s", got.Token())
	}
}
