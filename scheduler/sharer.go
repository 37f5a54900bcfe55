package scheduler

// A Sharer is a Strategy that several processes can share.
type Sharer interface {
	Strategy
	Share() Trunk // the search from where it stands is the trunk's from then on; the same one if it is already
	Shared() bool // it is
	Limb() *Limb  // one that can run a part of such a search, this one or another process's
}

var (
	_ Sharer = (*optimal)(nil)
	_ Sharer = (*parsimonious)(nil)
	_ Sharer = (*exhaustive)(nil)
)

// A Trunk is what a search that is shared has in common: it says what each lane's [Limb] does next, and takes what came of that.
type Trunk interface {
	// Round says what lanes of a shift do next, so that with what has been ordered before it comes to at most so many schedules. It says nothing where that is up to news of
	// an order that are to come, and where the search is over. It is called again when it has said something, to have two rounds under way, and when all news of one are taken.
	Round(most int) ([]Order, error)

	// Take takes the news of an order. They are taken up when the next round of the lane's shift begins.
	Take(lane int, n *News)

	// Stands says what is to be asked of limbs before the position can be told.
	Stands() []Order
}

// shifting is what gives orders to lanes in shifts.
type shifting interface {
	underWay(shift int) bool
	takeUp(shift int) error
	begin(shift int)
	orders(most int) []Order
}

// round is Round of what gives orders in shifts, of which turn is the one whose next round begins before the other's does.
func round(of shifting, turn *int, most int) (orders []Order, err error) {
	for range shifts {
		if !of.underWay(*turn) {
			if err := of.takeUp(*turn); err != nil {
				return nil, err
			}
			of.begin(*turn)
			*turn = (*turn + 1) % shifts
		}
		if orders = of.orders(most); len(orders) > 0 || of.underWay(*turn) {
			break
		}
	}
	return orders, nil
}

// wider is the next round's window.
func wider(window int) int { return min(window+max(window/4, 1), windowMax) }
