package scenarios

import (
	"context"
	"fmt"
	"testing/synctest"
)

// Cases of Post against Close.

const fillMax = 64 // tasks, before a subject that waits for room has to have waited

func postCases() []Case {
	const late = "what becomes of a Post after Close"
	return []Case{
		{
			Name:   "tasks are posted while the subject is closed",
			What:   "Two goroutines post while a third closes. Each Post comes before the Close, or is late.",
			Need:   late,
			script: postAgainstClose, promised: saysPostAfterClose,
		},
		{
			Name:   "a task is posted to a closed subject",
			What:   "Close, and when it has returned, Post.",
			Need:   late,
			script: postAfterClose, promised: saysPostAfterClose,
		},
		{
			Name:   "a Post that waits for room meets a Close",
			What:   "Tasks are posted until a Post waits for room, and one more. Then the subject is closed, and what runs may end. No Post is left behind.",
			Need:   "that Post waits for room",
			script: blockedPost, promised: func(c *Contract) bool { return c.BlocksWhenFull },
		},
		{
			Name:   "a worker brings its result home while the subject is closed",
			What:   "What runs posts its result at its end, while the subject is closed. The result is taken or refused.",
			Need:   late + ", and that a task may post",
			script: phoneHome, promised: postsFromTask,
		},
		{
			Name:   "a task posts another while the queue drains",
			What:   "Each task of a chain of three posts the next; two other tasks are queued, and the subject is closed.",
			Need:   late + ", and that a task may post",
			script: postFromTask, promised: postsFromTask,
		},
	}
}

func postsFromTask(c *Contract) bool { return c.PostFromTask && saysPostAfterClose(c) }

func postAgainstClose(x *trial) {
	a, b := x.jobsOf(2, "task"), x.jobsOf(1, "other task")
	x.turn()
	x.posts(a...)
	x.posts(b...)
	x.shut()
}

func postAfterClose(x *trial) {
	before, late := x.job("task"), x.job("late task")
	x.turn()
	x.posts(before)
	x.settle()
	x.shut()
	x.start("Post of "+late.name, func() {
		x.post(late)
		x.expect("a Post after Close", x.c.PostAfterClose, late.err, late.panicked)
	})
	x.settle()
	if late.hasBegun() {
		x.t.Errorf("run after close: %s was posted after Close, and runs%s", late, x.account())
	}
}

func blockedPost(x *trial) {
	js := make([]*job, fillMax)
	for i := range js {
		js[i] = x.gated(fmt.Sprintf("task %d", i+1))
	}
	another := x.job("another task")
	x.turn()
	n := 0
	for ; n < fillMax; n++ {
		c := x.posts(js[n])
		synctest.Wait()
		if !c.done() {
			break
		}
	}
	if n == fillMax {
		x.t.Fatalf("contract: %d tasks are posted and none ends, and no Post waits for room: make the subject smaller, or do not promise it", n)
	}
	x.posts(another)
	synctest.Wait()
	x.opener(js[:n+1]...)
	x.shut()
}

func phoneHome(x *trial) {
	worker, result := x.gated("worker"), x.job("result")
	worker.body = func() {
		<-worker.gate
		x.post(result)
	}
	x.turn()
	if x.s.Go != nil {
		x.works(context.Background(), worker)
	} else {
		x.posts(worker)
	}
	x.until(worker.hasBegun)
	x.opener(worker)
	x.shut()
}

func postFromTask(x *trial) {
	chain, others := x.jobsOf(3, "task"), x.jobsOf(2, "other task")
	for i := range 2 {
		chain[i].body = func() { x.post(chain[i+1]) }
	}
	x.turn()
	x.posts(chain[0])
	x.posts(others...)
	x.shut()
}
