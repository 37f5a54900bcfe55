package lastcall

import (
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// FuzzShutdown lets bytes choose the program and its schedule, and holds the run to the contract.
//
//	go test -run '^$' -fuzz '^FuzzShutdown$' .
func FuzzShutdown(f *testing.F) {
	act := func(a Act, from Place, n byte) []byte { return []byte{byte(a), byte(from), n} }
	f.Add([]byte{}, []byte{})
	f.Add(append([]byte{2, 1, 0, 0}, act(actShutdown, inCallback, 0)...), []byte{1, 0, 2, 0, 1})
	f.Add(append(append([]byte{2, 0, 0, 1}, act(actPost, outside, 0)...), act(actClose, outside, 0)...), []byte{0, 1, 1})
	f.Add(append(append([]byte{0, 0, 1, 1}, act(actSubmit, outside, 4*byte(nests))...), act(actCancel, inOtherLoop, 1)...), []byte{3, 1, 4, 1, 5, 9, 2, 6})
	m := scheduler.NewMachine()
	f.Fuzz(func(t *testing.T, program, schedule []byte) {
		p := programFrom(program)
		r, _ := scheduler.Bytes(schedule)(0).Next()
		h := p.under(m, r)
		for _, of := range properties {
			if what := of.broken(h); what != "" {
				t.Fatalf("%v\n%s: %s", p, of.name, what)
			}
		}
	})
}
