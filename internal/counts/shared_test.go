package counts

import "github.com/lastcall-go/lastcall/scheduler"

// sharded is the part of shard i of n of an exhaustive search.
func sharded(i, n int) scheduler.Maker {
	return func(seed uint64) scheduler.Strategy {
		s := scheduler.Exhaustive()(seed)
		s.(scheduler.Sharder).Shard(i, n)
		return s
	}
}

// sharing is an exhaustive search that several processes share, with all its limbs in this one.
type sharing struct {
	of     scheduler.Sharer
	trunk  scheduler.Trunk
	limbs  [scheduler.Lanes]*scheduler.Limb
	orders []scheduler.Order
	ran    int // of the first order
	busy   bool
	err    error
}

func newShared(seed uint64) scheduler.Strategy {
	s := &sharing{of: scheduler.Exhaustive()(seed).(scheduler.Sharer)}
	s.trunk = s.of.Share()
	return s
}

func (s *sharing) Next() (scheduler.Run, bool) {
	for s.err == nil {
		if len(s.orders) == 0 {
			if run, ok := s.of.Next(); ok { // on the way to the parts of one that is divided
				return run, true
			}
			if s.orders, s.err = s.trunk.Round(1 << 30); s.err != nil {
				break
			}
			if len(s.orders) == 0 {
				return s.of.Next() // it may have been divided just now
			}
		}
		o := &s.orders[0]
		if s.limbs[o.Lane] == nil {
			s.limbs[o.Lane] = s.of.Limb()
		}
		l := s.limbs[o.Lane]
		if !s.busy {
			s.err, s.busy, s.ran = l.Follow(o), true, 0
		}
		if s.ran < o.Runs && s.err == nil {
			if run, ok := l.Next(); ok {
				s.ran++
				return run, true
			}
		}
		if s.err == nil {
			s.trunk.Take(o.Lane, l.News(o, s.ran))
		}
		s.orders, s.busy = s.orders[1:], false
	}
	if s.err == nil {
		return nil, false
	}
	panic(s.err)
}

// Complete and Bounded are the search's.
func (s *sharing) Complete() bool { return s.of.(scheduler.Completer).Complete() }
func (s *sharing) Bounded() bool  { return s.of.(scheduler.Completer).Bounded() }
