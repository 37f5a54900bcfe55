package sim

import "github.com/lastcall-go/lastcall/scheduler"

// An exhaustive search is shared between processes as a [scheduler.Trunk] says: in each round each lane's limb runs some schedules. Which process a limb is in makes no
// difference to what comes of it, so it makes none how many there are.

// limbs are those of this process.
type limbs struct {
	of  scheduler.Sharer
	all [scheduler.Lanes]*scheduler.Limb
}

// grown is what came of an order.
type grown struct {
	Lane   int
	Window window
	Passed int
	News   *scheduler.News
}

// carryOut carries out orders, one after the other, until stop says that it is enough: what is left then comes in the next round.
func (x *explorer) carryOut(l *limbs, orders []scheduler.Order, stop func() bool) (all []grown, err error) {
	for i := range orders {
		o := &orders[i]
		if l.all[o.Lane] == nil {
			l.all[o.Lane] = l.of.Limb()
		}
		limb := l.all[o.Lane]
		if err := limb.Follow(o); err != nil {
			return nil, err
		}
		g := grown{Lane: o.Lane}
		ran := 0
		for end := false; ran < o.Runs && !end && !stop(); ran++ {
			run, ok := limb.Next()
			if !ok {
				break
			}
			if x.run(run, false); x.result.Passed {
				g.Passed++
				continue
			}
			if end, err = x.note(&g.Window); err != nil {
				return nil, err
			}
		}
		g.Window.Held = x.sometimes()
		g.News = limb.News(o, ran)
		all = append(all, g)
	}
	return all, nil
}

// crew is all processes that run limbs, this one included.
type crew struct {
	x       *explorer
	own     limbs
	workers []*worker
	place   [scheduler.Lanes]int // where each lane's limb is: 0 for this process, or 1 more than the worker
}

// shareTree runs an exhaustive search on several processes. This one runs limbs, too.
func (x *explorer) shareTree() error {
	s, _ := scheduler.As[scheduler.Sharer](x.strategy)
	c := &crew{x: x, own: limbs{of: s}}
	var err error
	if x.canShare() {
		c.workers, err = x.startWorkers()
	}
	defer func() { endWorkers(c.workers) }()
	if err != nil {
		return err
	}
	if len(c.workers) > 0 {
		defer spare()()
	}
	trunk := s.Share()
	for x.goesOn() {
		if run, ok := s.Next(); ok { // on the way to the parts of a shard
			x.run(run, false)
			x.report.Passed++
			continue
		}
		orders := trunk.Round(x.c.Schedules - x.report.Schedules)
		if len(orders) == 0 {
			break
		}
		if err := c.round(trunk, orders); err != nil {
			return err
		}
	}
	if x.progressFile != "" {
		if err := c.round(trunk, trunk.Stands()); err != nil {
			return err
		}
	}
	x.finish()
	return nil
}

// round has orders carried out, and takes up what came of them in the order of lanes.
func (c *crew) round(trunk *scheduler.Trunk, orders []scheduler.Order) error {
	if err := c.balance(orders); err != nil {
		return err
	}
	all, err := c.carryOut(orders)
	if err != nil {
		return err
	}
	x := c.x
	for i := range all {
		g := &all[i]
		x.begun = x.report.Schedules
		x.report.Passed += g.Passed
		if err := x.join([]window{g.Window}); err != nil {
			return err
		}
		if x.report.Skipped || len(x.report.Failures) > 0 && !x.c.KeepGoing {
			return nil // nothing more is run
		}
		if err := trunk.Take(g.Lane, g.News); err != nil {
			return err
		}
	}
	return nil
}

// balance moves a limb from the process that has the most at work to the one that has the fewest, if that makes them more alike.
func (c *crew) balance(orders []scheduler.Order) error {
	has, new := make([]int, 1+len(c.workers)), 0
	for _, o := range orders {
		if o.Task == nil {
			has[c.place[o.Lane]]++
		} else {
			new++
		}
	}
	most, least := 0, 0
	for p, n := range has {
		if p > 0 && !c.workers[p-1].isReady() {
			continue
		}
		if n > has[most] {
			most = p
		}
		if n <= has[least] {
			least = p
		}
	}
	if has[most] < has[least]+new+2 {
		return nil
	}
	for i := range orders {
		if o := &orders[i]; o.Task == nil && c.place[o.Lane] == most {
			g, err := c.carryOut([]scheduler.Order{{Lane: o.Lane, Stand: true}})
			if err == nil {
				o.Task = g[0].News.Stand // for the one that has the fewest, as new ones are
			}
			return err
		}
	}
	return nil
}

// carryOut has each process carry out the orders for its limbs, and returns what came of them in the order of lanes.
func (c *crew) carryOut(orders []scheduler.Order) ([]grown, error) {
	shares := c.shares(orders)
	for i, w := range c.workers {
		if o := shares[i+1]; len(o) > 0 {
			w.tell(order{Limbs: o})
		}
	}
	mine, err := c.x.carryOut(&c.own, shares[0], c.x.stops)
	if err != nil {
		return nil, err
	}
	all := make([]grown, scheduler.Lanes)
	for _, g := range mine {
		all[g.Lane] = g
	}
	for i, w := range c.workers {
		if len(shares[i+1]) == 0 {
			continue
		}
		r, err := w.answer(i+1, c.x.stops)
		if err != nil {
			return nil, err
		}
		for _, g := range r.Limbs {
			all[g.Lane] = g
		}
	}
	in := make([]grown, 0, len(orders))
	for _, o := range orders {
		in = append(in, all[o.Lane])
	}
	return in, nil
}

// shares says which process carries out which orders. A new limb is for the one that has the fewest.
func (c *crew) shares(orders []scheduler.Order) [][]scheduler.Order {
	shares := make([][]scheduler.Order, 1+len(c.workers))
	has := make([]int, len(shares))
	for i := range orders {
		if o := &orders[i]; o.Task == nil {
			has[c.place[o.Lane]]++
		}
	}
	for _, o := range orders {
		if o.Task != nil {
			least := 0
			for p, w := range c.workers {
				if has[p+1] <= has[least] && w.isReady() {
					least = p + 1
				}
			}
			has[least]++
			c.place[o.Lane] = least
		}
		p := c.place[o.Lane]
		shares[p] = append(shares[p], o)
	}
	return shares
}
