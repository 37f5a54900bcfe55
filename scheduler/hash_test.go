package scheduler

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// dependent says from the table alone whether two steps may not be swapped.
func dependent(a, b *Event) bool {
	if a.ID == b.ID {
		return true
	}
	u, v := Access(&a.Op, a.Flags), Access(&b.Op, b.Flags)
	type use struct {
		obj  Obj
		mode Mode
	}
	for _, x := range []use{{a.Obj, u.Obj}, {a.Obj2, u.Obj2}, {-1, u.Time}} {
		for _, y := range []use{{b.Obj, v.Obj}, {b.Obj2, v.Obj2}, {-1, v.Time}} {
			if x.obj != 0 && x.obj == y.obj && (x.mode.Conflict(y.mode) || x.mode == Flows && y.mode == Flows && meets(bufferPart(a), bufferPart(b))) {
				return true
			}
		}
	}
	return u.All || v.All
}

// orders calls f with every interleaving of the processes' events.
func orders(procs [][]Event, f func(run []Event)) {
	var run []Event
	at := make([]int, len(procs))
	var walk func()
	walk = func() {
		ended := true
		for i := range procs {
			if at[i] == len(procs[i]) {
				continue
			}
			ended = false
			run = append(run, procs[i][at[i]])
			at[i]++
			walk()
			at[i]--
			run = run[:len(run)-1]
		}
		if ended {
			f(run)
		}
	}
	walk()
}

func name(run []Event) string {
	b := make([]byte, 0, 2*len(run))
	for i := range run {
		b = append(b, byte(run[i].ID), byte(run[i].N))
	}
	return string(b)
}

// TestFingerprint takes random events of every kind that the table knows, and all their interleavings. Classes are found by
// brute force: two interleavings are equivalent if swaps of neighbours that are independent lead from one to the other.
// Fingerprints must be equal for these and for no others, also where objects and goroutines are numbered otherwise.
func TestFingerprint(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	programs := 60
	if raceEnabled {
		programs = 8
	}
	for range programs {
		checkFingerprint(t, r, randomEvents(r), func([]Event) bool { return true })
	}
}

// TestFingerprintFlows is the same with a channel that has a buffer: sends and receives, and a length that is looked at and a try that sends in between. Of interleavings
// only those are taken that can be carried out, and what is said of the buffer is worked out for each.
func TestFingerprintFlows(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	programs := 200
	if raceEnabled {
		programs = 20
	}
	for range programs {
		room, procs := 1+r.IntN(3), randomEvents(r)
		kinds := []Kind{kernel.Send, kernel.Send, kernel.Send, kernel.Recv, kernel.Recv, kernel.Recv, kernel.Len, kernel.TrySend}
		for _, p := range procs {
			for i := range p {
				p[i].Obj, p[i].Obj2, p[i].Kind, p[i].Flags = 1, 0, kinds[r.IntN(len(kinds))], 0
			}
		}
		checkFingerprint(t, r, procs, func(run []Event) bool { return flows(run, room) })
	}
}

// flows fills in what the buffer is like before each of the events, and reports whether none has to wait.
func flows(run []Event, room int) bool {
	sent, received := 0, 0
	for i := range run {
		e, count := &run[i], sent-received
		e.Slot, e.Was = uint16(sent%room), uint32(count<<16|room)
		switch e.Kind {
		case kernel.Send:
			if sent++; count == room {
				return false
			}
			e.Flags = Flow
		case kernel.Recv:
			if received++; count == 0 {
				return false
			}
			e.Flags = Flow
		case kernel.TrySend:
			if e.Flags = Read; count < room {
				sent++
				e.Flags = 0
			}
		}
	}
	return true
}

func randomEvents(r *rand.Rand) [][]Event {
	procs := make([][]Event, 3)
	for i := range procs {
		for n := range 2 + r.IntN(2) {
			e := Event{Op: Op{G: G(i), ID: uint64(i + 1), N: int32(n), Alt: -1, Obj: Obj(1 + r.IntN(2)), Obj2: Obj(1 + r.IntN(2)),
				Kind: Kind(1 + r.IntN(int(kernel.SynctestWait)))}}
			if e.Obj2 == e.Obj {
				e.Obj2 = 0
			}
			if r.IntN(3) == 0 {
				e.Flags = Read
			}
			procs[i] = append(procs[i], e)
		}
	}
	return procs
}

// checkFingerprint takes those interleavings that play fills in.
func checkFingerprint(t *testing.T, r *rand.Rand, procs [][]Event, play func([]Event) bool) {
	t.Helper()
	class := map[string]string{} // union-find over the interleavings
	var root func(string) string
	root = func(s string) string {
		if class[s] != s {
			class[s] = root(class[s])
		}
		return class[s]
	}
	prints := map[string]uint64{}
	orders(procs, func(run []Event) {
		if run = slices.Clone(run); !play(run) {
			return
		}
		me := name(run)
		if _, ok := class[me]; !ok {
			class[me] = me
		}
		for i := range len(run) - 1 {
			if dependent(&run[i], &run[i+1]) {
				continue
			}
			swapped := slices.Clone(run)
			swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
			if !play(swapped) {
				t.Fatalf("steps %d and %d, said to be independent, cannot be swapped: %v", i, i+1, run)
			}
			other := name(swapped)
			if _, ok := class[other]; !ok {
				class[other] = other
			}
			class[root(me)] = root(other)
		}
		prints[me] = renumbered(r, run)
	})
	of, owner := map[string]uint64{}, map[uint64]string{}
	orders(procs, func(run []Event) {
		me := name(run)
		p, ok := prints[me]
		if !ok {
			return
		}
		c := root(me)
		if was, ok := of[c]; ok && was != p {
			t.Fatalf("equivalent interleavings with fingerprints %x and %x: %v", was, p, run)
		}
		if was, ok := owner[p]; ok && was != c {
			t.Fatalf("fingerprint %x for interleavings that are not equivalent, one is %v", p, run)
		}
		of[c], owner[p] = p, c
	})
}

// renumbered returns the fingerprint of a run under other numbers for its goroutines and objects.
func renumbered(r *rand.Rand, run []Event) uint64 {
	gs, objs := r.Perm(5), r.Perm(4)
	run = slices.Clone(run)
	for i := range run {
		e := &run[i]
		e.G, e.Obj = G(gs[e.G]), Obj(1+objs[e.Obj])
		if e.Obj2 != 0 {
			e.Obj2 = Obj(1 + objs[e.Obj2])
		}
	}
	var f Fingerprint
	f.Add(run)
	once := f.Sum()
	f.Reset()
	for i := range run {
		f.Add(run[i : i+1])
	}
	if f.Sum() != once {
		panic("the fingerprint depends on how the events are handed over")
	}
	return once
}

// TestAccess holds the table to what the names of the kinds promise.
func TestAccess(t *testing.T) {
	for k := range kernel.SynctestWait {
		if k.String() == "kind?" {
			continue
		}
		u, failed := Access(&Op{Kind: k}, 0), Access(&Op{Kind: k}, Read)
		if failed.Obj > Reads || failed.Obj2 > Reads {
			t.Errorf("%s: a step that changed nothing is %+v", k, failed)
		}
		for _, m := range []Mode{u.Obj, u.Obj2, u.Time} {
			if m == Adds && k != kernel.RLock && k != kernel.TryRLock && k != kernel.RUnlock && k != kernel.WGAdd || m == Subs {
				t.Errorf("%s commutes with itself: is that so?", k)
			}
		}
	}
	for m := Unused; m <= Writes; m++ {
		for n := Unused; n <= Writes; n++ {
			if m.Conflict(n) != n.Conflict(m) || m.Conflict(n) && (m == Unused || m == n && m != Writes) {
				t.Errorf("modes %d and %d", m, n)
			}
		}
	}
}

func TestChoiceHash(t *testing.T) {
	base := Choice{G: 1, Obj: 2, Obj2: 3, Alt: 0, N: 4, Kind: kernel.Send, ID: 5, ObjID: 6, PC: 7}
	for i, change := range []func(c *Choice){
		func(c *Choice) { c.Alt++ }, func(c *Choice) { c.N++ }, func(c *Choice) { c.Kind++ }, func(c *Choice) { c.ID++ }, func(c *Choice) { c.ObjID++ },
	} {
		c := base
		if change(&c); choiceHash(&c) == choiceHash(&base) {
			t.Errorf("change %d does not tell", i)
		}
	}
	c := base
	c.G, c.Obj, c.Obj2, c.PC = 9, 9, 9, 9 // numbers of one run, and lines of one version
	if choiceHash(&c) != choiceHash(&base) {
		t.Error("a token hangs on what another run numbers otherwise, or on line numbers")
	}
}
