package counts

import (
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

func BenchmarkSearch(b *testing.B) {
	for _, r := range []struct {
		name string
		body func()
	}{{"readers13", func() { readers(13) }}, {"lastzero10", func() { lastzero(10) }}, {"inc4", func() { inc(4) }}} {
		b.Run(r.name, func(b *testing.B) {
			m := scheduler.NewMachine()
			s := scheduler.Exhaustive()(1)
			steps := 0
			for range b.N {
				run, ok := s.Next()
				if !ok {
					s = scheduler.Exhaustive()(1)
					run, _ = s.Next()
				}
				steps += m.Run(run, r.body, scheduler.Options{Steps: 1000}).Steps
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
			b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
		})
	}
}
