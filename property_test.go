package lastcall

import (
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/prop"
)

// programs is how many generated programs a test runs: LASTCALL_PROGRAMS, else def.
func programs(t *testing.T, def int) int {
	v := os.Getenv("LASTCALL_PROGRAMS")
	if v == "" {
		return def
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		t.Fatalf("LASTCALL_PROGRAMS=%s: want a number", v)
	}
	return n
}

// outcome is what two runs of one schedule must agree on: each step with its objects, its time and how it turned out.
type outcome struct {
	steps    []scheduler.Event
	kind     string
	schedule *scheduler.Schedule
}

func run(m *scheduler.Machine, r scheduler.Run, body func()) outcome {
	var rec scheduler.Recorder
	res := m.Run(rec.Record(r), body, scheduler.Options{Steps: 20_000, Trace: true})
	return outcome{slices.Clone(res.Trace), res.Kind, rec.Schedule("plan")}
}

func (o outcome) equal(p outcome) bool { return o.kind == p.kind && slices.Equal(o.steps, p.steps) }

// firstDifference describes the first step that differs.
func firstDifference(a, b outcome) string {
	for i := range min(len(a.steps), len(b.steps)) {
		if a.steps[i] != b.steps[i] {
			return fmt.Sprintf("step %d:\n%+v\n%+v", i+1, a.steps[i], b.steps[i])
		}
	}
	return "one goes on where the other ends"
}

func randomRun(seed uint64) scheduler.Run {
	r, _ := scheduler.Random(seed).Next()
	return r
}

// forAll checks a condition on generated plans and returns gopter's result.
func forAll(t *testing.T, n int, condition func(Plan) bool) *gopter.TestResult {
	t.Helper()
	params := gopter.DefaultTestParametersWithSeed(20260101)
	params.MinSuccessfulTests = n
	params.Workers = 1
	return prop.ForAll(condition, plans).Check(params)
}

func mustHold(t *testing.T, n int, condition func(Plan) bool) {
	t.Helper()
	if r := forAll(t, n, condition); !r.Passed() {
		t.Errorf("%s after %d programs: %v", r.Status, r.Succeeded, r.Args)
	}
}

// TestSameSeed: a program under one seed goes the same way twice, step by step, and comes to its end.
func TestSameSeed(t *testing.T) {
	m := scheduler.NewMachine()
	seed := uint64(0)
	mustHold(t, programs(t, 2000), func(p Plan) bool {
		seed++
		a, b := run(m, randomRun(seed), p.run), run(m, randomRun(seed), p.run)
		if a.kind == "" && a.equal(b) {
			return true
		}
		t.Logf("seed %d: %q and %q, %d and %d steps; %s", seed, a.kind, b.kind, len(a.steps), len(b.steps), firstDifference(a, b))
		return false
	})
}

// TestTokenReplays: what is recorded of a run leads there again, by its token.
func TestTokenReplays(t *testing.T) {
	m, other := scheduler.NewMachine(), scheduler.NewMachine()
	seed := uint64(1 << 32)
	mustHold(t, programs(t, 2000), func(p Plan) bool {
		seed++
		a := run(m, randomRun(seed), p.run)
		s, err := scheduler.ParseToken(a.schedule.Token())
		if err != nil {
			return false
		}
		r, _ := scheduler.Replay(s)(0).Next()
		return a.equal(run(other, r, p.run))
	})
}

// TestShrinks: a condition that fails is shrunk to a small program. The condition is that no program sleeps.
func TestShrinks(t *testing.T) {
	r := forAll(t, 1000, func(p Plan) bool {
		for _, ops := range p.Goroutines {
			for _, op := range ops {
				if operations[op].name == "sleep" {
					return false
				}
			}
		}
		return true
	})
	if r.Passed() {
		t.Fatal("no program sleeps")
	}
	if got := r.Args[0].Arg.(Plan).String(); got != "goroutine 0: sleep; " {
		t.Errorf("shrunk to %s", got)
	}
}

// schedulesEach is how many schedules each generated program is run under: a uniform walk, then one by each of POS, SURW and PCT.
const schedulesEach = 4

// TestContract holds loop to its contract: generated programs, each under some controlled schedules, and a property at a time, so that a
// failing program shrinks to what breaks that one.
func TestContract(t *testing.T) {
	n := programs(t, 150)
	if testing.Short() {
		n = min(n, 50)
	}
	for i, p := range properties {
		t.Run(p.name, func(t *testing.T) {
			m := scheduler.NewMachine()
			params := gopter.DefaultTestParametersWithSeed(int64(3000 + i))
			params.MinSuccessfulTests = n
			params.Workers = 1
			params.MaxShrinkCount = 100
			r := prop.ForAll(func(program Program) bool { return program.breaks(m, p).what == "" }, programsOf).Check(params)
			if !r.Passed() {
				least := r.Args[0].Arg.(Program)
				t.Errorf("after %d programs: %v\n%v", r.Succeeded, least, least.breaks(m, p))
			}
		})
	}
}

// A breach is a run in which a property did not hold.
type breach struct {
	what     string
	schedule *scheduler.Schedule
}

func (b breach) String() string { return fmt.Sprintf("%s\nschedule: %s", b.what, b.schedule.Token()) }

// breaks runs the program under a few schedules, always the same ones for the same program, until one breaks p.
func (p Program) breaks(m *scheduler.Machine, of property) breach {
	hash := fnv.New64a()
	fmt.Fprint(hash, p)
	strategy := scheduler.Portfolio(hash.Sum64())
	var rec scheduler.Recorder
	for range schedulesEach {
		r, _ := strategy.Next()
		if what := of.broken(p.under(m, rec.Record(r))); what != "" {
			return breach{what, rec.Schedule("program")}
		}
	}
	return breach{}
}

// under runs the program under one controlled schedule.
func (p Program) under(m *scheduler.Machine, r scheduler.Run) *history {
	return p.underOptions(m, r, scheduler.Options{Steps: 20_000})
}

func (p Program) underOptions(m *scheduler.Machine, r scheduler.Run, o scheduler.Options) *history {
	h := newHistory(nil)
	p.note(h, m, r, o)
	return h
}

// note has h take notes of one run.
func (p Program) note(h *history, m *scheduler.Machine, r scheduler.Run, o scheduler.Options) {
	res := m.Run(r, func() {
		h.origin = time.Now()
		p.perform(h, controlledUnit)
	}, o)
	h.kind, h.message = res.Kind, res.Message
}
