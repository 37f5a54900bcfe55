package scenarios

import (
	"context"
	"testing/synctest"
)

// Cases of a subject that is used again, and of a Close that comes as it starts.

func restartCases() []Case {
	const restarts = "that a closed subject may be used again"
	restartable := func(c *Contract) bool { return c.Restartable }
	return []Case{
		{
			Name: "a closed subject is used again",
			What: "Close, Post where that is promised to be queued, then start, post, close. What is posted the second time runs.",
			Need: restarts, promised: restartable,
			script: useAgain,
		},
		{
			Name: "a subject is stopped, started and stopped",
			What: "Tasks run and others are queued when the first Close comes. The subject is started and closed again at once, with a Post at the same time, and a third time in peace. Nothing of one life ends the next, or is lost by it.",
			Need: restarts, promised: restartable,
			script: stopStartStop,
		},
		{
			Name: "a subject starts while it is closed",
			What: "Run begins, or Reopen of a closed subject, while another goroutine closes. Both come back, and nothing runs on.",
			Need: "that Close may be called while the subject starts", promised: func(c *Contract) bool { return c.CloseDuringStart },
			lacks:  noStart,
			script: startAgainstClose,
		},
	}
}

func useAgain(x *trial) {
	first, between, second := x.job("task 1"), x.job("late task"), x.jobsOf(2, "second task")
	x.turn()
	x.posts(first)
	x.settle()
	x.shut()
	if x.c.PostAfterClose == Queued {
		x.posts(between)
		x.settle()
	}
	x.reopen()
	x.turn()
	x.posts(second...)
	x.settle()
	x.mustBeOpen(second)
	x.shut()
}

// mustBeOpen fails where a subject refuses all that it is given.
func (x *trial) mustBeOpen(js []*job) {
	for _, j := range js {
		if j.accepted() {
			return
		}
	}
	x.t.Errorf("contract: the subject refuses every task although it was opened again%s", x.account())
}

func stopStartStop(x *trial) {
	gated, all := x.queued(3)
	second, third := x.jobsOf(2, "second task"), x.jobsOf(2, "third task")
	x.turn()
	x.fill(all)
	x.opener(gated...)
	x.shut()
	x.reopen()
	x.turn()
	x.posts(second...)
	if !saysPostAfterClose(&x.c) {
		x.settle()
	}
	x.shut()
	x.reopen()
	x.turn()
	x.posts(third...)
	x.settle()
	x.mustBeOpen(third)
	x.shut()
}

func startAgainstClose(x *trial) {
	j := x.job("task")
	if x.s.Run != nil {
		x.posts(j)
		synctest.Wait()
		x.runner()
	} else {
		x.shut()
		x.forgive()
		x.start("Reopen", func() { _ = x.s.Reopen() })
	}
	x.start("Close", func() { x.close(context.Background()) })
	x.settle()
	x.closeIfOpen()
}

// closeIfOpen closes a subject that a Reopen may have opened after the Close.
func (x *trial) closeIfOpen() {
	if x.s.Run != nil {
		return
	}
	if saysCloseTwice(&x.c) {
		x.close(context.Background())
		x.settle()
		return
	}
	x.tolerate()
}
