package scenarios

import (
	"context"
	"testing/synctest"
)

// Cases of Close against what runs and what is queued, and of more than one Close.

func closeCases() []Case {
	return []Case{
		{
			Name:   "a task runs while the subject is closed",
			What:   "Close is called while a task runs. It returns when it should: before the task ends, or after.",
			script: closeWhileRunning,
		},
		{
			Name:   "the subject is closed with tasks queued",
			What:   "Tasks run and others are queued. None runs twice, none after Close, and none is lost where Close waits for them.",
			script: closeWithQueue,
		},
		{
			Name:   "two goroutines close at once",
			What:   "A task runs; two goroutines call Close. Both come back, and what holds for one holds for the other.",
			Need:   "what a second Close comes to",
			script: closeAgainstClose, promised: saysCloseTwice,
		},
		{
			Name:   "a closed subject is closed again",
			What:   "Close, and when it has returned, Close.",
			Need:   "what a second Close comes to",
			script: closeAgain, promised: saysCloseTwice,
		},
		{
			Name:   "a task closes the subject it runs on",
			What:   "A task calls Close, which must return for the task to end.",
			Need:   "that a task may call Close",
			script: closeFromTask, promised: func(c *Contract) bool { return c.CloseFromTask },
		},
		{
			Name:   "the context of Close ends before the task does",
			What:   "Close is called while a task runs, and its context ends meanwhile. Close comes back now or when the task has ended; a further Close, where that is allowed, finishes.",
			script: closeGivesUp,
		},
		{
			Name:   "one of three closers gives up",
			What:   "Three goroutines call Close while a task runs; the context of one ends. The other two come back as if it had never been.",
			Need:   "what a second Close comes to",
			script: closerGivesUp, promised: saysCloseTwice,
		},
	}
}

func closeWhileRunning(x *trial) {
	j := x.gated("task")
	x.turn()
	x.fill([]*job{j})
	c := x.closer(context.Background())
	if x.c.CloseWaits == None && !x.until(c.done) {
		x.t.Errorf("contract: Close waits for a task that runs, and it is promised that it does not%s", x.account())
	}
	x.opener(j)
	x.settle()
}

func closeWithQueue(x *trial) {
	gated, all := x.queued(3)
	x.turn()
	x.fill(all)
	x.opener(gated...)
	x.shut()
}

func closeAgainstClose(x *trial) {
	j := x.gated("task")
	x.turn()
	x.fill([]*job{j})
	results := make([]error, 2)
	for i := range results {
		x.start("Close", func() { results[i] = x.outcome(x.close(context.Background())) })
	}
	x.opener(j)
	x.settle()
	switch nils := count(results, nil); {
	case x.c.CloseTwice == OK && nils < 2, nils == 0:
		x.t.Errorf("contract: of two calls of Close that overlap %d return nil: %v%s", nils, results, x.account())
	}
}

// outcome makes one of the two results of close.
func (x *trial) outcome(err error, panicked bool) error { return err }

func count(errs []error, want error) int {
	n := 0
	for _, err := range errs {
		if err == want {
			n++
		}
	}
	return n
}

func closeAgain(x *trial) {
	j := x.job("task")
	x.turn()
	x.posts(j)
	x.settle()
	x.shut()
	x.start("the second Close", func() {
		err, panicked := x.close(context.Background())
		x.expect("a second Close", x.c.CloseTwice, err, panicked)
	})
	x.settle()
}

func closeFromTask(x *trial) {
	j, other := x.job("task"), x.job("other task")
	j.body = x.closeInTask
	x.turn()
	x.posts(j)
	if saysPostAfterClose(&x.c) {
		x.posts(other)
	}
	x.settle()
	if !j.accepted() {
		x.t.Errorf("contract: an open subject refuses a task%s", x.account())
	}
	if saysCloseTwice(&x.c) {
		x.start("a Close from outside", func() { x.close(context.Background()) })
		x.settle()
	}
}

func closeGivesUp(x *trial) {
	j := x.gated("task")
	x.turn()
	x.fill([]*job{j})
	ctx, cancel := context.WithCancel(context.Background())
	x.closer(ctx)
	x.start("the end of Close's context", cancel)
	synctest.Wait()
	x.opener(j)
	x.settle()
	x.closeForGood()
}

// closeForGood calls Close once more where none has returned nil. What is left where that is not allowed is no leak.
func (x *trial) closeForGood() {
	switch {
	case x.wasClosed():
	case saysCloseTwice(&x.c):
		x.shut()
	default:
		x.tolerate()
	}
}

func closerGivesUp(x *trial) {
	j := x.gated("task")
	x.turn()
	x.fill([]*job{j})
	ctx, cancel := context.WithCancel(context.Background())
	x.closer(ctx)
	x.closer(context.Background())
	x.closer(context.Background())
	x.start("the end of a context of Close", cancel)
	x.opener(j)
	x.settle()
	x.closeForGood()
}
