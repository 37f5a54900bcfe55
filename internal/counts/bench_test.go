package counts

import (
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// BenchmarkSearch is a schedule of a search, with reduction and without, and what the same body costs where nobody searches: so much of a
// schedule is the search's own.
func BenchmarkSearch(b *testing.B) {
	for _, p := range []struct {
		name string
		body func()
	}{
		{"readers(13)", func() { readers(13) }},
		{"lastzero(10)", func() { lastzero(10) }},
		{"inc(4)", func() { inc(4) }},
	} {
		for _, s := range []struct {
			name string
			make scheduler.Maker
		}{
			{"reduced", scheduler.Exhaustive()},
			{"depth first", scheduler.DepthFirst()},
			{"nobody", func(uint64) scheduler.Strategy { return nobody{} }},
		} {
			b.Run(p.name+"/"+s.name, func(b *testing.B) { benchmarkSearch(b, s.make, p.body) })
		}
	}
}

func benchmarkSearch(b *testing.B, make scheduler.Maker, body func()) {
	b.ReportAllocs()
	m := scheduler.NewMachine()
	s := make(1)
	steps := 0
	for range b.N {
		run, ok := s.Next()
		if !ok {
			s = make(1)
			run, _ = s.Next()
		}
		steps += m.Run(run, body, scheduler.Options{Steps: 1000}).Steps
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
}

// nobody takes turns without a thought, so that there are as many switches between goroutines as a search makes.
type nobody struct{ at int }

func (nobody) Next() (scheduler.Run, bool) { return &nobody{}, true }

func (n *nobody) Pick(d *scheduler.Decision) int {
	n.at++
	return n.at % len(d.Choices)
}

func (*nobody) End(*scheduler.Outcome) {}
