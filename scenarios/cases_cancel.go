package scenarios

import (
	"context"
	"fmt"
	"testing/synctest"
)

// Cases of a context of Go that ends.

func cancelCases() []Case {
	return []Case{
		{
			Name:   "work that is queued is cancelled",
			What:   "Work runs and more is queued; the context of one that is queued ends. The others run, and nobody closes yet.",
			lacks:  noGo,
			script: cancelQueued,
		},
		{
			Name:   "work that is queued is cancelled while the subject is closed",
			What:   "The same, with a Close at the same time.",
			lacks:  noGo,
			script: cancelQueuedAgainstClose,
		},
		{
			Name: "one of three that wait for room gives up",
			What: "Work is submitted until it waits for room, and two more wait; the context of one ends as the room comes. The other two are let in.",
			Need: "that Go waits for room", promised: func(c *Contract) bool { return c.BlocksWhenFull },
			lacks:  noGo,
			script: waiterGivesUp,
		},
	}
}

func cancelQueued(x *trial) {
	busy, others, victim := x.busy(), x.jobsOf(1, "other work"), x.job("cancelled work")
	x.turn()
	cancel := x.queue(busy, victim, others)
	x.opener(busy...)
	x.start("the end of a context of Go", cancel)
	x.settle()
	x.shut()
}

func cancelQueuedAgainstClose(x *trial) {
	busy, others, victim := x.busy(), x.jobsOf(1, "other work"), x.job("cancelled work")
	x.turn()
	cancel := x.queue(busy, victim, others)
	x.opener(busy...)
	x.start("the end of a context of Go", cancel)
	x.shut()
}

// busy is work to keep two workers with.
func (x *trial) busy() []*job { return []*job{x.gated("work 1"), x.gated("work 2")} }

// queue submits what keeps the workers, and behind it the victim and others. It returns what cancels the victim.
func (x *trial) queue(busy []*job, victim *job, others []*job) context.CancelFunc {
	for _, j := range busy {
		x.works(context.Background(), j)
	}
	synctest.Wait()
	ctx, cancel := context.WithCancel(context.Background())
	x.excuse(victim)
	x.works(ctx, victim)
	for _, j := range others {
		x.works(context.Background(), j)
	}
	synctest.Wait()
	return cancel
}

func waiterGivesUp(x *trial) {
	js := make([]*job, fillMax)
	for i := range js {
		js[i] = x.gated(fmt.Sprintf("work %d", i+1))
	}
	others := x.jobsOf(2, "waiting work")
	x.turn()
	n, cancel := 0, context.CancelFunc(nil)
	for ; n < fillMax; n++ {
		var ctx context.Context
		ctx, cancel = context.WithCancel(context.Background())
		c := x.works(ctx, js[n])
		synctest.Wait()
		if !c.done() {
			break
		}
	}
	if n == fillMax {
		x.t.Fatalf("contract: %d pieces of work are submitted and none ends, and no Go waits for room: make the subject smaller, or do not promise it", n)
	}
	x.excuse(js[n])
	for _, j := range others {
		x.works(context.Background(), j)
	}
	synctest.Wait()
	x.opener(js[:n+1]...)
	x.start("the end of a context of Go", cancel)
	x.settle()
	x.shut()
}
