package counts

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// TestContexts: the end of a context, of a child, and the stop of an AfterFunc come in every order, though what ties a child to its parent is a lock and a
// map inside package context.
func TestContexts(t *testing.T) {
	mine := errors.New("mine")
	var stopped, caused map[string]bool
	for name, body := range map[string]func(){
		"stop": func() {
			ctx, cancel := context.WithCancel(context.Background())
			stop := context.AfterFunc(ctx, func() {})
			go cancel()
			if stop() {
				stopped["in time"] = true
			} else {
				stopped["too late"] = true
			}
		},
		"cause": func() {
			ctx, cancel := context.WithCancel(context.Background())
			child, end := context.WithCancelCause(ctx)
			go cancel()
			go end(mine)
			<-child.Done()
			caused[context.Cause(child).Error()] = true
		},
	} {
		stopped, caused = map[string]bool{}, map[string]bool{}
		s, m := scheduler.Exhaustive()(1), scheduler.NewMachine()
		for run, ok := s.Next(); ok; run, ok = s.Next() {
			if r := m.Run(run, body, scheduler.Options{Steps: 1000}); r.Kind != "" {
				t.Fatalf("%s: %s: %s", name, r.Kind, r.Message)
			}
		}
		if len(stopped)+len(caused) != 2 {
			t.Errorf("%s: only %v %v", name, stopped, caused)
		}
	}
}

// TestDoneIsOne: the channel that a context makes when it is first asked for it is one channel, whoever asks first. As long as it was known by who made it, 3 of these classes
// were lost. SIM_SHARD divides them into 344, 147, 130 and 142.
func TestDoneIsOne(t *testing.T) {
	body := func(*sim.T) {
		jobs, out := make(chan int, 2), make(chan int, 3)
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case j, ok := <-jobs:
					if !ok {
						return
					}
					select {
					case out <- j:
					case <-ctx.Done():
						return
					}
				}
			}
		})
		wg.Go(func() {
			jobs <- 1
			close(jobs)
		})
		go cancel()
		<-ctx.Done()
		for range jobs {
		}
		wg.Wait()
	}
	r, err := sim.Config{Name: "done", Strategy: scheduler.Exhaustive(), Schedules: 1 << 20}.Explore(body)
	if err != nil {
		t.Fatal(err)
	}
	if r.Distinct != 763 || r.Schedules != 763 || !r.Complete || !r.OK() {
		t.Errorf("%d classes in %d schedules, complete %t, ok %t; want 763", r.Distinct, r.Schedules, r.Complete, r.OK())
	}
}
