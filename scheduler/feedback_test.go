package scheduler

import (
	"fmt"
	"slices"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// stages has a reader who comes through n stages if at each it looks between two stores of the writer.
func stages(n int) *model {
	var writer, reader proc
	for i := range n {
		writer = append(writer, put(1+i, 1), put(1+i, 2))
		reader = append(reader, ld(1+i, 0).then(func(m *machine, p *state) int {
			switch {
			case p.reg[0] != 1:
				return 99
			case i == n-1:
				m.fail("through")
			}
			return p.pc + 1
		}))
	}
	return &model{name: fmt.Sprintf("stages(%d)", n), init: make([]int, n+1), procs: []proc{writer, reader}}
}

func until(m *model, s Strategy, limit int) int {
	k := newMachine(m)
	for n := 1; n <= limit; n++ {
		if k.run(must(s)).Failed {
			return n
		}
	}
	return limit
}

// TestFeedbackClimbs: with 8 stages, each of which POS passes with probability 1/3 or so, it takes POS thousands of schedules, and
// Feedback, which keeps what has come through some of them, hundreds.
func TestFeedbackClimbs(t *testing.T) {
	seeds := uint64(20)
	if raceEnabled || testing.Short() {
		seeds = 6
	}
	var fed, plain []int
	for seed := range seeds {
		fed = append(fed, until(stages(8), Feedback(seed), 20000))
		plain = append(plain, until(stages(8), POS(seed), 20000))
	}
	slices.Sort(fed)
	slices.Sort(plain)
	if a, b := fed[len(fed)/2], plain[len(plain)/2]; 3*a > b {
		t.Errorf("Feedback %d schedules in the median, POS %d", a, b)
	} else if testing.Verbose() {
		t.Logf("Feedback %d schedules in the median, %d at most; POS %d", a, fed[len(fed)-1], b)
	}
}

// TestFeedbackResumed: stopped again and again it still finds what POS does not, since what mutants are made of is kept.
func TestFeedbackResumed(t *testing.T) {
	var fed []int
	for seed := range uint64(6) {
		k, s, n := newMachine(stages(8)), Feedback(seed), 0
		for found := false; !found && n < 20000; n++ {
			if found = k.run(must(s)).Failed; n%50 != 49 {
				continue
			}
			position, err := s.(Resumer).Position()
			if err != nil {
				t.Fatal(err)
			}
			was := s.(*feedback)
			s = Feedback(seed)
			if err := s.(Resumer).Resume(position); err != nil {
				t.Fatal(err)
			}
			if is := s.(*feedback); is.tail.next != was.tail.next || !slices.EqualFunc(is.Corpus(), was.Corpus(), slices.Equal) {
				t.Fatal("another schedule is next, or it is made of others")
			}
		}
		fed = append(fed, n)
	}
	slices.Sort(fed)
	t.Logf("%d schedules", fed)
	if fed[len(fed)/2] > 3000 {
		t.Errorf("%d schedules", fed)
	}
	if err := Feedback(1).(Resumer).Resume([]byte("{")); err == nil {
		t.Error("no error for half of a position")
	}
}

// TestFeedbackCorpus: what one exploration has kept leads another, which starts with it, to the bug at once or nearly so, and
// is an input of Bytes that leads there too.
func TestFeedbackCorpus(t *testing.T) {
	m := stages(6)
	k, s := newMachine(m), Feedback(1).(*feedback)
	for range 20000 {
		if k.run(must(s)).Failed {
			break
		}
	}
	corpus := s.Corpus()
	found := slices.ContainsFunc(corpus, func(data []byte) bool { return k.run(must(Bytes(data)(0))).Failed })
	if !found {
		t.Errorf("none of %d inputs leads to the bug", len(corpus))
	}
	for seed := range uint64(10) {
		if n := until(m, FeedbackFrom(corpus...)(seed), 1000); n > 600 {
			t.Errorf("seed %d: %d schedules with the corpus", seed, n)
		}
	}
}

// TestFeedbackPairs: the reader's load right after the writer's first store is a pair that is new once.
func TestFeedbackPairs(t *testing.T) {
	s := Feedback(1).(*feedback)
	event := func(g G, pc uintptr, kind Kind) Event {
		return Event{Op: Op{G: g, Obj: 1, PC: pc, Kind: kind, Alt: -1}}
	}
	for i, test := range []struct {
		events []Event
		pairs  int
	}{
		{[]Event{event(0, 1, kernel.AtomicStore), event(1, 2, kernel.AtomicLoad)}, 1},
		{[]Event{event(0, 1, kernel.AtomicStore), event(1, 2, kernel.AtomicLoad)}, 1},
		{[]Event{event(1, 2, kernel.AtomicLoad), event(0, 1, kernel.AtomicStore)}, 2},
		{[]Event{event(0, 1, kernel.AtomicStore), event(0, 3, kernel.AtomicStore)}, 2}, // one goroutine's own
	} {
		must(s).End(&Outcome{Since: test.events, Class: uint64(i)})
		if len(s.pairs) != test.pairs {
			t.Errorf("after run %d: %d pairs, want %d", i+1, len(s.pairs), test.pairs)
		}
	}
}
