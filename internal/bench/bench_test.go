package bench

import (
	"iter"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/internal/bench/body"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

// BenchmarkControlled is a controlled schedule of the body, with Random as the strategy.
func BenchmarkControlled(b *testing.B) {
	b.ReportAllocs()
	steps := controlled(b)
	b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
}

func controlled(b *testing.B) (steps int) {
	m := scheduler.NewMachine()
	s := scheduler.Random(1)
	for b.Loop() {
		run, _ := s.Next()
		steps += m.Run(run, body.Shutdown, scheduler.Options{Steps: 100_000}).Steps
	}
	return steps
}

// BenchmarkRatio is BenchmarkControlled as a multiple of BenchmarkPlain, the same body in a plain synctest bubble of a binary that is not
// instrumented, which runs right before it.
func BenchmarkRatio(b *testing.B) {
	plain := plainNS(b, "^BenchmarkPlain$")["Plain"]
	b.ResetTimer()
	controlled(b)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/plain, "times-plain")
}

// BenchmarkEmpty is what lastcall itself costs and allocates for a schedule.
func BenchmarkEmpty(b *testing.B) {
	b.ReportAllocs()
	m := scheduler.NewMachine()
	s := scheduler.Random(1)
	for b.Loop() {
		run, _ := s.Next()
		m.Run(run, func() {}, scheduler.Options{Steps: 100})
	}
}

// BenchmarkStep is one decided step: two goroutines, each with a mutex of its own, take turns, so that
// each step is a decision and a switch.
func BenchmarkStep(b *testing.B) {
	b.ReportAllocs()
	m := scheduler.NewMachine()
	n := b.N
	b.ResetTimer()
	r := m.Run(alternate{}, func() {
		var mu [2]sync.Mutex
		turns := func(mu *sync.Mutex) {
			for range n / 4 {
				mu.Lock()
				mu.Unlock()
			}
		}
		done := make(chan struct{})
		go func() { turns(&mu[1]); close(done) }()
		turns(&mu[0])
		<-done
	}, scheduler.Options{Steps: 1 << 40})
	b.ReportMetric(float64(r.Decisions)/float64(b.N), "decisions/op")
}

// alternate gives the turn to the other goroutine.
type alternate struct{}

func (alternate) Pick(d *scheduler.Decision) int {
	if d.Since[len(d.Since)-1].G == d.Choices[0].G {
		return len(d.Choices) - 1
	}
	return 0
}

func (alternate) End(*scheduler.Outcome) {}

// BenchmarkPull is the physical limit for BenchmarkStep: a round trip of iter.Pull is two switches between goroutines.
func BenchmarkPull(b *testing.B) {
	next, stop := iter.Pull(func(yield func(int) bool) {
		for yield(1) {
		}
	})
	defer stop()
	for b.Loop() {
		next()
	}
}
