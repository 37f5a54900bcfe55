package scheduler

import (
	"math/rand/v2"
	"testing"
)

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

// randomModel has 2 or 3 processes with up to 4 steps each on two variables and a lock.
func randomModel(r *rand.Rand) *model {
	m := &model{name: "random", init: make([]int, 6)}
	for range 2 + r.IntN(2) {
		var p proc
		held := false
		for range 1 + r.IntN(4) {
			o := 1 + r.IntN(2)
			switch r.IntN(7) {
			case 0, 1:
				p = append(p, ld(o, 0))
			case 2:
				p = append(p, put(o, 1+r.IntN(2)))
			case 3:
				p = append(p, st(o, func(s *state) int { return s.reg[0] + 1 }))
			case 4:
				p = append(p, cas(o, r.IntN(2), 1+r.IntN(2)))
			case 5:
				if held = !held; held {
					p = append(p, lock(4))
				} else {
					p = append(p, unlock(4))
				}
			case 6: // a branch
				over := len(p) + 2
				p = append(p, ld(o, 1).then(func(_ *machine, s *state) int {
					if s.reg[1] != 0 {
						return over
					}
					return s.pc + 1
				}), put(3-o, 5))
			}
		}
		if held {
			p = append(p, unlock(4))
		}
		m.procs = append(m.procs, p)
	}
	return m
}

// TestDivideRandom divides random programs at random depths and compares with brute force.
func TestDivideRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	n := *modelCount / 15
	if testing.Short() || raceEnabled {
		n = 60
	}
	for range n {
		m := randomModel(r)
		k := newMachine(m)
		want := map[uint64]bool{}
		every(k, func(o *Outcome, _ []int) { want[o.Class] = true })
		for depth := 1; depth < 8; depth += 2 {
			got, shares := map[uint64]string{}, 1+r.IntN(3)
			for i := range shares {
				s := Exhaustive()(1).(*optimal)
				s.top = &division{mine: func(part int) bool { return part%shares == i }, depth: depth}
				share, _, _ := parts(t, k, s)
				for c, kind := range share {
					if _, twice := got[c]; twice || !want[c] {
						t.Errorf("%v, depth %d: class %x, known %t, twice %t", m.procs, depth, c, want[c], twice)
					}
					got[c] = kind
				}
			}
			if len(got) != len(want) {
				t.Errorf("%v, depth %d: %d classes of %d", m.procs, depth, len(got), len(want))
			}
		}
	}
}

// TestResumeOptimal stops a search after each schedule and goes on with another one: it runs what it would have run, in the same order.
func TestResumeOptimal(t *testing.T) {
	for _, m := range []*model{lostUpdate(3), readers(5), lastZero(4), wrongLock(1), fib(2), philosophers(3), coA(2)} {
		for _, shards := range []int{1, 3} {
			start := func() *optimal {
				s := Exhaustive()(1).(*optimal)
				if shards > 1 {
					s.Shard(1, shards)
				}
				return s
			}
			k := newMachine(m)
			k.keep = true
			run := func(s *optimal) (string, bool) {
				r, ok := s.Next()
				if !ok {
					return "", false
				}
				k.run(r)
				return name(k.trace), true
			}
			whole, s := start(), start()
			for n := 0; ; n++ {
				want, ok := run(whole)
				got, ok2 := run(s)
				if want != got || ok != ok2 {
					t.Fatalf("%s, %d shards: schedule %d is another after a stop", m.name, shards, n)
				}
				if !ok {
					break
				}
				position, err := s.Position()
				if err != nil {
					t.Fatal(err)
				}
				s = start()
				if err := s.Resume(position); err != nil {
					t.Fatal(err)
				}
			}
			if !s.Complete() || s.blocked != whole.blocked {
				t.Errorf("%s: complete %t, %d blocked, %d without stops", m.name, s.Complete(), s.blocked, whole.blocked)
			}
		}
	}
	s := Exhaustive()(1).(*optimal)
	s.Shard(0, 2)
	for text, want := range map[string]string{
		`{`:  "scheduler: the position of an exhaustive search: unexpected end of JSON input",
		`{}`: "scheduler: the position is of a search that was divided otherwise",
		`{"division":{"want":64},"nodes":[{"can":[[0,0],[0,1]],"objs":[0,0]}]}`:     "scheduler: the position of an exhaustive search: it is about goroutine 0 of 0",
		`{"division":{"want":64},"procs":[1],"nodes":[{"can":[[0,0]],"objs":[0]}]}`: "scheduler: the position of an exhaustive search: a decision has 1 choices",
		`{"division":{"want":65},"procs":[1],"nodes":[{"can":[[0,0],[0,1]]}]}`:      "scheduler: the position is of a search that was divided otherwise",
	} {
		if err := s.Resume([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
