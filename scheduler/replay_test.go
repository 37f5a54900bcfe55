package scheduler

import (
	"strings"
	"testing"
)

// TestReplay: a recorded run comes again, step by step, from its token and from its file.
func TestReplay(t *testing.T) {
	for _, m := range []*model{lostUpdate(3), reorder(3, 1), twoStage(), philosophers(4), wrongLock(3)} {
		k := newMachine(m)
		k.keep = true
		s := Portfolio(7)
		for range 300 {
			var rec Recorder
			k.run(rec.Record(must(s)))
			want, class := name(k.trace), k.o.Class
			recorded := rec.Schedule(m.name)
			fromToken, err := ParseToken(recorded.Token())
			if err != nil {
				t.Fatal(err)
			}
			text, _ := recorded.MarshalText()
			var fromFile Schedule
			if err := fromFile.UnmarshalText(text); err != nil {
				t.Fatal(err)
			}
			for _, again := range []*Schedule{fromToken, &fromFile} {
				r := must(Replay(again)(0))
				if k.run(r); name(k.trace) != want || k.o.Class != class || r.(Diverger).Diverged() != nil {
					t.Fatalf("%s: %s: another run, divergence %v", m.name, recorded.Token(), r.(Diverger).Diverged())
				}
			}
		}
	}
}

// TestReplayOnce: a replay is one schedule.
func TestReplayOnce(t *testing.T) {
	s := Replay(schedule("x"))(1)
	must(s)
	if _, ok := s.Next(); ok {
		t.Error("a replay has a second schedule")
	}
}

// TestReplayDiverges changes the recording, or the program, and reads the message.
func TestReplayDiverges(t *testing.T) {
	k := newMachine(wrongLock(1))
	var rec Recorder
	k.run(rec.Record(must(Random(5))))
	good := rec.Schedule("x")
	last := len(good.Picks) - 1
	for _, test := range []struct {
		what   string
		change func(s *Schedule)
		how    Departure
		at     int
		want   string
	}{
		{"another operation", func(s *Schedule) { s.Picks[2].Sum ^= 0x80 }, OtherOp, 3, "decision 3 (step 2): the operation chosen differs: now it is "},
		{"another set", func(s *Schedule) { s.Picks[1].Sum ^= 0x01 }, OtherSet, 2, "but which others can go on differs; the program does something that the schedule does not determine"},
		{"fewer choices", func(s *Schedule) { s.Picks[0].Rank = 7 }, TooFew, 1, "decision 1 (step 0): fewer operations can go on than when it was recorded"},
		{"a recording that ends", func(s *Schedule) { s.Picks = s.Picks[:last] }, TooLong, last + 1, "the recording ended after decision"},
		{"a run that ends", func(s *Schedule) { s.Picks = append(s.Picks, Pick{}, Pick{}) }, TooShort, last + 2, "the run ended here, and the recording goes on to decision"},
	} {
		s := good.Clone()
		test.change(s)
		r := must(Replay(s)(0))
		o := k.run(r)
		d := r.(Diverger).Diverged()
		if d == nil {
			t.Errorf("%s: no divergence", test.what)
			continue
		}
		if d.How != test.how || d.Decision != test.at || !strings.Contains(d.Error(), test.want) {
			t.Errorf("%s: %+v: %v", test.what, d, d)
		}
		if test.how != TooShort && o.Kind != "stopped" {
			t.Errorf("%s: the run went on: %+v", test.what, o)
		}
	}
	if s := must(Replay(good)(0)); k.run(s) == nil || s.(Diverger).Diverged() != nil {
		t.Error("the changes changed the original")
	}
}

// TestReplayOtherProgram: of 1,000 recordings of one program none is taken for a run of another.
// The chance is less than 1 in 32 for each decision that both have, and there are many.
func TestReplayOtherProgram(t *testing.T) {
	one, other := newMachine(lostUpdate(4)), newMachine(wrongLock(3))
	s := Random(1)
	for range 1000 {
		var rec Recorder
		one.run(rec.Record(must(s)))
		r := must(Replay(rec.Schedule("x"))(0))
		if other.run(r); r.(Diverger).Diverged() == nil {
			t.Fatal("a recording of lostupdate(4) was taken for a run of wronglock(3)")
		}
	}
}

func TestRecorderCost(t *testing.T) {
	for _, m := range []*model{lostUpdate(3), twoStage(), philosophers(4), wrongLock(3)} {
		k := newMachine(m)
		k.keep = true
		s := Random(3)
		for range 200 {
			var rec Recorder
			k.run(rec.Record(must(s)))
			preemptions, _ := costs(k)
			switches := 0
			for i := 1; i < len(k.trace); i++ {
				if k.trace[i].G != k.trace[i-1].G {
					switches++
				}
			}
			if want := (Cost{preemptions, switches, len(k.trace)}); rec.Cost() != want {
				t.Fatalf("%s: %+v, want %+v", m.name, rec.Cost(), want)
			}
		}
	}
}

func TestRecorderRefusesBadPick(t *testing.T) {
	defer func() {
		if e, _ := recover().(string); !strings.Contains(e, "*scheduler.scripted picked choice 9 of 2") {
			t.Errorf("panicked with %q", e)
		}
	}()
	var rec Recorder
	newMachine(lostUpdate(2)).run(rec.Record(&scripted{picks: []int{9}}))
}

// TestRankBijective: ranks are a renumbering of the choices.
func TestRank(t *testing.T) {
	for n := 1; n < 6; n++ {
		for def := range n {
			for i := range n {
				if r := rank(i, def); r < 0 || r >= n || unrank(r, def) != i || (r == 0) != (i == def) {
					t.Errorf("choice %d of %d, default %d: rank %d", i, n, def, r)
				}
			}
		}
	}
}

func TestBytes(t *testing.T) {
	k := newMachine(reorder(2, 1))
	k.keep = true
	trace := func(data ...byte) string {
		k.run(must(Bytes(data)(0)))
		return name(k.trace)
	}
	// The default goes on with the same process: setter, setter, checker.
	if got, want := trace(), "setters first"; k.o.Failed || k.trace[0].G != 0 || k.trace[1].G != 0 || k.trace[2].G != 1 {
		t.Errorf("without data: %q, want %s", got, want)
	}
	if trace() != trace(0, 0, 0, 0, 0, 0, 0, 0, 0) || trace() != trace(3, 0) {
		t.Error("zeros, or multiples of the number of choices, are not the default")
	}
	if trace(2) == trace() || trace(2) != trace(2, 0, 0) || trace(2) != trace(5) {
		t.Error("a byte does not choose")
	}
	// All schedules can be reached, and so the failures.
	found := 0
	for a := range 3 {
		for b := range 3 {
			for c := range 3 {
				for d := range 3 {
					if trace(byte(a), byte(b), byte(c), byte(d)); k.o.Failed {
						found++
					}
				}
			}
		}
	}
	if found == 0 {
		t.Error("81 inputs of four bytes, and none fails")
	}
}

// many offers a decision among n choices.
func many(n int) *Decision {
	d := new(Decision)
	for i := range n {
		d.Choices = append(d.Choices, Choice{G: G(i), Alt: -1, ID: uint64(i)})
	}
	return d
}

func TestBytesManyChoices(t *testing.T) {
	r := must(Bytes([]byte{44, 1, 7})(0))
	if got := r.Pick(many(1000)); got != 300 {
		t.Errorf("two bytes chose %d", got)
	}
	if got := r.Pick(many(256)); got != 7 {
		t.Errorf("one byte chose %d", got)
	}
	if got := must(Bytes([]byte{200})(0)).Pick(many(1000)); got != 200 {
		t.Errorf("the last byte alone chose %d", got)
	}
}

func FuzzBytes(f *testing.F) {
	f.Add([]byte{2, 0, 1, 255})
	k := newMachine(wrongLock(2))
	f.Fuzz(func(t *testing.T, data []byte) {
		k.run(must(Bytes(data)(0)))
	})
}
