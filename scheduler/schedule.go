package scheduler

import "slices"

// A Schedule is what determines a run: the decisions that were made, each as a departure from the default
// (go on with the same goroutine while it can, else take the first choice), and what tells whether the next run goes the same way.
type Schedule struct {
	Name  string // the exploration's
	Note  string // for people; a schedule's file keeps it as comments, its token does not
	Draws uint64 // seeds the goroutines' random streams
	Picks []Pick
}

// A Pick is one decision.
type Pick struct {
	Rank uint32 // 0 is the default's choice, then come the others in order
	Sum  byte   // a hash of the operation chosen and of what could be chosen
}

// Clone returns a copy that shares nothing with s.
func (s *Schedule) Clone() *Schedule {
	c := *s
	c.Picks = slices.Clone(s.Picks)
	return &c
}
