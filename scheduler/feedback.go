package scheduler

import (
	"math/bits"
	"slices"
	"sync"
)

// Feedback mutates schedules that reached something new, as greybox fuzzers do (Wolff, Shi, Duck, Mathur, Roychoudhury:
// Greybox Fuzzing for Concurrency Testing, ASPLOS 2024): a class that no schedule before had (see [Fingerprint]), or two places
// in the program whose operations met on an object in an order in which none before had them.
//
// A schedule is kept as bytes in the form of [Bytes], one for each decision, so that the corpus is one with that of a
// fuzzer's inputs: [FeedbackFrom] starts with such, and what one has found is good for the other. A mutant is the beginning of one of the
// corpus, changed here and there or followed by the end of another; where its bytes have ended, [POS] goes on. The first 32 schedules are POS's from
// the beginning, and one in four after that.
//
// What it is for is a bug that takes several unlikely things one after the other: each that has happened is kept, so their
// chances add up where POS has to multiply them. For one that takes a single thing POS is better, and Postpone better yet.
//
// Where it departs from the paper: that one keeps constraints on who reads from whom and schedules so as to meet them; here what is kept
// is the decisions themselves. It is fair as POS is once the bytes have ended.
func Feedback(seed uint64) Strategy { return FeedbackFrom()(seed) }

// FeedbackFrom returns Feedback with a corpus to start with: inputs of [Bytes].
func FeedbackFrom(corpus ...[]byte) Maker {
	return func(seed uint64) Strategy { return newFeedback(seed, new(learned), corpus) }
}

var _ Maker = Feedback

func newFeedback(seed uint64, l *learned, corpus [][]byte) *feedback {
	s := &feedback{tail: newPOS(seed, l), classes: make(map[uint64]struct{}), pairs: make(map[uint64]struct{})}
	s.given = len(corpus) > 0
	for _, data := range corpus {
		s.corpus = append(s.corpus, &input{data: slices.Clone(data), energy: energyPair})
	}
	return s
}

const (
	energyPair  = 16   // mutants of an input that reached a new pair of places
	energyClass = 2    // and of one that reached a new class only
	corpusMax   = 1024 // the oldest are let go
	warmUp      = 32   // schedules that are POS's before the first mutant, where there is no corpus to start with
)

type feedback struct {
	tail *walks

	mu      sync.Mutex
	corpus  []*input
	at      int // whose turn it is
	classes map[uint64]struct{}
	pairs   map[uint64]struct{}
	free    []*feedbackRun
	given   bool // there was a corpus to start with
}

// An input is a schedule as bytes, and how many mutants of it are to be run until the turn is the next one's.
type input struct {
	data   []byte
	energy int
	left   int
}

func (s *feedback) String() string { return "feedback" }

// Corpus returns the inputs that the next mutants are made of, the oldest first.
func (s *feedback) Corpus() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([][]byte, len(s.corpus))
	for i, in := range s.corpus {
		all[i] = slices.Clone(in.data)
	}
	return all
}

// Next returns the next run.
func (s *feedback) Next() (Run, bool) {
	s.tail.mu.Lock()
	n := s.tail.next
	s.tail.next++
	s.tail.mu.Unlock()
	return s.numbered(n), true
}

// numbered returns the run of schedule n.
func (s *feedback) numbered(n uint64) Run {
	w := s.tail.numbered(n).(*walk)
	s.mu.Lock()
	defer s.mu.Unlock()
	var r *feedbackRun
	if last := len(s.free) - 1; last >= 0 {
		r, s.free = s.free[last], s.free[:last]
	} else {
		r = &feedbackRun{of: s}
	}
	r.begin(w)
	if (n >= warmUp || s.given) && n%4 != 0 && len(s.corpus) > 0 {
		r.data = s.mutant(r.data, &w.rng)
	}
	return r
}

// mutant makes bytes of the input whose turn it is. It needs the lock.
func (s *feedback) mutant(to []byte, r *rng) []byte {
	in := s.corpus[s.at%len(s.corpus)]
	if in.left--; in.left <= 0 {
		in.left = in.energy
		s.at = r.below(len(s.corpus))
	}
	to = append(to, in.data...)
	n := len(to)
	if n == 0 {
		return to
	}
	switch r.below(8) {
	case 0, 1, 2: // what comes after goes otherwise
		return to[:r.below(n)]
	case 3: // with the end of another
		other := s.corpus[r.below(len(s.corpus))].data
		return append(to[:r.below(n)], other[r.below(len(other)+1):]...)
	case 4: // some decisions are not taken
		i := r.below(n)
		return slices.Delete(to, i, min(n, i+1+r.below(4)))
	case 5: // somebody goes on for longer
		return slices.Insert(to, r.below(n), make([]byte, 1+r.below(4))...)
	default: // others go first
		for range 1 + r.below(3) {
			to[r.below(n)] = byte(r.below(4))
		}
		return to
	}
}

// feedbackRun is a walk whose first decisions are data's.
type feedbackRun struct {
	of     *feedback
	walk   *walk
	data   []byte // is not kept
	next   bytesRun
	out    []byte // what was decided
	policy policy
	last   []place // by object
	pairs  []uint64
}

// place is where in the program an operation stands, and whose it was.
type place struct {
	pc uint64
	g  G
}

var _ Drawer = (*feedbackRun)(nil)

func (r *feedbackRun) begin(w *walk) {
	clear(r.last)
	r.walk, r.data, r.out, r.last, r.pairs = w, r.data[:0], r.out[:0], r.last[:0], r.pairs[:0]
	r.next = bytesRun{}
	r.policy.reset()
}

func (r *feedbackRun) Draws() uint64 { return r.walk.Draws() }

func (r *feedbackRun) Pick(d *Decision) int {
	if r.next.data == nil {
		r.next.data = r.data
	}
	r.policy.see(d.Since)
	r.see(d.Since)
	i, n, def := r.walk.Pick(d), len(d.Choices), r.policy.choose(d.Choices)
	if len(r.next.data) > 0 {
		i = unrank(r.next.next(n)%n, def)
	}
	v := rank(i, def)
	if r.out = append(r.out, byte(v)); n > 256 {
		r.out = append(r.out, byte(v>>8))
	}
	return i
}

// see notes which places met on which object.
func (r *feedbackRun) see(since []Event) {
	for i := range since {
		e := &since[i]
		if e.G < 0 || e.Obj == 0 || Access(&e.Op, e.Flags).Obj == Unused {
			continue
		}
		at := place{pc: uint64(e.PC), g: e.G + 1}
		if before := slot(&r.last, e.Obj); before.g != 0 && before.g != at.g {
			r.pairs = append(r.pairs, fold(before.pc, bits.RotateLeft64(at.pc, 17)))
		}
		r.last[e.Obj] = at
	}
}

// End adds what was decided to the corpus if it led to something new.
func (r *feedbackRun) End(o *Outcome) {
	r.see(o.Since)
	r.walk.End(o)
	s := r.of
	s.mu.Lock()
	defer s.mu.Unlock()
	energy := 0
	if _, ok := s.classes[o.Class]; !ok && len(s.classes) < classesMax {
		s.classes[o.Class] = struct{}{}
		energy = energyClass
	}
	for _, p := range r.pairs {
		if _, ok := s.pairs[p]; !ok {
			s.pairs[p] = struct{}{}
			energy = energyPair
		}
	}
	if energy > 0 {
		if len(s.corpus) == corpusMax {
			s.corpus = slices.Delete(s.corpus, 0, 1)
		}
		s.corpus = append(s.corpus, &input{data: slices.Clone(r.out), energy: energy, left: energy})
		if energy == energyPair {
			s.at = len(s.corpus) - 1
		}
	}
	s.free = append(s.free, r)
}
