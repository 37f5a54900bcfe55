package loop_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lastcall-go/lastcall/loop"
)

// A server's life: the loop runs, work comes back to it, and a graceful shutdown ends both.
func Example() {
	l := loop.New(loop.Workers(4))
	done := make(chan error)
	go func() { done <- l.Run() }()

	shout, _ := loop.Submit(l, context.Background(), func(context.Context) (string, error) {
		return "from a worker", nil // may block
	})
	heard := make(chan bool)
	shout.OnDone(func(f *loop.Future[string]) {
		s, _ := f.Result()
		fmt.Println(s, "to the loop")
		close(heard)
	})
	<-heard

	fmt.Println("shutdown:", l.Shutdown(context.Background()))
	fmt.Println("run:", <-done)
	fmt.Println("too late:", l.Post(func() {}))
	// Output:
	// from a worker to the loop
	// shutdown: <nil>
	// run: <nil>
	// too late: loop: closed
}

// Where nobody runs the loop, Shutdown calls what is left on its caller's goroutine.
func ExampleLoop_Shutdown() {
	l := loop.New()
	l.Post(func() { fmt.Println("accepted, so it runs") })
	fmt.Println(l.Shutdown(context.Background()))
	// Output:
	// accepted, so it runs
	// <nil>
}

// Work that does not look at its context cannot be stopped. Shutdown gives up with its own context and says what it left.
func ExampleLoop_Shutdown_deadline() {
	l := loop.New()
	release, begun := make(chan struct{}), make(chan struct{})
	stubborn, _ := loop.Submit(l, context.Background(), func(context.Context) (string, error) {
		close(begun)
		<-release
		return "late", nil
	})
	<-begun

	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	err := l.Shutdown(ctx)
	var unfinished *loop.UnfinishedError
	fmt.Println(errors.As(err, &unfinished), errors.Is(err, context.DeadlineExceeded), len(unfinished.Running))

	close(release)
	fmt.Println(stubborn.Wait(context.Background())) // the late result is in its future
	<-l.Closed()
	// Output:
	// true true 1
	// late <nil>
}

// A callback cannot wait for itself: it begins the shutdown, and the goroutine in Run carries it out.
func ExampleLoop_Shutdown_fromCallback() {
	l := loop.New()
	l.Post(func() {
		fmt.Println(errors.Is(l.Shutdown(context.Background()), loop.ErrInCallback))
	})
	l.Post(func() { fmt.Println("accepted before, so it runs") })
	fmt.Println(l.Run())
	<-l.Closed()
	// Output:
	// true
	// accepted before, so it runs
	// <nil>
}

// Close does not run what is queued. It says how much that was.
func ExampleLoop_Close() {
	l := loop.New(loop.OnDrop(func(n int) { fmt.Println("dropped:", n) }))
	l.Post(func() {})
	l.After(time.Hour, func() {})
	fmt.Println(l.Close())
	fmt.Printf("%+v\n", l.Stats())
	// Output:
	// dropped: 2
	// <nil>
	// {Accepted:2 Ran:0 Cancelled:0 Dropped:2 Pending:0 Submitted:0 Returned:0 Withdrawn:0 Queued:0 Working:0 Workers:0}
}

// Await is for programs without a goroutine in Run, as asyncio's run_until_complete.
func ExampleAwait() {
	l := loop.New()
	f, _ := loop.Submit(l, context.Background(), func(context.Context) (int, error) { return 42, nil })
	l.Post(func() { fmt.Println("the loop turns meanwhile") })
	fmt.Println(loop.Await(l, f))
	l.Shutdown(context.Background())
	// Output:
	// the loop turns meanwhile
	// 42 <nil>
}

// The program that started it all: five blocking calls, one fails, the rest are cancelled, the loop is shut down.
// Those that run are joined, so none of them phones home to a closed loop.
func ExampleWaitFirstError() {
	l := loop.New()
	var fs []*loop.Future[int]
	for i := range 5 {
		f, _ := loop.Submit(l, context.Background(), func(ctx context.Context) (int, error) {
			if i == 2 {
				return 0, errors.New("don't like 2")
			}
			<-ctx.Done() // a call that blocks for long
			return i, context.Cause(ctx)
		})
		fs = append(fs, f)
	}
	_, pending, err := loop.WaitFirstError(context.Background(), fs...)
	fmt.Println(err, "- pending:", len(pending))
	for _, f := range pending {
		f.Cancel()
	}
	loop.WaitAll(context.Background(), pending...) // a cancelled future can still be waited for
	fmt.Println(l.Shutdown(context.Background()))
	// Output:
	// don't like 2 - pending: 4
	// <nil>
}

// Stop ends Run after the batch in hand. The loop stays open.
func ExampleLoop_Stop() {
	l := loop.New()
	l.Post(func() {
		fmt.Println("first")
		l.Post(func() { fmt.Println("second, in the next batch") })
		l.Stop()
	})
	l.Run()
	fmt.Println("stopped, not closed")
	l.Stop() // before Run: one batch
	l.Run()
	// Output:
	// first
	// stopped, not closed
	// second, in the next batch
}
