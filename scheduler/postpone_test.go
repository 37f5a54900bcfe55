package scheduler

import "testing"

// TestPostponePlaces: the places are those of contended objects, and each has its turn before any has its second.
func TestPostponePlaces(t *testing.T) {
	m := reorder(4, 1)
	m.procs = append(m.procs, proc{put(3, 1), ld(3, 0)}) // on its own
	m.init = append(m.init, 0)
	l := new(learned)
	s, k := newPostpone(1, l), newMachine(m)
	for range 200 {
		k.run(must(s))
	}
	// The setters' two stores, and the checker's four loads.
	if n := len(l.places.at); n != 6 {
		t.Fatalf("%d places: %x", n, l.places.at)
	}
	var r rng
	r.start(1, 1)
	l.places.deck = nil
	for range 5 {
		drawn := map[uintptr]bool{}
		for range 6 {
			drawn[l.places.draw(&r)] = true
		}
		if len(drawn) != 6 {
			t.Errorf("6 draws give %d places", len(drawn))
		}
	}
}

// TestPostponeManyGoroutines: the bug of reorder shows where all setters are late at their second store, one of 6 places, provided that one of them
// comes to its first before the checker does. It takes no longer with many than with few; to the other strategies each setter is one more to be held off.
//
// The first schedule is a uniform walk. With k of the next 6 places that find it at all the mean is about 1+(6+1)/(k+1);
// a single place that always finds it makes 4.5, and one that does in half of its turns 7.5.
func TestPostponeManyGoroutines(t *testing.T) {
	seeds := uint64(200)
	if raceEnabled || testing.Short() {
		seeds = 50
	}
	for _, setters := range []int{3, 9, 40} {
		k, total := newMachine(reorder(setters, 1)), 0
		k.sum = false
		for seed := range seeds {
			s := Postpone(seed)
			for n := 1; ; n++ {
				if k.run(must(s)).Failed {
					total += n
					break
				}
				if n == 1000 {
					t.Fatalf("%d setters, seed %d: not found", setters, seed)
				}
			}
		}
		if mean := float64(total) / float64(seeds); mean > 8 {
			t.Errorf("%d setters: found in schedule %.1f on average", setters, mean)
		} else if testing.Verbose() {
			t.Logf("%d setters: %.1f", setters, mean)
		}
	}
}
