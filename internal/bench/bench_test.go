package bench

import (
	"iter"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func TestMain(m *testing.M) { sim.Main(m) }

func BenchmarkControlled(b *testing.B) {
	b.ReportAllocs()
	m := scheduler.NewMachine()
	s := scheduler.Random(1)
	steps := 0
	for b.Loop() {
		run, _ := s.Next()
		steps += m.Run(run, shutdown, scheduler.Options{Steps: 100_000}).Steps
	}
	b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
}

// BenchmarkStep is the cost of one decided step: two goroutines that take turns at a mutex, so that each step is a decision.
func BenchmarkStep(b *testing.B) {
	b.ReportAllocs()
	m := scheduler.NewMachine()
	n := b.N
	var wg sync.WaitGroup
	_ = &wg
	b.ResetTimer()
	r := m.Run(alternate{}, func() {
		var mu [2]sync.Mutex
		done := make(chan struct{})
		turn := func(mu *sync.Mutex) {
			for range n / 4 {
				mu.Lock()
				mu.Unlock()
			}
		}
		go func() { turn(&mu[1]); close(done) }()
		turn(&mu[0])
		<-done
	}, scheduler.Options{Steps: 1 << 40})
	b.ReportMetric(float64(r.Decisions)/float64(b.N), "decisions/op")
}

type alternate struct{}

func (alternate) Pick(d *scheduler.Decision) int {
	if d.Since[len(d.Since)-1].G == d.Choices[0].G {
		return len(d.Choices) - 1
	}
	return 0
}
func (alternate) End(*scheduler.Outcome) {}

// BenchmarkPull is the physical limit: a round trip of iter.Pull is two switches between goroutines.
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
