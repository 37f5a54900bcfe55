package counts

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// Z='after reset,;sleep 2,' go test -run TestZ
func TestZ(t *testing.T) {
	var p program
	for _, g := range strings.Split(os.Getenv("Z"), ";") {
		if i := strings.Index(g, ":"); i >= 0 {
			g = g[i+1:]
		} else if strings.TrimSpace(g) == "" {
			continue
		}
		var ops []byte
		for _, n := range strings.Split(g, ",") {
			if n = strings.TrimSpace(n); n == "" {
				continue
			}
			for k := range operations {
				if operations[k].name == n {
					ops = append(ops, byte(k))
				}
			}
		}
		p.Goroutines = append(p.Goroutines, ops)
	}
	fmt.Println(p)
	m := scheduler.NewMachine()
	seen := map[uint64]bool{}
	for i, mk := range []scheduler.Maker{scheduler.DepthFirst(), scheduler.Exhaustive()} {
		s := mk(1)
		n := 0
		got := map[uint64]bool{}
		for {
			run, ok := s.Next()
			if !ok {
				break
			}
			n++
			var all []local
			r := m.Run(run, p.body(&all), scheduler.Options{Steps: 1000, Trace: true})
			got[r.Class] = true
			if i == 0 && !seen[r.Class] || i == 1 {
				fmt.Printf("--- %d run %d class %x %q %s\n", i, n, r.Class, r.Kind, r.Message)
				seen[r.Class] = true
				for _, e := range r.Trace {
					fmt.Printf("   g%d/%x n%d %v obj%d/%x obj2:%d alt%d by%d arg%d flags%d quiet%t can%d now%d\n", e.G, e.ID&0xffff, e.N, e.Kind, e.Obj, e.ObjID&0xffff, e.Obj2, e.Alt, e.By, e.Arg, e.Flags, e.Quiet, e.Can, e.Now%1e9/1000)
				}
			}
		}
		fmt.Println(n, "runs", len(got), "classes")
	}
}
