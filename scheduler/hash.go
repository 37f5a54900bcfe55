package scheduler

import (
	"math/bits"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// A Fingerprint is a hash of a run's partial order: two runs have the same if and only if (but for collisions of
// 64 bits) one is the other with independent steps swapped. See [Access] for which steps are independent.
//
// Each step adds a hash of itself and of what it depends on directly: on each object that it uses, the steps of the
// block before its own, where a block is a longest sequence of uses in one mode that commutes with itself.
// The sum does not depend on the order of steps, and nothing in it on how the run numbers goroutines and objects.
type Fingerprint struct {
	sum     uint64
	all     uint64 // the sum of the steps so far, by name only
	objects []history
	fired   uint64 // which timer fired last
}

// history is the history of one object, as far as the next use needs it.
type history struct {
	before uint64 // the steps of the last block but one
	block  uint64 // the steps of the last block
	mode   Mode
	fired  uint64    // how often the timer has
	last   [2]uint64 // of a block of sends and receives: the last receive, and the last send
}

// use adds a step to the object's history and returns what it depends on there.
func (u *history) use(m Mode, step uint64) uint64 {
	if m.Conflict(u.mode) || u.mode == Unused {
		u.before, u.block, u.mode = u.block, 0, m
	}
	u.block += step
	return u.before
}

// flow adds a send into a buffer or a receive out of it. It returns what it depends on, but for which send a receive follows, and the other way round: that
// is so in any order of the sends and of the receives.
func (u *history) flow(e *Event, step uint64) uint64 {
	if u.mode != Flows {
		u.last = [2]uint64{}
	}
	last := &u.last[0]
	if sends(e) {
		last = &u.last[1]
	}
	before := fold(u.use(Flows, step), *last)
	*last = step
	return before
}

// Reset makes the fingerprint that of a run without steps.
func (f *Fingerprint) Reset() {
	clear(f.objects)
	*f = Fingerprint{objects: f.objects[:0]}
}

// Sum returns the hash of the steps added so far.
func (f *Fingerprint) Sum() uint64 { return f.sum }

// Add adds the steps of a run, in the order in which they were carried out.
func (f *Fingerprint) Add(events []Event) {
	for i := range events {
		f.add(&events[i])
	}
}

func (f *Fingerprint) add(e *Event) {
	step := fold(e.ID, uint64(uint32(e.N)))
	if e.G == Clock {
		// Which timer fires, and for the how-manyeth time: the clock's own count is an order of steps that may be independent.
		t := f.object(e.Obj)
		if e.Flags&Also == 0 {
			t.fired++
			f.fired = fold(fold(e.ID, e.ObjID), t.fired)
		}
		step = f.fired
	}
	u := Access(&e.Op, e.Flags)
	h := step ^ kindHash[e.Kind] + uint64(uint32(e.Alt))<<1 + uint64(e.Flags&Read) + uint64(e.Flags&Also)<<40 // which case a select took, where it only looked at the channels of all
	switch {
	case u.Obj == Unused || e.Obj == 0:
	case u.Obj == Flows:
		h = fold(h, f.object(e.Obj).flow(e, step))
	default:
		h = fold(h, f.object(e.Obj).use(u.Obj, step))
	}
	if u.Obj2 != Unused && e.Obj2 != 0 {
		h = fold(h, f.object(e.Obj2).use(u.Obj2, step)+1)
	}
	if u.Time != Unused {
		h = fold(h, f.object(0).use(u.Time, step)+2)
	}
	f.all += mix(step)
	if u.All {
		h = fold(h, f.all) // and with it, what comes after
	}
	f.sum += mix(h)
}

// object returns the history of an object; that of object 0 is the time's.
func (f *Fingerprint) object(o Obj) *history {
	for int(o) >= len(f.objects) {
		f.objects = append(f.objects, history{})
	}
	return &f.objects[o]
}

// kindHash hashes the names of kinds, so that a kind that is added in the middle of the list changes no hash.
var kindHash = func() (t [256]uint64) {
	for k := range t {
		h := uint64(1469598103934665603)
		for _, b := range []byte(kernel.Kind(k).String()) {
			h = (h ^ uint64(b)) * 1099511628211
		}
		t[k] = mix(h)
	}
	return t
}()

// choiceHash hashes what a choice is: whose operation, of which kind, on what. Never where in the program it stands,
// so that an edit elsewhere does not void a token.
func choiceHash(c *Choice) uint64 {
	return fold(c.ID^kindHash[c.Kind]^bits.RotateLeft64(c.ObjID, 32), uint64(uint32(c.Alt))<<32|uint64(uint32(c.N)))
}

// choicesHash hashes the choices, once: who records a run asks for it as well as whose run it is.
func (d *Decision) choicesHash() uint64 {
	if !d.hashed {
		d.set, d.hashed = 0, true
		for i := range d.Choices {
			d.set += choiceHash(&d.Choices[i])
		}
		d.set = mix(d.set)
	}
	return d.set
}

// byteHash is what a recording keeps of a decision: three bits of the operation chosen, five of what could be chosen.
// A set that differs without the operation is missed once in 32 times, both once in 256; what has diverged seldom
// comes back, so the next decisions tell.
func (d *Decision) byteHash(i int) byte {
	return byte(choiceHash(&d.Choices[i])>>61)<<5 | byte(d.choicesHash()>>59)
}
