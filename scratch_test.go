package lastcall

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

func TestScratch(t *testing.T) {
	count := func(name string, p Program) {
		for _, seen := range []bool{false, true} {
			m := scheduler.NewMachine()
			s := scheduler.Exhaustive()(1)
			start := time.Now()
			n := 0
			ok := true
			var r scheduler.Run
			for {
				r, ok = s.Next()
				if !ok || time.Since(start) > 15*time.Second {
					break
				}
				h := newHistory(nil)
				h.seen = seen
				res := m.Run(r, func() {
					h.origin = time.Now()
					p.perform(h, controlledUnit)
				}, scheduler.Options{Steps: 20_000})
				h.kind, h.message = res.Kind, res.Message
				n++
				for _, of := range properties {
					if what := of.broken(h); what != "" {
						t.Fatal(p, of.name, what)
					}
				}
			}
			fmt.Fprintln(os.Stderr, name, seen, n, !ok, s.(scheduler.Completer).Complete(), time.Since(start))
		}
	}
	first := []Call{job(obeys, 1), job(ignores, 1), job(returns, 0), {Do: actAfter, N: 1}, {Do: actCancel, N: 2}}
	small := []Call{job(returns, 0)}
	for i, f := range [][]Call{small, first} {
		for _, other := range []Act{actPost, actSubmit, actCancel, actStop, actShutdown} {
			p := Program{Workers: 2, First: f, Actors: [][]Call{{{Do: actShutdown}}, {{Do: other}}}}
			count(fmt.Sprint(i, actNames[other]), p)
			p.Runner = true
			count(fmt.Sprint(i, actNames[other], " runner"), p)
		}
	}
}
