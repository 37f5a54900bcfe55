package scheduler

import (
	"slices"
	"testing"
)

// turns lets a portfolio run n schedules, whose classes class says, and counts each part's.
func turns(s *portfolio, n int, class func(part, schedule int) uint64) []int {
	count := make([]int, len(s.parts))
	for i := range n {
		r := must(s).(*portfolioRun)
		at := slices.Index(s.parts, r.part)
		count[at]++
		r.End(&Outcome{Steps: 10, Decisions: 5, Class: class(at, i)})
	}
	return count
}

func (s *portfolio) shares() (sum float64) {
	for _, p := range s.parts {
		sum += p.share
	}
	return sum
}

// TestPortfolioShares: as long as everything is new, each part has its share.
func TestPortfolioShares(t *testing.T) {
	s := Portfolio(1).(*portfolio)
	all := s.shares()
	const n = 1000
	turns(s, 65, func(_, i int) uint64 { return uint64(i) }) // until all of them have begun
	for i, got := range turns(s, n, func(_, i int) uint64 { return uint64(100 + i) }) {
		if want := s.parts[i].share / all * n; float64(got) < want-2 || float64(got) > want+2 {
			t.Errorf("%s had %d turns of %d, want %.0f", s.parts[i].of, got, n, want)
		}
	}
}

// TestPortfolioNovelty: parts whose schedules are new get what is taken from one whose are not, down to a quarter.
func TestPortfolioNovelty(t *testing.T) {
	const n, stale = 2000, 1
	fresh := turns(Portfolio(1).(*portfolio), n, func(_, i int) uint64 { return uint64(i) })
	s := Portfolio(1).(*portfolio)
	got := turns(s, n, func(part, i int) uint64 {
		if part == stale {
			return 1 << 40
		}
		return uint64(i)
	})
	own := s.parts[stale].share
	if share := own / (own + 4*(s.shares()-own)); float64(got[stale]) > 1.2*share*n || float64(got[stale]) < share*n {
		t.Errorf("the part that finds nothing new had %d turns, and %d while it did; its least share is %.3f", got[stale], fresh[stale], share)
	}
	for i := range got {
		if i != stale && got[i] <= fresh[i] {
			t.Errorf("%s had %d turns beside it, and %d before", s.parts[i].of, got[i], fresh[i])
		}
	}
}

// TestPortfolioFirst: the first schedule is a uniform walk, from which the others learn; the second has been learned for.
func TestPortfolioFirst(t *testing.T) {
	s := Portfolio(1).(*portfolio)
	k := newMachine(reorder(3, 1))
	first := must(s).(*portfolioRun)
	if first.part != s.parts[0] || first.part.of.String() != "random" {
		t.Errorf("the first schedule is %s's", first.part.of)
	}
	k.run(first)
	l := s.parts[0].of.(*walks).learned
	if l.profile.Load() == nil || l.steps.Load() == 0 || len(l.places.at) == 0 {
		t.Errorf("nothing was learned from it: %+v", l.places)
	}
}
