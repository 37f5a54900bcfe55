package plain

import (
	"testing"
	"testing/synctest"

	"github.com/lastcall-go/lastcall/internal/bench/body"
)

// BenchmarkPlain runs the body in a plain synctest bubble, in a binary that is not instrumented: this package has no TestMain.
func BenchmarkPlain(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		synctest.Test(new(testing.T), func(*testing.T) { body.Shutdown() })
	}
}
