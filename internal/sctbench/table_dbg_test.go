package sctbench

import (
	"fmt"
	"github.com/lastcall-go/lastcall/scheduler"
	"strings"
	"testing"
	"time"
)

func TestProb(t *testing.T) {
	names := strings.Split(*strategies, ",")
	for _, p := range Programs() {
		if !strings.Contains(p.Name, *rows) {
			continue
		}
		line := fmt.Sprintf("%-35s", p.Name)
		for _, name := range names {
			maker, err := scheduler.ParseStrategy(name)
			if err != nil {
				t.Fatal(err)
			}
			m := scheduler.NewMachine()
			found, n := 0, 0
			start := time.Now()
			for seed := range uint64(20) {
				s := maker(seed + 1)
				for i := range *trials {
					r, _ := s.Next()
					k := m.Run(r, p.Body, scheduler.Options{Steps: 100000}).Kind
					if i > 0 {
						n++
						if k != "" {
							found++
						}
					}
				}
			}
			line += fmt.Sprintf(" %8.5f (%3.0fus)", float64(found)/float64(n), float64(time.Since(start).Microseconds())/float64(n))
		}
		fmt.Println(line)
	}
}
