package scenarios

import "slices"

// A Case is one way to get into trouble at the end: calls of the subject at the same time, and what must hold.
type Case struct {
	Name string // a sentence
	What string // what is done, and what it finds
	Need string // what the contract must promise for it to be run; "" for nothing

	promised func(*Contract) bool
	lacks    func(*Subject) bool // reports whether the subject has no func for it
	script   func(*trial)
}

// leftOut says why a case is not run under a contract, or "".
func (c *Case) leftOut(contract *Contract) string {
	if c.promised != nil && !c.promised(contract) {
		return "the contract does not promise " + c.Need
	}
	return ""
}

// Cases returns the suite's cases, in the order in which they are run.
func Cases() []Case {
	return slices.Concat(taskCases(), closeCases(), postCases(), cancelCases(), deathCases(), timerCases(), restartCases())
}

// What contracts promise, for the field promised.

func saysPostAfterClose(c *Contract) bool { return c.PostAfterClose != Unspecified }
func saysCloseTwice(c *Contract) bool     { return c.CloseTwice != Unspecified }

// What subjects lack, for the field lacks.

func noGo(s *Subject) bool    { return s.Go == nil }
func noWait(s *Subject) bool  { return s.Wait == nil }
func noAfter(s *Subject) bool { return s.After == nil }
func noStart(s *Subject) bool { return s.Run == nil && s.Reopen == nil }
