package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

var makers = []struct {
	name string
	make Maker
}{{"random", Random}, {"pct:1", PCT(1)}, {"pct:3", PCT(3)}, {"pos", POS}, {"urw", URW}, {"surw", SURW}, {"postpone", Postpone}, {"portfolio", Portfolio}}

// TestSeeds: the same seed gives the same schedules, another gives others, and none is the same again and again.
func TestSeeds(t *testing.T) {
	for _, test := range makers {
		traces := func(seed uint64) (all []string) {
			k := newMachine(wrongLock(3))
			k.keep = true
			s := test.make(seed)
			for range 200 {
				k.run(must(s))
				all = append(all, name(k.trace))
			}
			return all
		}
		one := traces(1)
		if !slices.Equal(one, traces(1)) {
			t.Errorf("%s: one seed, two explorations", test.name)
		}
		if slices.Equal(one, traces(2)) {
			t.Errorf("%s: seeds 1 and 2 are the same", test.name)
		}
		slices.Sort(one)
		if n := len(slices.Compact(one)); n < 20 {
			t.Errorf("%s: %d different schedules in 200", test.name, n)
		}
		if got := fmt.Sprint(test.make(1)); got != test.name {
			t.Errorf("%s calls itself %s", test.name, got)
		}
	}
}

// TestScheduleAlone: schedule number n is the same whatever ran before, for strategies that learn nothing.
func TestScheduleAlone(t *testing.T) {
	k := newMachine(wrongLock(3))
	k.keep = true
	for _, test := range makers[:1] {
		s := test.make(9).(*walks)
		for range 30 {
			k.run(must(s))
		}
		want := name(k.trace)
		k.run(test.make(9).(*walks).numbered(29))
		if name(k.trace) != want {
			t.Errorf("%s: schedule 30 is another where it comes first", test.name)
		}
	}
}

func TestConcurrentNext(t *testing.T) {
	for _, test := range makers {
		s := test.make(1)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				k := newMachine(lostUpdate(3))
				for range 200 {
					k.run(must(s))
				}
			})
		}
		wg.Wait()
	}
}

// TestNoAllocation: once a strategy has run for a while a schedule allocates nothing.
func TestNoAllocation(t *testing.T) {
	if raceEnabled {
		t.Skip("the detector allocates")
	}
	k := newMachine(wrongLock(3))
	for _, test := range makers {
		s := test.make(1)
		var rec Recorder
		for range 100 {
			k.run(rec.Record(must(s)))
		}
		if n := testing.AllocsPerRun(200, func() { k.run(rec.Record(must(s))) }); n > 0 {
			t.Errorf("%s: %.0f allocations in a schedule", test.name, n)
		}
	}
}

// spinner polls: process 0 until variable 1 is set, which process 2 does at the end of n steps; process 1 polls variable 2,
// which nobody sets before.
func spinners(n int, poll Kind) *model {
	until := func(obj int) instr {
		return instr{kind: poll, obj: obj, do: func(m *machine, p *state) int {
			if m.v[obj] == 0 {
				return p.pc
			}
			return p.pc + 1
		}}
	}
	var work proc
	for range n {
		work = append(work, add(3, 1))
	}
	return &model{name: "spinners", init: make([]int, 4), procs: []proc{{until(1), put(2, 1)}, {until(2)}, append(work, put(1, 1))}}
}

// TestFair: no strategy lets a goroutine that polls starve for ever one that it waits for, whether the polls
// only look (as loads do) or change something each time (as with a lock).
func TestFair(t *testing.T) {
	for _, poll := range []Kind{kernel.AtomicLoad, kernel.AtomicRMW, kernel.Gosched} {
		k := newMachine(spinners(20, poll))
		k.stepsMax, k.sum = 100000, false
		for _, test := range append(makers, struct {
			name string
			make Maker
		}{"bytes", func(seed uint64) Strategy { return Bytes([]byte{byte(seed)})(0) }}) {
			if test.name == "bytes" && poll == kernel.AtomicRMW {
				continue // the default is fair to those that only look: data that has ended is not a strategy
			}
			total := 0
			for seed := range uint64(20) {
				s := test.make(seed)
				o := k.run(must(s))
				if test.name != "bytes" {
					o = k.run(must(s))
				}
				if total += o.Steps; o.Cut {
					t.Errorf("%s, polling with %v, seed %d: cut after %d steps", test.name, poll, seed, o.Steps)
				}
			}
			if testing.Verbose() {
				t.Logf("%s, polling with %v: %d steps on average", test.name, poll, total/20)
			}
		}
	}
}

// TestEarlyClock: a decision that offers the clock beside goroutines moves it in some schedules and not in others;
// where there is nothing else it is always taken.
func TestEarlyClock(t *testing.T) {
	both := &Decision{Choices: []Choice{{G: 0, Alt: -1}, {G: 1, Alt: -1}, {G: Clock}, {G: Clock, Alt: 1}}}
	clocks := &Decision{Choices: both.Choices[2:]}
	for _, test := range makers {
		s, early, alts := test.make(1), 0, [2]int{}
		for range 400 {
			r, moves := must(s), 0
			for range 20 {
				if i := r.Pick(both); both.Choices[i].G == Clock {
					moves++
				}
			}
			alts[r.Pick(clocks)]++
			r.End(&Outcome{Steps: 21, Decisions: 21, Timers: 1})
			if moves > 0 && draws(r)&Overtake != 0 {
				early++
			}
		}
		// Three schedules in four may; of these a sixth each tries once in 21, 10 and 5 decisions, and half in 2. They miss in 20 decisions with
		// probability 0.377, 0.122, 0.012 and 0: 0.686 of all move it.
		if share := float64(early) / 400; share < 0.586 || share > 0.786 {
			t.Errorf("%s: %.3f of schedules move the clock early", test.name, share)
		}
		if alts[0] < 150 || alts[1] < 150 {
			t.Errorf("%s: of two timers at one instant each was first %v times", test.name, alts)
		}
	}
}

// TestAlternatives: a goroutine's alternatives are each chosen.
func TestAlternatives(t *testing.T) {
	d := &Decision{Choices: []Choice{{G: 0, Alt: 0}, {G: 0, Alt: 1}, {G: 0, Alt: 2}, {G: 1, ID: 1, Alt: -1}}}
	for _, test := range makers {
		s, n := test.make(1), [4]int{}
		for range 400 {
			r := must(s)
			n[r.Pick(d)]++
			r.End(new(Outcome))
		}
		for i, k := range n {
			if k < 40 {
				t.Errorf("%s: choice %d taken %d times of 400", test.name, i, k)
			}
		}
	}
}

func TestParseStrategy(t *testing.T) {
	for name, want := range map[string]string{
		"random": "random", "pct": "pct:3", "pct:5": "pct:5", "pos": "pos", "urw": "urw", "surw": "surw", "portfolio": "portfolio",
		"exhaustive": "exhaustive", "exhaustive:2": "exhaustive[Preemptions(2) ClockMoves(0)]", "delays:0": "exhaustive[Delays(0) ClockMoves(0)]",
	} {
		m, err := ParseStrategy(name)
		if err != nil {
			t.Error(err)
		} else if got := fmt.Sprint(m(1)); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	for _, s := range strategies {
		if m, err := ParseStrategy(s.name); err != nil {
			t.Error(err)
		} else if _, ok := As[Resumer](m(1)); !ok {
			t.Errorf("%s cannot be stopped and gone on with", s.name)
		}
	}
	for name, want := range map[string]string{
		"":              `strategy "" is not known: there are portfolio, random, pct, pct:DEPTH, pos, urw, surw, feedback, postpone, exhaustive, exhaustive:PREEMPTIONS, parsimonious, delays:DELAYS`,
		"Random":        `strategy "Random" is not known: there are`,
		"random:3":      `strategy "random:3": the form is random`,
		"pct:":          `strategy "pct:": the form is pct, pct:DEPTH`,
		"pct:0":         `strategy "pct:0": the form is pct, pct:DEPTH`,
		"exhaustive:-1": `strategy "exhaustive:-1": the form is exhaustive, exhaustive:PREEMPTIONS`,
		"delays:x":      `strategy "delays:x": the form is delays:DELAYS`,
	} {
		if _, err := ParseStrategy(name); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}

// TestMisuse: what no caller can mean panics and says so.
func TestMisuse(t *testing.T) {
	for want, f := range map[string]func(){
		"scheduler: PCT of depth 0: the least is 1":        func() { PCT(0) },
		"scheduler: Preemptions(-1): a bound is 0 or more": func() { Preemptions(-1) },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panicked with %v, want %q", got, want)
				}
			}()
			f()
		}()
	}
}

// TestURWUniform is the uniformity test of SURW's artifact: two processes shift a variable, one in zeros, one in ones,
// five times each, so that each of the 252 interleavings gives its own result, and each is as likely.
//
// 252,000 schedules, 1,000 for each on average: chi-square with 251 degrees of freedom exceeds 340 once in 6,000 times.
func TestURWUniform(t *testing.T) {
	shift := func(bit int) proc {
		in := instr{kind: kernel.AtomicRMW, obj: 1, do: func(m *machine, p *state) int { m.v[1] = m.v[1]<<1 | bit; return p.pc + 1 }}
		return proc{in, in, in, in, in}
	}
	m := &model{name: "shift", init: []int{0, 1}, procs: []proc{shift(0), shift(1)}}
	n := 252000
	if raceEnabled {
		n = 252 * 50
	}
	for name, chi := range map[string]float64{"urw": 340, "surw": 340} {
		l := lowestProfile(m)
		s := map[string]*walks{"urw": newURW(1, l), "surw": newSURW(2, l)}[name]
		k, count := newMachine(m), map[int]int{}
		k.sum = false
		for range n {
			k.run(must(s))
			count[k.v[1]]++
		}
		sum, each := 0., float64(n)/252
		for _, c := range count {
			sum += (float64(c) - each) * (float64(c) - each) / each
		}
		if len(count) != 252 || sum > chi {
			t.Errorf("%s: %d results of 252, chi-square %.0f", name, len(count), sum)
		}
	}
}
