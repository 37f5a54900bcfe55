package plain

import (
	"testing"
	"testing/synctest"

	"github.com/lastcall-go/lastcall/internal/bench/body"
)

// BenchmarkSearch runs the classics in a plain synctest bubble, which decides nothing, and under a scheduler that hands turns over by channels.
func BenchmarkSearch(b *testing.B) {
	for _, p := range body.Classics {
		b.Run(p.Name+"/synctest", func(b *testing.B) {
			for b.Loop() {
				synctest.Test(new(testing.T), func(*testing.T) { p.Body(body.Free, body.NoPoint) })
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
		})
		b.Run(p.Name+"/channels", func(b *testing.B) {
			h := body.NewHandoff(1, 16)
			for b.Loop() {
				p.Body(h.Spawn, h.Point)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(h.Steps), "ns/step")
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "schedules/s")
		})
	}
}
