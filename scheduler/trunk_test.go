package scheduler

import (
	"bytes"
	"encoding/gob"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// sent returns v as another process gets it.
func sent[T any](t *testing.T, v T) (w T) {
	t.Helper()
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := gob.NewDecoder(&b).Decode(&w); err != nil {
		t.Fatal(err)
	}
	return w
}

// sharing runs a shared search to its end, limbs one after the other. Where stop is given it says before each schedule whether all is to be stopped there, and is
// gone on with by others.
type sharing struct {
	t     *testing.T
	k     *machine
	s     sharer
	limbs [Lanes]*Limb
	runs  [Lanes][]uint64 // classes
	kinds map[uint64]string
	most  int // lanes with a limb at one time
	tasks int
	made  int
	stop  func() bool
	first func() int // which of two rounds that are under way is carried out first; nil for one at a time
	shard [2]int     // of how many
}

// sharer is a search that can be shared.
type sharer interface {
	Sharer
	Completer
	Estimator
	Resumer
}

func newSharing(t *testing.T, m *model) *sharing {
	return &sharing{t: t, k: newMachine(m), s: Exhaustive()(1).(sharer), kinds: map[uint64]string{}, stop: func() bool { return false }}
}

// carryOut carries out an order as another process gets it, with the lane's limb, and returns the news as they come from there.
func carryOut(t *testing.T, s Sharer, limbs *[Lanes]*Limb, o Order, stop func() bool, run func(r Run)) (news *News, stopped bool) {
	t.Helper()
	o = sent(t, o)
	if limbs[o.Lane] == nil {
		limbs[o.Lane] = s.Limb()
	}
	l := limbs[o.Lane]
	if err := l.Follow(&o); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for ran < o.Runs && !stopped {
		if stopped = stop(); stopped {
			break
		}
		r, ok := l.Next()
		if !ok {
			break
		}
		run(r)
		ran++
	}
	return sent(t, l.News(&o, ran)), stopped
}

func (h *sharing) order(trunk Trunk, o Order) (stopped bool) {
	if o.Task != nil {
		h.tasks++
	}
	news, stopped := carryOut(h.t, h.s, &h.limbs, o, h.stop, func(r Run) {
		out := h.k.run(r)
		if v, ok := r.(Diverger); ok && v.Diverged() != nil {
			h.t.Fatal(h.k.model.name, v.Diverged())
		}
		if h.made++; passed(r) {
			return
		}
		h.runs[o.Lane] = append(h.runs[o.Lane], out.Class)
		if _, twice := h.kinds[out.Class]; twice {
			h.t.Errorf("%s %v: class %x is run twice", h.k.model.name, h.k.model.procs, out.Class)
		}
		h.kinds[out.Class] = out.Kind
	})
	trunk.Take(o.Lane, news)
	return stopped
}

func (h *sharing) all() {
	trunk := h.s.Share()
	for {
		if r, ok := h.s.Next(); ok { // to where the parts begin
			if h.k.run(r); !passed(r) {
				h.t.Errorf("%s: a run to find the parts counts", h.k.model.name)
			}
			if h.stop() {
				trunk = h.another(trunk)
			}
			continue
		}
		rounds := [][]Order{h.round(trunk)}
		if len(rounds[0]) == 0 {
			return
		}
		stopped := false
		for len(rounds) > 0 {
			if h.first != nil && len(rounds) == 1 && !stopped {
				if more := h.round(trunk); len(more) > 0 {
					rounds = append(rounds, more)
				}
			}
			i := 0
			if len(rounds) > 1 {
				i = h.first()
			}
			for _, o := range rounds[i] {
				stopped = h.order(trunk, o) || stopped
			}
			rounds = slices.Delete(rounds, i, i+1)
		}
		if stopped {
			trunk = h.another(trunk)
		}
	}
}

func (h *sharing) round(of Trunk) []Order {
	orders, err := of.Round(1 << 30)
	if err != nil {
		h.t.Fatal(err)
	}
	busy := 0
	for _, l := range of.(*trunk).lanes {
		if l.busy {
			busy++
		}
	}
	h.most = max(h.most, busy)
	return orders
}

// another process goes on.
func (h *sharing) another(trunk Trunk) Trunk {
	for _, o := range trunk.Stands() {
		h.order(trunk, o)
	}
	position, err := h.s.Position()
	if err != nil {
		h.t.Fatal(err)
	}
	behind, _ := h.s.Estimate()
	another := Strategy(newParsimonious())
	if _, ok := h.s.(*optimal); ok {
		another = newOptimal()
	}
	h.s, h.limbs = another.(sharer), [Lanes]*Limb{}
	if h.shard[1] > 0 {
		h.s.(Sharder).Shard(h.shard[0], h.shard[1])
	}
	if err := h.s.Resume(position); err != nil {
		h.t.Fatal(err)
	}
	if b, _ := h.s.Estimate(); b != behind || !h.s.Shared() {
		h.t.Errorf("%s: an estimated %v is behind, before it was stopped %v", h.k.model.name, b, behind)
	}
	return h.s.Share()
}

// check compares with all classes. A search that says that it is not complete may have less.
func (h *sharing) check(want map[uint64]string, complete bool) {
	h.t.Helper()
	if !h.s.Complete() && (!complete || guesses(h.k.model)) {
		return // what had to be guessed matters here and not there
	}
	if !h.s.Complete() {
		h.t.Errorf("%s: not complete", h.k.model.name)
	}
	if b, ok := h.s.Estimate(); b != 1 || !ok {
		h.t.Errorf("%s: an estimated %v is behind", h.k.model.name, b)
	}
	if len(h.kinds) != len(want) {
		of := h.s.Share().(*trunk)
		h.t.Errorf("%s %v: %d classes of %d, %d blocked, %d strayed", h.k.model.name, h.k.model.procs, len(h.kinds), len(want), of.blocked, of.strayed)
	}
}

// guesses reports whether a model has a step that may turn out not to do what was planned.
func guesses(m *model) bool {
	for _, p := range m.procs {
		if slices.ContainsFunc(p, func(in instr) bool { return in.kind == kernel.AtomicCAS }) {
			return true
		}
	}
	return false
}

// TestShare: a shared search runs what one does that is not, each class once, and several limbs are at work.
func TestShare(t *testing.T) {
	for _, m := range []*model{lostUpdate(2), lostUpdate(3), philosophers(3), philosophers(5), readers(5), readers(8), casRot(4), casRot(5),
		lockInc(3), lockInc(5), lastZero(2), lastZero(5), lastZero(7), wcas(2), coA(2), coA(3), fib(1), fib(2), binc(2), binc(3), inc(3), inc(4), writers(4), writers(5)} {
		alone := Exhaustive()(1).(*optimal)
		whole, _, _ := parts(t, newMachine(m), alone)
		h := newSharing(t, m)
		h.all()
		failing := slices.ContainsFunc(values(whole), func(kind string) bool { return kind != "" && kind != KindDeadlock })
		if failing {
			continue // which of the classes that a verdict cuts short are run is not determined
		}
		h.check(whole, alone.Complete())
		if len(whole) > 200 && h.most < 3 {
			t.Errorf("%s: at most %d limbs at work", m.name, h.most)
		}
		if testing.Verbose() {
			t.Logf("%s: %d classes, %d runs, %d tasks, at most %d lanes", m.name, len(whole), h.made, h.tasks, h.most)
		}
	}
}

func values(m map[uint64]string) (all []string) {
	for _, v := range m {
		all = append(all, v)
	}
	return all
}

// TestShareRandom shares random programs and compares with brute force, stopped again and again and not.
func TestShareRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	n := *modelCount / 25
	if testing.Short() || raceEnabled {
		n = 60
	}
	for range n {
		m := randomModel(r)
		want := map[uint64]string{}
		every(newMachine(m), func(o *Outcome, _ []int) { want[o.Class] = o.Kind })
		alone := Exhaustive()(1).(*optimal)
		parts(t, newMachine(m), alone)
		h := newSharing(t, m)
		h.all()
		h.check(want, alone.Complete())
		stopped := newSharing(t, m)
		stopped.stop = func() bool { return r.IntN(4) == 0 }
		stopped.all()
		stopped.check(want, alone.Complete())
		two := newSharing(t, m)
		two.first = func() int { return r.IntN(2) }
		two.all()
		two.check(want, alone.Complete())
		for i := range h.runs {
			if !slices.Equal(h.runs[i], stopped.runs[i]) {
				t.Errorf("%v: lane %d runs other schedules after a stop", m.procs, i)
			}
			if !slices.Equal(h.runs[i], two.runs[i]) {
				t.Errorf("%v: lane %d runs other schedules where two rounds are under way", m.procs, i)
			}
		}
	}
}

// TestShareBegun shares a search that keeps no wakeup trees after some of its schedules, and one that keeps them.
func TestShareBegun(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	models := []*model{lostUpdate(3), readers(6), lastZero(5), philosophers(3), inc(3), writers(4)}
	for range 60 {
		models = append(models, randomModel(r))
	}
	for _, m := range models {
		alone := Exhaustive()(1).(*optimal)
		want, _, _ := parts(t, newMachine(m), alone)
		for _, s := range []sharer{newParsimonious(), newOptimal()} {
			h := newSharing(t, m)
			h.s = s
			for range r.IntN(1 + len(want)) {
				run, ok := s.Next()
				if !ok {
					break
				}
				out := h.k.run(run)
				if _, twice := h.kinds[out.Class]; twice {
					t.Errorf("%s: class %x is run twice", m.name, out.Class)
				}
				h.kinds[out.Class] = out.Kind
			}
			h.stop, h.first = func() bool { return r.IntN(6) == 0 }, func() int { return r.IntN(2) }
			h.all()
			if failing := slices.ContainsFunc(values(want), func(kind string) bool { return kind != "" && kind != KindDeadlock }); !failing {
				h.check(want, alone.Complete())
			}
		}
	}
}

// TestShareShards shares each shard of a search that is divided.
func TestShareShards(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	n := 100
	if testing.Short() || raceEnabled {
		n = 20
	}
	models := []*model{lostUpdate(3), readers(6), lastZero(5), philosophers(3), inc(3), writers(4)}
	for range n {
		models = append(models, randomModel(r))
	}
	for _, m := range models {
		alone := Exhaustive()(1).(*optimal)
		want, _, _ := parts(t, newMachine(m), alone)
		if !alone.Complete() || guesses(m) {
			continue
		}
		got := map[uint64]string{}
		for i := range 3 {
			h := newSharing(t, m)
			h.kinds = got // none twice
			h.s.(Sharder).Shard(i, 3)
			h.stop, h.first = func() bool { return r.IntN(8) == 0 }, func() int { return r.IntN(2) }
			h.shard = [2]int{i, 3}
			h.all()
			if !h.s.Complete() {
				t.Errorf("%s, shard %d: not complete", m.name, i)
			}
		}
		if failing := slices.ContainsFunc(values(want), func(kind string) bool { return kind != "" && kind != KindDeadlock }); len(got) != len(want) && !failing {
			t.Errorf("%s %v: %d classes of %d", m.name, m.procs, len(got), len(want))
		}
	}
}
