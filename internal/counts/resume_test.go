package counts

import (
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// TestResumed stops each search after every schedule and goes on with another one: it runs what it would have run, in the same order.
func TestResumed(t *testing.T) {
	for _, row := range []row{
		of("readers", readers, 6, 64), of("filesystem", filesystem, 16, 8), of("lockinc, joined", joined, 5, 120),
		of("philosophers", philosophers, 4, 15), of("casrot", casrot, 5, 43), {"prodcons(2,2,1,2)", 148, 0, func() { prodcons(2, 2, 1, 2) }},
	} {
		for _, e := range engines() {
			if e.name == "shared" {
				continue // internal/scale and package scheduler stop those
			}
			m, whole, s := scheduler.NewMachine(), e.make(1), e.make(1)
			for n := 0; ; n++ {
				want, ok := whole.Next()
				got, ok2 := s.Next()
				if ok != ok2 {
					t.Fatalf("%s, %s: another number of schedules after a stop", row.name, e.name)
				}
				if !ok {
					if n != row.classes || !s.(scheduler.Completer).Complete() {
						t.Errorf("%s, %s: %d schedules, complete %t", row.name, e.name, n, s.(scheduler.Completer).Complete())
					}
					break
				}
				class := m.Run(want, row.body, scheduler.Options{Steps: 1000}).Class
				if r := m.Run(got, row.body, scheduler.Options{Steps: 1000}); r.Class != class || r.Divergence != nil {
					t.Fatalf("%s, %s: schedule %d is another after a stop: %v", row.name, e.name, n, r.Divergence)
				}
				position, err := s.(scheduler.Resumer).Position()
				if err != nil {
					t.Fatal(err)
				}
				s = e.make(1)
				if err := s.(scheduler.Resumer).Resume(position); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}
