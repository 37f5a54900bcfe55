package scenarios

import (
	"context"
	"errors"
	"flag"
	"sync"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/loop"
	"github.com/lastcall-go/lastcall/sim"
)

var long = flag.Bool("long", false, "run each case of the suite, and each bug, 20,000 times")

// schedulesEach is what a correct subject passes.
func schedulesEach() int {
	switch {
	case *long:
		return 20_000
	case testing.Short():
		return 50
	}
	return 300
}

// correct are subjects of different contracts that keep them.
var correct = []struct {
	name     string
	subject  func(sim.TB) Subject
	contract Contract
}{
	{"loop, Shutdown", loopShutdown, Contract{
		PostAfterClose: Error, CloseWaits: Queued, CloseTwice: OK, CloseFromTask: true, PostFromTask: true,
		CloseDuringStart: true, PanicContained: true,
	}},
	{"loop, Close", loopClose, Contract{
		PostAfterClose: Error, CloseWaits: Running, CloseTwice: OK, CloseFromTask: true, PostFromTask: true,
		CloseDuringStart: true, PanicContained: true,
	}},
}

func loopShutdown(sim.TB) Subject {
	l := loop.New(loop.Workers(2), loop.OnError(func(error) {}))
	return Subject{
		Post:  l.Post,
		Close: func(ctx context.Context) error { return inside(l.Shutdown(ctx)) },
		Run:   l.Run,
		Go:    submitTo(l),
		After: afterOn(l),
	}
}

func loopClose(sim.TB) Subject {
	l := loop.New(loop.Workers(2), loop.OnError(func(error) {}))
	return Subject{
		Post:  l.Post,
		Close: func(context.Context) error { return inside(l.Close()) },
		Run:   l.Run,
		After: afterOn(l),
	}
}

// inside is nil where a task has called.
func inside(err error) error {
	if errors.Is(err, loop.ErrInCallback) {
		return nil
	}
	return err
}

func submitTo(l *loop.Loop) func(context.Context, func(context.Context)) error {
	return func(ctx context.Context, work func(context.Context)) error {
		_, err := loop.Submit(l, ctx, func(ctx context.Context) (int, error) {
			work(ctx)
			return 0, nil
		})
		return err
	}
}

func afterOn(l *loop.Loop) func(time.Duration, func()) (func() bool, error) {
	return func(d time.Duration, task func()) (func() bool, error) {
		timer, err := l.After(d, task)
		if err != nil {
			return nil, err
		}
		return timer.Stop, nil
	}
}

var _ sync.Mutex

func TestCorrectSubjects(t *testing.T) {
	for _, s := range correct {
		t.Run(s.name, func(t *testing.T) {
			if err := Check(s.subject, s.contract, Named(t.Name()), Schedules(schedulesEach()), Log(func(l string) { t.Log(l) })); err != nil {
				t.Error(err)
			}
		})
	}
}
