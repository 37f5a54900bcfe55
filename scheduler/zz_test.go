package scheduler

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"os"
	"testing"
	"time"
)

func size(v any) int { var b bytes.Buffer; gob.NewEncoder(&b).Encode(v); return b.Len() }
func TestZZ(t *testing.T) {
	for _, m := range []*model{readers(11), lastZero(13), inc(4)} {
		k := newMachine(m)
		k.sum = false
		s := Exhaustive()(1).(*optimal)
		t0 := time.Now()
		c0 := 0
		for {
			r, ok := s.Next()
			if !ok {
				break
			}
			k.run(r)
			c0++
		}
		alone := time.Since(t0)
		h := newSharing(t, m)
		h.k.sum = false
		var limbs [Lanes]*Limb
		trunk := h.s.Share()
		t0 = time.Now()
		runs, vain, told, bo, bn, rounds, tasks, learns, lanesum := 0, 0, 0, 0, 0, 0, 0, 0, 0
		sizes := os.Getenv("SIZES") != ""
		crit := 0
		for {
			orders := trunk.Round(1 << 30)
			if len(orders) == 0 {
				break
			}
			rounds++
			lanesum += len(orders)
			var has [2]int
			for i := range orders {
				o := &orders[i]
				if sizes {
					bo += size(o)
				}
				if o.Task != nil {
					tasks++
				}
				if o.Learn != nil {
					learns++
				}
				if limbs[o.Lane] == nil {
					limbs[o.Lane] = h.s.Limb()
				}
				l := limbs[o.Lane]
				l.Follow(o)
				ran := 0
				for ; ran < o.Runs; ran++ {
					r, ok := l.Next()
					if !ok {
						break
					}
					h.k.run(r)
					runs++
					if passed(r) {
						vain++
					}
				}
				has[i%2] += ran
				n := l.News(o, ran)
				if sizes {
					bn += size(n)
				}
				told += len(n.Plans)
				trunk.Take(o.Lane, n)
			}
			crit += max(has[0], has[1])
		}
		fmt.Printf("%s: alone %v for %d; shared %v runs %d vain %d told %d orders %d B news %d B rounds %d tasks %d learns %d lanes/round %.1f crit %d complete %v\n", m.name, alone, c0, time.Since(t0), runs, vain, told, bo, bn, rounds, tasks, learns, float64(lanesum)/float64(rounds), crit, h.s.Complete())
	}
}
