package libraries

import (
	"context"

	"github.com/alitto/pond/v2"

	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/sim"
)

// Stop of a pool of pond's runs on a pool in a package variable. Its first use is not like the later ones: here it is over before a schedule.
func init() { _ = pond.Submit(func() {}).Wait() }

func pondSubject(p pond.Pool) scenarios.Subject {
	return scenarios.Subject{
		Post: p.Go,
		Close: func(ctx context.Context) error {
			select {
			case <-p.Stop().Done(): // "Use pool.Stop().Done() channel if you need to wait for the pool to stop in a select statement."
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		},
	}
}

func pondPool(opts ...pond.Option) func(sim.TB) scenarios.Subject {
	return func(sim.TB) scenarios.Subject { return pondSubject(pond.NewPool(2, opts...)) }
}

func pondSubpool(sim.TB) scenarios.Subject {
	return pondSubject(pond.NewPool(2).NewSubpool(1))
}

// pondGroup is a group of tasks in a pool; Wait waits for the group.
func pondGroup(sim.TB) scenarios.Subject {
	p := pond.NewPool(2)
	g := p.NewGroup()
	return scenarios.Subject{
		Post:  func(task func()) error { g.Submit(task); return nil },
		Wait:  g.Wait,
		Close: func(context.Context) error { p.StopAndWait(); return nil },
	}
}

var pondSubjects = []subject{
	{
		name: "pond: Go, Stop", new: pondPool(),
		contract: scenarios.Contract{
			PostAfterClose:  scenarios.Error,  // "If the pool has been stopped, this method will return ErrPoolStopped."
			CloseWaits:      scenarios.Queued, // "Stops the pool and returns a future that can be used to wait for all tasks pending to complete."
			PostFromTask:    true,             // "By default, task queues are unbounded"
			PanicContained:  true,             // "By default, panics that occur during the execution of a task are captured and returned as errors."
			GoexitContained: true,             // "In case of abnormal exit (e.g. runtime.Goexit() in the task), launch a new worker", and its tests
		},
	},
	{
		name: "pond: with a queue of one", new: pondPool(pond.WithQueueSize(1)),
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error, CloseWaits: scenarios.Queued, PanicContained: true, GoexitContained: true,
			BlocksWhenFull: true, // "By default, pools are blocking, meaning that they will block when the task queue is full."
		},
	},
	{
		name: "pond: non-blocking, with a queue of one", new: pondPool(pond.WithQueueSize(1), pond.WithNonBlocking(true)),
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error, CloseWaits: scenarios.Queued, PanicContained: true, GoexitContained: true,
			PostFromTask: true, // "In a non-blocking pool, tasks that cannot be submitted to the queue will be dropped." Go says so with ErrQueueFull.
		},
	},
	{
		name: "pond: subpool", new: pondSubpool,
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error, CloseWaits: scenarios.Queued, PanicContained: true, // "Stop the subpool and wait for all submitted tasks to complete"
		},
	},
	{
		// A group stops at the first error or panic, and its Submit does not say what it refuses.
		name: "pond: group", new: pondGroup,
		contract: scenarios.Contract{CloseWaits: scenarios.Queued}, // Wait: "Waits for all tasks in the group to complete."
	},
	{
		name: "pond: beyond its documentation", new: pondPool(),
		contract: scenarios.Contract{CloseWaits: scenarios.Queued, CloseTwice: scenarios.OK, CloseFromTask: true},
		beyond:   true,
		fails:    []string{"a task closes the subject it runs on: hang"},
	},
}
