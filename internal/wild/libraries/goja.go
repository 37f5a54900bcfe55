package libraries

import (
	"context"
	"errors"
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/eventloop"

	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/sim"
)

var errTerminated = errors.New("RunOnLoop returns false")

func gojaSubject(l *eventloop.EventLoop, closing func()) scenarios.Subject {
	return scenarios.Subject{
		Post: func(task func()) error {
			if !l.RunOnLoop(func(*goja.Runtime) { task() }) {
				return errTerminated
			}
			return nil
		},
		Run:   func() error { l.StartInForeground(); return nil },
		Close: func(context.Context) error { closing(); return nil },
	}
}

func gojaTerminate(sim.TB) scenarios.Subject {
	l := eventloop.NewEventLoop(eventloop.EnableConsole(false))
	s := gojaSubject(l, l.Terminate)
	s.After = func(d time.Duration, task func()) (func() bool, error) {
		t := l.SetTimeout(func(*goja.Runtime) { task() }, d)
		if t == nil {
			return nil, errTerminated
		}
		return func() bool { l.ClearTimeout(t); return false }, nil // it does not say whether it came in time
	}
	return s
}

func gojaStop(sim.TB) scenarios.Subject {
	l := eventloop.NewEventLoop(eventloop.EnableConsole(false))
	return gojaSubject(l, func() { l.Stop() })
}

var gojaSubjects = []subject{
	{
		name: "goja_nodejs: RunOnLoop, Terminate", new: gojaTerminate,
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error,   // "Returns true on success or false if the loop is terminated"
			CloseWaits:     scenarios.Running, // "After it returns there are no active timers or goroutines associated with the loop."
			PostFromTask:   true,              // "It is safe to call inside or outside the loop."
			Restartable:    true,              // "After being terminated the loop can be restarted again by using Start() or Run()."
		},
	},
	{
		name: "goja_nodejs: RunOnLoop, Stop", new: gojaStop,
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Queued,  // "It is possible to call Start() or Run() again after this to resume the execution."
			CloseWaits:     scenarios.Running, // "After this function returns there will be no more jobs executed by the loop."
			CloseTwice:     scenarios.OK,      // "Calling Stop() on a non-running loop has no effect."
			PostFromTask:   true,
			Restartable:    true,
		},
	},
	{
		name: "goja_nodejs: beyond its documentation", new: gojaTerminate,
		contract: scenarios.Contract{
			PostAfterClose: scenarios.Error, CloseWaits: scenarios.Queued, CloseTwice: scenarios.OK, CloseDuringStart: true,
		},
		beyond: true,
		fails:  []string{"a subject starts while it is closed: hang"},
	},
}
