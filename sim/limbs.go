package sim

import (
	"cmp"
	"slices"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

// An exhaustive search is shared between processes as a [scheduler.Trunk] says: in each round some lanes' limbs run some schedules. Which process a limb is in makes no
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

// errand is orders that a process carries out, one after the other.
type errand struct {
	orders []scheduler.Order
	came   []grown // of those that it is done with,
	at     *grown  // and of the one that it is at, nil for none
	ran    int     // schedules of that
}

// carryOut carries out orders until stop says that it is enough: what is left then comes in the next round. It returns false as soon as pause says so, and goes on from there when
// it is called again.
func (x *explorer) carryOut(l *limbs, e *errand, stop, pause func() bool) (done bool, err error) {
	for len(e.came) < len(e.orders) {
		o := &e.orders[len(e.came)]
		if l.all[o.Lane] == nil {
			l.all[o.Lane] = l.of.Limb()
		}
		limb := l.all[o.Lane]
		if e.at == nil {
			if err := limb.Follow(o); err != nil {
				return false, err
			}
			e.at, e.ran = &grown{Lane: o.Lane}, 0
		}
		g := e.at
		for end := false; e.ran < o.Runs && !end && !stop(); e.ran++ {
			if pause() {
				return false, nil
			}
			run, ok := limb.Next()
			if !ok {
				break
			}
			if x.runSearch(run); x.result.Passed {
				g.Passed++
				continue
			}
			if end, err = x.note(&g.Window); err != nil {
				return false, err
			}
		}
		g.Window.Held = x.sometimes()
		g.News = limb.News(o, e.ran)
		e.came, e.at = append(e.came, *g), nil
	}
	return true, nil
}

// never is when an errand is not paused.
func never() bool { return false }

// crew is all processes that run limbs, this one included.
type crew struct {
	x       *explorer
	trunk   scheduler.Trunk
	own     limbs
	workers []*worker
	place   [scheduler.Lanes]int // where each lane's limb is: 0 for this process, or 1 more than the worker
	rounds  []*round             // that are under way
	held    map[string]bool      // what sometimes held in this process's limbs
}

// round is orders that have been given.
type round struct {
	orders [][]scheduler.Order // by process: this one's first. Those that were started later have none
	own    errand              // this one's
	done   bool                // it has carried them out
}

// of returns those of process p.
func (r *round) of(p int) []scheduler.Order {
	if p < len(r.orders) {
		return r.orders[p]
	}
	return nil
}

// roundsAhead is how many rounds are under way at a time, so that a process that is done with one need not wait for the others.
const roundsAhead = 2

// workersAfter is how long a search lasts before other processes are started for it: many are over before one could come.
var workersAfter = time.Millisecond

// shareTree runs an exhaustive search on several processes. This one runs limbs, too.
func (x *explorer) shareTree() error {
	s, _ := scheduler.As[scheduler.Sharer](x.strategy)
	c := &crew{x: x, own: limbs{of: s}, trunk: s.Share(), held: make(map[string]bool)}
	defer func() { x.endWorkers(c.workers) }()
	for begun := time.Now(); x.goesOn(); {
		if x.canShare() && len(c.workers) == 0 && time.Since(begun) > workersAfter {
			var err error
			if c.workers, err = x.startWorkers(); err != nil {
				return err
			}
		}
		run, ok := s.Next() // on the way to the parts of one that is divided
		if !ok {
			if err := c.begin(); err != nil {
				return err
			}
			if len(c.rounds) == 0 {
				if run, ok = s.Next(); !ok { // it has not been divided just now
					break
				}
			}
		}
		if ok {
			x.runSearch(run)
			x.report.Passed++
			continue
		}
		if err := c.end(); err != nil {
			return err
		}
	}
	if err := c.wait(); err != nil {
		return err
	}
	x.finish()
	return nil
}

// begin gives orders.
func (c *crew) begin() error {
	for len(c.rounds) < roundsAhead {
		orders, err := c.trunk.Round(c.x.c.Schedules - c.x.report.Schedules)
		if err != nil || len(orders) == 0 {
			return err
		}
		if err := c.balance(orders); err != nil {
			return err
		}
		c.tell(orders)
	}
	return nil
}

// end waits for what came of the round that has been under way for longest, and takes it up in the order of lanes.
func (c *crew) end() error {
	r, next := c.rounds[0], (*round)(nil)
	if c.rounds = c.rounds[1:]; len(c.rounds) > 0 {
		next = c.rounds[0]
	}
	all, err := c.results(r, next)
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
		if x.decided() {
			c.rounds = nil
			return nil // nothing more is run
		}
		c.trunk.Take(g.Lane, g.News)
	}
	return nil
}

// wait waits for the rounds that are under way, when nothing more is to be run, and for where limbs stand.
func (c *crew) wait() error {
	for len(c.rounds) > 0 {
		if err := c.end(); err != nil {
			return err
		}
	}
	if c.x.decided() {
		c.x.report.Stopped = "" // though it was to be: what was under way shows a failure, and that ends it
		return nil
	}
	if _, err := c.trunk.Round(0); err != nil { // to take up what is left
		return err
	}
	if c.x.progressFile == "" {
		return nil
	}
	c.tell(c.trunk.Stands())
	return c.end()
}

// balance moves limbs from the process that has the most at work to the one that has the fewest, as long as that makes them more alike.
func (c *crew) balance(orders []scheduler.Order) error {
	has, fresh := make([]int, 1+len(c.workers)), 0
	for _, o := range orders {
		if o.Task == nil {
			has[c.place[o.Lane]]++
		} else {
			fresh++
		}
	}
	for {
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
		if has[most] < has[least]+fresh+2 {
			return nil
		}
		i := slices.IndexFunc(orders, func(o scheduler.Order) bool { return o.Task == nil && c.place[o.Lane] == most })
		task, err := c.stand(most, orders[i].Lane)
		if err != nil {
			return err
		}
		orders[i].Task = task // for the one that has the fewest, as new ones are
		has[most]--
		fresh++
	}
}

// stand returns where a limb stands that is in process p, and for which there is no order.
func (c *crew) stand(p, lane int) (*scheduler.Task, error) {
	orders := []scheduler.Order{{Lane: lane, Stand: true}}
	if p == 0 {
		e := &errand{orders: orders}
		if _, err := c.x.carryOut(&c.own, e, c.x.stops, never); err != nil {
			return nil, err
		}
		return e.came[0].News.Stand, nil
	}
	w := c.workers[p-1]
	w.tell(order{Limbs: orders})
	for _, r := range c.rounds { // it answers those first
		if len(r.of(p)) == 0 {
			continue
		}
		a, err := w.next(p, c.x.stops)
		if err != nil {
			return nil, err
		}
		w.early = append(w.early, a)
	}
	a, err := w.next(p, c.x.stops)
	if err != nil {
		return nil, err
	}
	return a.Limbs[0].News.Stand, nil
}

// tell begins a round.
func (c *crew) tell(orders []scheduler.Order) {
	r := c.shares(orders)
	for i, w := range c.workers {
		if o := r.of(i + 1); len(o) > 0 {
			w.tell(order{Limbs: o})
		}
	}
	c.rounds = append(c.rounds, r)
}

// results carries out this process's orders of a round, and returns what came of all of them in the order of lanes. Next is the round after it, or nil: as long
// as others are not done with theirs of the first, this process is at its own of that.
func (c *crew) results(r, next *round) ([]grown, error) {
	if err := c.carryOut(r, never); err != nil {
		return nil, err
	}
	all := r.own.came
	for i, w := range c.workers {
		if len(r.of(i+1)) == 0 {
			continue
		}
		if next != nil && !w.hasAnswered() {
			if err := c.carryOut(next, w.hasAnswered); err != nil {
				return nil, err
			}
		}
		a, err := w.answer(i+1, c.x.stops)
		if err != nil {
			return nil, err
		}
		all = append(all, a.Limbs...)
	}
	slices.SortFunc(all, func(a, b grown) int { return cmp.Compare(a.Lane, b.Lane) })
	return all, nil
}

// carryOut carries out this process's orders of a round, if it has not, or goes on with them. As with the others', what came of them counts when the round is taken up.
func (c *crew) carryOut(r *round, pause func() bool) (err error) {
	if r.done {
		return nil
	}
	x := c.x
	held, skipped := x.held, x.report.Skipped
	x.held = c.held
	r.done, err = x.carryOut(&c.own, &r.own, x.stops, pause)
	x.held, x.report.Skipped = held, skipped
	return err
}

// shares says which process carries out which orders. A new limb is for the one that has the fewest of them, or else the fewest in all.
func (c *crew) shares(orders []scheduler.Order) *round {
	r := make([][]scheduler.Order, 1+len(c.workers))
	has, all := make([]int, len(r)), make([]int, len(r))
	for i := range orders {
		if o := &orders[i]; o.Task == nil {
			has[c.place[o.Lane]]++
		}
	}
	for _, before := range c.rounds {
		for p, o := range before.orders {
			all[p] += len(o)
		}
	}
	for _, o := range orders {
		if o.Task != nil {
			least := 0
			for p, w := range c.workers {
				if p++; w.isReady() && (has[p] < has[least] || has[p] == has[least] && all[p] <= all[least]) {
					least = p
				}
			}
			has[least]++
			c.place[o.Lane] = least
		}
		p := c.place[o.Lane]
		r[p] = append(r[p], o)
	}
	return &round{orders: r, own: errand{orders: r[0]}}
}
