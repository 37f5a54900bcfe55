package plain

import (
	"testing"
	"testing/synctest"
)

// BenchmarkPlain is the same body in a plain synctest bubble, in a binary that is not instrumented.
func BenchmarkPlain(b *testing.B) {
	b.ReportAllocs()
	t := new(testing.T)
	_ = t
	for b.Loop() {
		synctest.Test(&testing.T{}, func(*testing.T) { shutdown() })
	}
}
