package scheduler

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// crowned runs a search that does not reduce, shared between limbs or not, to its end. Where stop is given it says before each schedule whether all is to be stopped there, and is gone on with by
// others.
type crowned struct {
	t     *testing.T
	k     *machine
	maker Maker
	s     sharer
	limbs [Lanes]*Limb
	runs  []string       // schedules in the order in which they count
	costs map[string]int // their preemptions
	stop  func() bool
	first func() int // which of two rounds that are under way is carried out first
	shard [2]int
}

func (h *crowned) make() {
	h.s, h.limbs = h.maker(1).(sharer), [Lanes]*Limb{}
	if h.shard[1] > 0 {
		h.s.(Sharder).Shard(h.shard[0], h.shard[1])
	}
}

// run runs one, and reports its choices, or that it does not count.
func (h *crowned) run(r Run) (picks string, counts bool) {
	var tape tape
	tape.run = r
	h.k.run(&tape)
	if d := r.(Diverger).Diverged(); d != nil {
		h.t.Fatal(h.k.model.name, d)
	}
	picks = string(tape.picks)
	h.costs[picks], _ = costs(h.k)
	return picks, !passed(r)
}

// another process goes on.
func (h *crowned) another() {
	position, err := h.s.Position()
	if err != nil {
		h.t.Fatal(err)
	}
	behind, _ := h.s.Estimate()
	shared := h.s.Shared()
	h.make()
	if err := h.s.Resume(position); err != nil {
		h.t.Fatal(err)
	}
	if b, _ := h.s.Estimate(); b != behind || h.s.Shared() != shared {
		h.t.Errorf("%s: an estimated %v is behind, before it was stopped %v", h.k.model.name, b, behind)
	}
}

// alone runs it on one process, up to so many schedules.
func (h *crowned) alone(most int) {
	for range most {
		if h.stop() {
			h.another()
		}
		r, ok := h.s.Next()
		if !ok {
			return
		}
		if picks, counts := h.run(r); counts {
			h.runs = append(h.runs, picks)
		}
	}
}

// order carries out an order, and returns what counts.
func (h *crowned) order(o Order) (runs []string, news *News, stopped bool) {
	news, stopped = carryOut(h.t, h.s, &h.limbs, o, h.stop, func(r Run) {
		if picks, counts := h.run(r); counts {
			runs = append(runs, picks)
		}
	})
	return runs, news, stopped
}

// shared runs it on several.
func (h *crowned) shared() {
	of := h.s.Share()
	round := func() []Order {
		orders, err := of.Round(1 << 30)
		if err != nil {
			h.t.Fatal(err)
		}
		return orders
	}
	for {
		rounds := [][]Order{round()}
		if len(rounds[0]) == 0 {
			return
		}
		if more := round(); len(more) > 0 {
			rounds = append(rounds, more)
		}
		news, stopped := [Lanes]*News{}, false
		for i := range rounds {
			if len(rounds) > 1 {
				i ^= h.first()
			}
			for _, o := range rounds[i%len(rounds)] {
				if news[o.Lane] != nil {
					continue
				}
				runs, n, stop := h.order(o)
				news[o.Lane], stopped = n, stopped || stop
				h.runs = append(h.runs, runs...)
			}
		}
		for _, orders := range rounds {
			for _, o := range orders {
				if news[o.Lane] == nil {
					runs, n, stop := h.order(o)
					news[o.Lane], stopped = n, stopped || stop
					h.runs = append(h.runs, runs...)
				}
				of.Take(o.Lane, news[o.Lane])
			}
		}
		if stopped {
			h.another()
			of = h.s.Share()
		}
	}
}

// TestCrown: a search that does not reduce runs on several processes, in shards, and stopped again and again, what it runs otherwise: the schedules within its bounds, each once, and what costs less first.
func TestCrown(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	models := []*model{lostUpdate(2), lostUpdate(3), readers(4), casRot(3), philosophers(3), wrongLock(1), inc(4)}
	n, most := *modelCount/100, 5000
	if testing.Short() || raceEnabled {
		n, most, models = 3, 300, models[:4]
	}
	for range n {
		models = append(models, randomModel(r))
	}
	held := 0
	never, zero := func() bool { return false }, func() int { return 0 }
	for _, m := range models {
		for _, bounds := range [][]Bound{nil, {Preemptions(1)}, {Preemptions(2)}, {Delays(2)}, {Preemptions(1), Delays(3)}} {
			h := &crowned{t: t, k: newMachine(m), maker: DepthFirst(bounds...), costs: map[string]int{}}
			h.k.keep = true
			run := func(how func(), stop func() bool, first func() int) (runs []string, s sharer) {
				h.stop, h.first, h.runs = stop, first, nil
				h.make()
				how()
				return h.runs, h.s
			}
			want, alone := run(func() { h.alone(most) }, never, zero)
			if !alone.Complete() && len(want) >= most {
				continue
			}
			held++
			if b, ok := alone.Estimate(); b != 1 || !ok {
				t.Errorf("%s: an estimated %v is behind", m.name, b)
			}
			same := func(what string, got []string, s sharer) {
				t.Helper()
				if a, b := slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want)); !slices.Equal(a, b) {
					t.Errorf("%s %v %s: %d schedules, not %d, or others", m.name, bounds, what, len(got), len(want))
				}
				if len(bounds) > 0 && bounds[0].name == "Preemptions" && !slices.IsSortedFunc(got, func(a, b string) int { return h.costs[a] - h.costs[b] }) {
					t.Errorf("%s %v %s: a schedule with fewer preemptions after one with more", m.name, bounds, what)
				}
				if s.Complete() != alone.Complete() || s.Bounded() != alone.Bounded() {
					t.Errorf("%s %v %s: complete %t, bounded %t", m.name, bounds, what, s.Complete(), s.Bounded())
				}
				if b, ok := s.Estimate(); b != 1 || !ok {
					t.Errorf("%s %v %s: an estimated %v is behind", m.name, bounds, what, b)
				}
			}
			now, either := func() bool { return r.IntN(3) == 0 }, func() int { return r.IntN(2) }
			got, s := run(func() { h.alone(1 << 30) }, now, zero)
			if same("stopped", got, s); !slices.Equal(got, want) {
				t.Errorf("%s %v: other schedules after a stop", m.name, bounds)
			}
			first, s := run(h.shared, never, zero)
			same("shared", first, s)
			got, s = run(h.shared, never, either)
			same("shared, the rounds by chance", got, s)
			got, s = run(h.shared, now, either)
			same("shared and stopped", got, s)
			begun, s := run(func() { h.alone(r.IntN(1 + len(want))); h.shared() }, never, zero)
			same("shared later", begun, s)
			var parts []string
			for i := range 3 {
				h.shard = [2]int{i, 3}
				part, s := run(h.shared, now, either)
				if parts = append(parts, part...); s.Complete() != alone.Complete() {
					t.Errorf("%s %v shard %d: complete %t", m.name, bounds, i, s.Complete())
				}
			}
			h.shard = [2]int{}
			if slices.Sort(parts); !slices.Equal(parts, slices.Sorted(slices.Values(want))) {
				t.Errorf("%s %v: %d schedules in the shards, not %d, or others", m.name, bounds, len(parts), len(want))
			}
		}
	}
	t.Logf("%d searches held to those on one process", held)
}

// TestFrontier: a position that does not fit together is an error.
func TestFrontier(t *testing.T) {
	h := &crowned{t: t, k: newMachine(lostUpdate(3)), maker: DepthFirst(Preemptions(1)), costs: map[string]int{}, stop: func() bool { return false }}
	h.make()
	h.alone(20)
	position, err := h.s.Position()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(11, 12))
	for range 2000 {
		bad := slices.Clone(position)
		bad[r.IntN(len(bad))] = byte(r.IntN(256))
		h.make()
		if h.s.Resume(bad) != nil {
			continue
		}
		for range 40 { // what could be read can be run, to an end or to where it diverges
			run, ok := h.s.Next()
			if !ok {
				break
			}
			h.k.run(run)
		}
	}
	if err := h.maker(1).(Resumer).Resume([]byte("{")); err == nil {
		t.Error("no error for half of a position")
	}
}

// TestSize: what is divided by sizes stays a number, however many schedules there are within a bound.
func TestSize(t *testing.T) {
	s := newExhaustive([]Bound{Delays(5000)})
	for _, decisions := range []int{0, 10, 100_000} {
		if v := s.size(decisions, 0); v < 1 || v > sizeMax*sizeMax {
			t.Errorf("%d decisions: %v", decisions, v)
		}
	}
}
