package libraries

import (
	"context"

	"github.com/panjf2000/ants/v2"

	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/sim"
)

// antsPool is a pool of two workers. What panics is not printed.
func antsPool(t sim.TB, opts ...ants.Option) *ants.Pool {
	p, err := ants.NewPool(2, append(opts, ants.WithPanicHandler(func(any) {}))...)
	if err != nil {
		t.Errorf("ants.NewPool: %v", err)
		t.FailNow()
	}
	return p
}

func antsReleaseContext(opts ...ants.Option) func(sim.TB) scenarios.Subject {
	return func(t sim.TB) scenarios.Subject {
		p := antsPool(t, opts...)
		return scenarios.Subject{
			Post:   p.Submit,
			Close:  p.ReleaseContext,
			Reopen: func() error { p.Reboot(); return nil },
		}
	}
}

func antsRelease(t sim.TB) scenarios.Subject {
	p := antsPool(t)
	return scenarios.Subject{
		Post:  p.Submit,
		Close: func(context.Context) error { p.Release(); return nil },
	}
}

// lateTasks is what becomes of a Submit that looks, is overtaken by ReleaseContext, and goes on.
var lateTasks = []string{
	"tasks are posted while the subject is closed: run after close",
	"a timer posts at the instant of the Close: run after close",
	"a subject is stopped, started and stopped: run after close",
}

var antsSubjects = []subject{
	{
		name: "ants: Submit, ReleaseContext, Reboot", new: antsReleaseContext(),
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error,   // "ErrPoolClosed will be returned when submitting task to a closed pool."
			CloseWaits:     scenarios.Running, // "ReleaseContext is like Release but with a context, it waits all workers to exit before the context is done."
			BlocksWhenFull: true,              // "you will get blocked with the last Pool.Submit() call once the current Pool runs out of its capacity"
			PanicContained: true,              // "the default behavior is to capture the value given to panic and resume normal execution"
			Restartable:    true,              // "A pool that has been released can be still used after calling the Reboot()." "use ReleaseTimeout() instead of Release()"
		},
		fails: lateTasks,
	},
	{
		name: "ants: the same, without purging", new: antsReleaseContext(ants.WithDisablePurge(true)),
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error, CloseWaits: scenarios.Running, BlocksWhenFull: true, PanicContained: true, Restartable: true,
		},
		fails: lateTasks,
		may:   []string{"the last worker panics: hang"}, // in schedule 332 of seed 1: a worker that panics signals before the submitter sleeps
	},
	{
		name: "ants: the same, non-blocking", new: antsReleaseContext(ants.WithNonblocking(true)),
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error, CloseWaits: scenarios.Running, PanicContained: true, Restartable: true,
			PostFromTask: true, // "When Nonblocking is true, Pool.Submit will never be blocked." "to avoid this, you should instantiate a Pool with ants.WithNonblocking(true)"
		},
		fails: append([]string{"a task posts another while the queue drains: run after close"}, lateTasks...),
	},
	{
		name: "ants: Submit, Release", new: antsRelease,
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error, // as above; what Release waits for is not said
			BlocksWhenFull: true,
			PanicContained: true,
		},
		may: []string{"tasks are posted while the subject is closed: hang"}, // in schedule 84,827 of seed 1
	},
	{
		name: "ants: beyond its documentation", new: antsReleaseContext(),
		contract: scenarios.Contract{
			CloseWaits: scenarios.Queued, CloseTwice: scenarios.Error, GoexitContained: true,
		},
		beyond: true,
	},
}
