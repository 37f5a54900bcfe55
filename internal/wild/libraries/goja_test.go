package libraries

import (
	"testing"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/eventloop"

	"github.com/lastcall-go/lastcall/sim"
)

// TestGojaRunAfterTerminate: Run "starts the event loop and waits until there are no more delayed jobs to run", and "After being terminated the loop
// can be restarted again by using Start() or Run()". A timer that Terminate has cleared is still counted: Run waits for it for ever.
func TestGojaRunAfterTerminate(t *testing.T) {
	for _, tt := range []struct {
		name   string
		timers int
		kind   sim.Kind
	}{{"no timer", 0, ""}, {"a timer that Terminate clears", 1, sim.Deadlock}} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := sim.Config{Schedules: 200}.Explore(func(*sim.T) {
				l := eventloop.NewEventLoop(eventloop.EnableConsole(false))
				l.Start()
				for range tt.timers {
					l.SetTimeout(func(*goja.Runtime) {}, time.Hour)
				}
				set := make(chan struct{})
				l.RunOnLoop(func(*goja.Runtime) { close(set) })
				<-set
				l.Terminate()
				l.Run(func(*goja.Runtime) {})
			})
			if err != nil {
				t.Fatal(err)
			}
			var kind sim.Kind
			if !r.OK() {
				kind = r.Failures[0].Kind
				t.Logf("schedule %d: %s\n%s\n%s", r.Failures[0].Schedule, r.Failures[0].Message, r.Failures[0].Trace, r.Failures[0].Token)
			}
			if kind != tt.kind {
				t.Errorf("%q, want %q", kind, tt.kind)
			}
		})
	}
}
