package lastcall

import (
	"testing"

	"github.com/lastcall-go/lastcall/sim"
	"go.uber.org/goleak"
)

// TestMain makes the binary an instrumented one, for property_test.go, and looks for goroutines that any test left behind.
func TestMain(m *testing.M) {
	sim.Ensure()
	goleak.VerifyTestMain(m)
}

// TestRealScheduler runs the same programs outside control, in real time. Under -race the detector watches them.
func TestRealScheduler(t *testing.T) {
	mustHold(t, programs(t, 300), func(p Plan) bool {
		p.run()
		return true
	})
}
