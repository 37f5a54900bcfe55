package scheduler

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestParsimoniousModels compares with brute force: each class is run once.
func TestParsimoniousModels(t *testing.T) {
	for _, m := range []*model{lostUpdate(2), lostUpdate(3), reorder(2, 1), twoStage(), deadlock01(), philosophers(3), readers(5), casRot(4), lockInc(3), lastZero(2), wrongLock(1), wcas(2), coA(2), fib(1), binc(2)} {
		holdsParsimonious(t, m)
	}
}

// TestParsimoniousRandom does so with random models.
func TestParsimoniousRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(*modelSeed, 4))
	n := *modelCount / 10 // brute force takes long
	if testing.Short() || raceEnabled {
		n /= 5
	}
	classes, blocked := 0, 0
	for range n {
		m := mixedModel(r)
		if r.IntN(2) == 0 {
			m = failingModel(r)
		}
		c, b := holdsParsimonious(t, m)
		classes, blocked = classes+c, blocked+b
		if t.Failed() {
			return
		}
	}
	t.Logf("%d models, %d classes, %d runs that repeat others", n, classes, blocked)
}

// holdsParsimonious holds the search to brute force on one model, and returns how many classes there are and how many runs repeat others.
func holdsParsimonious(t *testing.T, m *model) (classes, blocked int) {
	t.Helper()
	k := newMachine(m)
	want := map[uint64]string{}
	every(k, func(o *Outcome, _ []int) { want[o.Class] = o.Kind })
	s := newParsimonious()
	got, runs := map[uint64]string{}, 0
	explore(t, k, s, func(o *Outcome, _ string) {
		runs++
		got[o.Class] = o.Kind
	})
	failing := missing(t, m, want, got)
	if runs != len(want)-failing+s.blocked || len(got) != len(want)-failing || s.strayed > 0 || !s.Complete() {
		t.Errorf("%s: %d runs, %d classes, of %d; %d blocked, %d strayed, complete %t", m, runs, len(got), len(want), s.blocked, s.strayed, s.Complete())
	}
	return len(want), s.blocked
}

// String says what its processes do.
func (m *model) String() string {
	s := m.name
	for _, p := range m.procs {
		s += ";"
		for _, in := range p {
			s += fmt.Sprintf(" %v %d", in.kind, in.obj)
		}
	}
	return s
}

// mixedModel has 2 to 4 processes and 3 to 9 steps, on three variables and two locks. Some leave a lock taken.
func mixedModel(r *rand.Rand) *model {
	m := &model{name: "mixed", init: make([]int, 6)}
	n := 2 + r.IntN(3)
	left := 3 + r.IntN([]int{7, 6, 5}[n-2])
	for i := range n {
		steps := 1 + r.IntN(1+2*left/(n-i))
		if i == n-1 {
			steps = left
		}
		left = max(left-steps, 0)
		var p proc
		held := [2]bool{}
		for range max(steps, 1) {
			o, l := 1+r.IntN(3), r.IntN(2)
			over := len(p) + 2
			switch r.IntN(11) {
			case 0, 1, 2:
				p = append(p, ld(o, 0))
			case 3:
				p = append(p, put(o, 1+r.IntN(2)))
			case 4:
				p = append(p, st(o, func(s *state) int { return s.reg[0] + 1 }))
			case 5:
				p = append(p, cas(o, r.IntN(2), 1+r.IntN(2)))
			case 6, 7:
				if held[l] = !held[l]; held[l] {
					p = append(p, lock(4+l))
				} else {
					p = append(p, unlock(4+l))
				}
			case 8:
				if !held[l] {
					p = append(p, tryLock(4+l).then(func(_ *machine, s *state) int { return over - s.reg[0] }), unlock(4+l))
				}
			default: // a branch
				p = append(p, ld(o, 1).then(func(_ *machine, s *state) int {
					if s.reg[1] != 0 {
						return over
					}
					return s.pc + 1
				}), put(1+o%3, 5))
			}
		}
		for l := range held {
			if held[l] && r.IntN(8) > 0 {
				p = append(p, unlock(4+l))
			}
		}
		m.procs = append(m.procs, p)
	}
	return m
}

// TestResumeParsimonious stops a search after each schedule and goes on with another one: it runs what it would have run, in the same order.
func TestResumeParsimonious(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	models := []*model{lostUpdate(3), readers(5), lastZero(4), wrongLock(1), fib(2), philosophers(3), coA(2)}
	for range 100 {
		models = append(models, mixedModel(r))
	}
	for _, m := range models {
		k := newMachine(m)
		k.keep = true
		run := func(s *parsimonious) (string, bool) {
			r, ok := s.Next()
			if !ok {
				return "", false
			}
			k.run(r)
			return name(k.trace), true
		}
		whole, s := newParsimonious(), newParsimonious()
		for n := 0; ; n++ {
			want, ok := run(whole)
			got, ok2 := run(s)
			if want != got || ok != ok2 {
				t.Fatalf("%s: schedule %d is another after a stop", m, n)
			}
			if !ok {
				break
			}
			position, err := s.Position()
			if err != nil {
				t.Fatal(err)
			}
			s = newParsimonious()
			if err := s.Resume(position); err != nil {
				t.Fatal(err)
			}
		}
		if !s.Complete() || s.blocked != whole.blocked {
			t.Errorf("%s: complete %t, %d blocked, %d without stops", m, s.Complete(), s.blocked, whole.blocked)
		}
	}
	for text, want := range map[string]string{
		`{`: "scheduler: the position of an exhaustive search: unexpected end of JSON input",
		`{"path":[{"node":{"can":[[0,0],[1,0]]}}]}`:              "scheduler: the position of an exhaustive search: it is about goroutine 0 of 0",
		`{"procs":[1],"path":[{"node":{"can":[[0,0]]}}]}`:        "scheduler: the position of an exhaustive search: a decision has 0 choices",
		`{"procs":[1],"path":[{"alt":true}]}`:                    "scheduler: the position of an exhaustive search: a step is an alternative of none",
		`{"procs":[1],"path":[{"older":[{"node":{"can":[]}}]}]}`: "scheduler: the position of an exhaustive search: a decision has 0 choices",
	} {
		if err := newParsimonious().Resume([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestEstimateParsimonious: it stays within 0 and 1, ends at 1, and is off by less than a twentieth of the whole.
func TestEstimateParsimonious(t *testing.T) {
	k, s := newMachine(readers(8)), newParsimonious()
	if _, ok := s.Estimate(); ok {
		t.Error("an estimate before the first run")
	}
	runs, last := 0, 0.0
	explore(t, k, s, func(*Outcome, string) {
		runs++
		done, ok := s.Estimate()
		if !ok || done < 0 || done > 1 {
			t.Fatalf("%v, %v after %d runs", done, ok, runs)
		}
		if real := float64(runs) / 256; done < real-0.05 || done > real+0.05 {
			t.Errorf("%.3f after %d runs of 256", done, runs)
		}
		last = done
	})
	if last != 1 || runs != 256 {
		t.Errorf("%v at the end, after %d runs", last, runs)
	}
}
