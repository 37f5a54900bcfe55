package scheduler

import "sync"

// course is how far a search that reduces has come. The two of them have it in common.
//
// Next waits while a run is on: what comes next depends on it.
type course struct {
	mu      sync.Mutex
	changed sync.Cond
	begun   bool
	running bool
	over    bool
	gaps    Gaps   // what was left out
	blocked int    // runs that only repeat what others have run
	strayed int    // plans that could not be carried out: a fault of the table or of the search
	trunk   *trunk // nil where the search is not shared, and in limbs, which are what shares it
}

// await waits until no run is on. The caller holds mu.
func (c *course) await() {
	for c.running {
		c.changed.Wait()
	}
}

// Complete reports whether a schedule of every class has been run to its end.
func (c *course) Complete() bool {
	over, g := c.ended()
	return over && g == 0
}

// Gaps tells why not, once nothing is left to run.
func (c *course) Gaps() Gaps {
	if over, g := c.ended(); over {
		return g
	}
	return 0
}

// ended reports whether nothing is left to run, and what has been left out so far.
func (c *course) ended() (over bool, g Gaps) {
	c.mu.Lock()
	defer c.mu.Unlock()
	over, g, strayed := c.over, c.gaps, c.strayed
	if t := c.trunk; t != nil {
		over, g, strayed = over && t.over(), g|t.gaps, strayed+t.strayed
	}
	return over, g | gapIf(strayed > 0, Astray)
}

// Bounded is false: there is no bound.
func (c *course) Bounded() bool { return false }

// Shared reports whether there is a trunk.
func (c *course) Shared() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trunk != nil
}

// Limb returns a limb without a task.
func (c *course) Limb() *Limb { return new(Limb) }

// tell tells of a limb what has come of it since it was last told.
func (c *course) tell(n *News, again bool) {
	n.Over, n.Again, n.Gaps, n.Blocked, n.Strayed = c.over && !again, again, c.gaps, c.blocked, c.strayed
	c.gaps, c.blocked, c.strayed = 0, 0, 0
}
