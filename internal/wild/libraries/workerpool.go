package libraries

import (
	"context"

	"github.com/gammazero/workerpool"

	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/sim"
)

func workerpoolStopWait(sim.TB) scenarios.Subject {
	p := workerpool.New(2)
	return scenarios.Subject{
		Post:  p.Do,
		Close: func(context.Context) error { p.StopWait(); return nil },
	}
}

func workerpoolStop(sim.TB) scenarios.Subject {
	p := workerpool.New(2)
	return scenarios.Subject{
		Post:  p.Do,
		Close: func(context.Context) error { p.Stop(); return nil },
	}
}

var workerpoolSubjects = []subject{
	{
		name: "workerpool: Do, StopWait", new: workerpoolStopWait,
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error,  // "Returns ErrStopped if the worker pool is stopped." "Do is safe to call concurrently with Stop or StopWait."
			CloseWaits:     scenarios.Queued, // "all pending tasks are executed by workers before this function returns."
			PostFromTask:   true,             // "Do will not block regardless of the number of tasks submitted."
		},
	},
	{
		name: "workerpool: Do, Stop", new: workerpoolStop,
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error,
			CloseWaits:     scenarios.Running, // "waits for only currently running tasks to complete. Pending tasks that are not currently running are abandoned."
			PostFromTask:   true,
		},
	},
	{
		name: "workerpool: beyond its documentation", new: workerpoolStopWait,
		contract: scenarios.Contract{CloseWaits: scenarios.Queued, CloseTwice: scenarios.OK, CloseFromTask: true, GoexitContained: true},
		beyond:   true,
		fails:    []string{"a task closes the subject it runs on: hang", "the last worker calls Goexit: accepted and lost", "a task calls Goexit while the subject is closed: hang"},
	},
}
