package scheduler

import (
	"fmt"
	"maps"
	"testing"
)

// explore runs s to its end and calls f after each schedule, with its decisions.
func explore(t *testing.T, m *machine, s Strategy, f func(o *Outcome, picks string)) {
	t.Helper()
	var tape tape
	for {
		r, ok := s.Next()
		if !ok {
			return
		}
		tape.run, tape.picks = r, tape.picks[:0]
		o := m.run(&tape)
		if d, ok := r.(Diverger); ok && d.Diverged() != nil {
			t.Fatal(d.Diverged())
		}
		f(o, string(tape.picks))
	}
}

// tape keeps the indices that a run picks.
type tape struct {
	run   Run
	picks []byte
}

func (t *tape) Pick(d *Decision) int {
	i := t.run.Pick(d)
	t.picks = append(t.picks, byte('a'+i))
	return i
}

func (t *tape) End(o *Outcome) { t.run.End(o) }

// costs counts, from the trace of a run alone, what the bounds count.
func costs(k *machine) (preemptions, delays int) {
	last, n := -1, len(k.model.procs)
	replay := newMachine(k.model)
	replay.reset()
	for _, e := range k.trace {
		able := make([]bool, n)
		for i := range n {
			able[i] = replay.enabled(i)
		}
		g := int(e.G)
		if last >= 0 && last != g && able[last] {
			preemptions++
		}
		for i := max(last, 0); i%n != g; i++ {
			if able[i%n] {
				delays++
			}
		}
		replay.step(g, false)
		last = g
	}
	return preemptions, delays
}

// TestExhaustive compares with brute force: the schedules run are those within the bound, each once,
// and those that cost less come first.
func TestExhaustive(t *testing.T) {
	for _, m := range []*model{lostUpdate(2), lostUpdate(3), reorder(2, 1), twoStage(), deadlock01(), philosophers(3), readers(5), casRot(4), lockInc(3), lastZero(2), wrongLock(1)} {
		k := newMachine(m)
		k.keep = true
		type cost struct{ preemptions, delays int }
		want := map[string]cost{}
		every(k, func(_ *Outcome, picks []int) {
			s := make([]byte, len(picks))
			for i, p := range picks {
				s[i] = byte('a' + p)
			}
			p, d := costs(k)
			want[string(s)] = cost{p, d}
		})
		check := func(name string, bounds []Bound, key func(c cost) int, within func(c cost) bool) {
			s := DepthFirst(bounds...)(1)
			got, last := map[string]bool{}, 0
			explore(t, k, s, func(_ *Outcome, picks string) {
				c, ok := want[picks]
				if !ok || got[picks] || !within(c) {
					t.Fatalf("%s, %s: schedule %s: known %v, run before %v, cost %v", m.name, name, picks, ok, got[picks], c)
				}
				if got[picks] = true; key(c) < last {
					t.Fatalf("%s, %s: a schedule of cost %v after one of %d", m.name, name, c, last)
				}
				last = key(c)
			})
			n := 0
			for c := range maps.Values(want) {
				if within(c) {
					n++
				}
			}
			if len(got) != n {
				t.Errorf("%s, %s: %d schedules run, there are %d", m.name, name, len(got), n)
			}
			if c := s.(Completer); !c.Complete() || c.Bounded() != (n < len(want)) {
				t.Errorf("%s, %s: complete %v, bounded %v, with %d of %d schedules within", m.name, name, c.Complete(), c.Bounded(), n, len(want))
			}
		}
		check("no bound", nil, func(cost) int { return 0 }, func(cost) bool { return true })
		for n := range 4 {
			preempt := func(c cost) bool { return c.preemptions <= n }
			delay := func(c cost) bool { return c.delays <= n }
			check(fmt.Sprint("preemptions ", n), []Bound{Preemptions(n)}, func(c cost) int { return c.preemptions }, preempt)
			check(fmt.Sprint("delays ", n), []Bound{Delays(n)}, func(c cost) int { return c.delays }, delay)
			check(fmt.Sprint("both ", n), []Bound{Preemptions(n), Delays(2 * n)}, func(c cost) int { return c.preemptions },
				func(c cost) bool { return preempt(c) && c.delays <= 2*n })
		}
	}
}

// TestExhaustiveClasses compares the number of equivalence classes within each bound with the published and computed
// tables; it holds Fingerprint to the same.
func TestExhaustiveClasses(t *testing.T) {
	for _, test := range []struct {
		m           *model
		preemptions []int // classes that have a schedule with so many, from 0 on; the last is all of them
		delays      []int
	}{
		{readers(3), []int{8}, []int{1, 2, 5, 8}},
		{readers(6), []int{64}, []int{1, 2, 8, 23, 43, 58, 64}},
		{writers(6), []int{720}, []int{1, 6, 20, 49, 98, 169, 259, 360, 461, 551, 622, 671, 700, 714, 719, 720}},
		{inc(2), []int{2, 4}, []int{1, 3, 4}},
		{inc(3), []int{6, 24, 36}, []int{1, 5, 14, 24, 32, 35, 36}},
		{inc(4), []int{24, 168, 432, 576}, []int{1, 7, 28, 75, 158, 265, 372, 465, 525, 556, 572, 576}},
		{binc(3), []int{6, 24, 36}, []int{1, 5, 13, 22, 29, 33, 35, 36}},
		{lockInc(4), []int{24}, []int{1, 4, 9, 15, 20, 23, 24}},
		{philosophers(3), []int{6, 7}, []int{1, 4, 7}},
		{fib(2), []int{6, 33, 98, 137, 140}, []int{1, 7, 23, 59, 99, 122, 135, 140}},
		{coA(3), []int{24, 90, 130}, []int{1, 7, 24, 51, 80, 99, 116, 125, 128, 130}},
		{casRot(4), nil, nil},
		{casRot(5), nil, nil},
		{casRot(6), nil, nil},
		{wcas(4), nil, nil},
		{lastZero(3), nil, nil},
	} {
		k := newMachine(test.m)
		check := func(bound func(int) Bound, want []int) {
			for n, classes := range want {
				if n+1 < len(want) && n > 4 || raceEnabled && n > 2 {
					continue // the loops in between cost time and tell nothing new
				}
				got := map[uint64]bool{}
				explore(t, k, Exhaustive(bound(n))(1), func(o *Outcome, _ string) { got[o.Class] = true })
				if len(got) != classes {
					t.Errorf("%s, %v: %d classes, want %d", test.m.name, bound(n), len(got), classes)
				}
			}
		}
		check(Preemptions, test.preemptions)
		check(Delays, test.delays)
		all := map[string]int{"casrot(4)": 14, "casrot(5)": 43, "casrot(6)": 144, "wcas(4)": 33, "lastzero(3)": 12, "readers(6)": 64, "inc(3)": 36, "CoA(3)": 130}[test.m.name]
		if all == 0 {
			continue
		}
		got := map[uint64]bool{}
		explore(t, k, Exhaustive()(1), func(o *Outcome, _ string) { got[o.Class] = true })
		if len(got) != all {
			t.Errorf("%s: %d classes, want %d", test.m.name, len(got), all)
		}
	}
}

func TestExhaustiveDivergence(t *testing.T) {
	one, other := newMachine(lostUpdate(3)), newMachine(reorder(2, 1))
	s := Exhaustive()(1)
	r, _ := s.Next()
	one.run(r)
	r, _ = s.Next()
	other.run(r)
	d := r.(Diverger).Diverged()
	if d == nil || d.How != OtherChoices || s.(Completer).Complete() {
		t.Fatalf("a program that changed: divergence %v", d)
	}

	short := newMachine(lostUpdate(3))
	s = Exhaustive()(1)
	r, _ = s.Next()
	short.run(r)
	r, _ = s.Next()
	r.End(&Outcome{})
	if d := r.(Diverger).Diverged(); d == nil || d.How != TooShort {
		t.Fatalf("a program that ends at once: divergence %v", d)
	}
}

func TestExhaustiveCut(t *testing.T) {
	k := newMachine(lostUpdate(2))
	k.stepsMax = 3
	s := Exhaustive()(1)
	explore(t, k, s, func(*Outcome, string) {})
	if s.(Completer).Complete() {
		t.Error("complete, although the step limit cut every schedule")
	}
}

func TestExhaustiveSpin(t *testing.T) {
	// One polls what the other sets: without fairness the first schedule would not end.
	poll := ld(1, 0).then(func(_ *machine, p *state) int { return p.reg[0] })
	k := newMachine(&model{name: "poll", init: make([]int, 2), procs: []proc{{poll}, {put(1, 1)}}})
	s, runs := Exhaustive()(1), 0
	explore(t, k, s, func(o *Outcome, _ string) {
		if runs++; o.Failed || o.Cut {
			t.Errorf("schedule %d: %+v", runs, o)
		}
	})
	if s.(Completer).Complete() || runs < spinMax {
		t.Errorf("complete %v after %d schedules of a program that polls", s.(Completer).Complete(), runs)
	}
}

func TestExhaustiveConcurrent(t *testing.T) {
	const want = 36
	s, done := Exhaustive()(1), make(chan int)
	for range 4 {
		go func() {
			k, n := newMachine(inc(3)), 0
			explore(t, k, s, func(*Outcome, string) { n++ })
			done <- n
		}()
	}
	if got := <-done + <-done + <-done + <-done; got != want || !s.(Completer).Complete() {
		t.Errorf("four at once ran %d schedules, of %d classes", got, want)
	}
}
