package counts

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
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

// TestDoneIsOne: the channel that a context makes when it is first asked for it is one channel, whoever asks first. As long as it was known by who made it, classes of this program
// were lost.
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
	if r.Distinct != 339 || r.Schedules != 339 || !r.Complete || !r.OK() {
		t.Errorf("%d classes in %d schedules, complete %t, ok %t; want 339", r.Distinct, r.Schedules, r.Complete, r.OK())
	}
}

// orders runs a body in which main and another goroutine each derive a context from one that is then ended, and returns which of the two was seen to have ended before the other.
func orders(t *testing.T, c sim.Config) (seen [2]bool, r *sim.Report) {
	r, err := c.Explore(func(*sim.T) {
		ctx, cancel := context.WithCancel(context.Background())
		var made, ended sync.WaitGroup
		var own [2]atomic.Int32
		var children [2]context.Context
		var stops [2]context.CancelFunc
		derive := func(i int) {
			own[i].Add(1) // an operation on nothing shared: in which order the two come to it is one class
			children[i], stops[i] = context.WithCancel(ctx)
		}
		made.Go(func() { derive(1) })
		derive(0)
		made.Wait()
		ended.Go(cancel)
		for i := range children {
			if children[i].Err() != nil && children[1-i].Err() == nil {
				seen[i] = true
			}
		}
		ended.Wait()
	})
	if err != nil || !r.OK() {
		t.Fatal(err, r)
	}
	return seen, r
}

// TestOrderOfChildren: a context's children end in the order of a map, which is drawn from the schedule, so that a random search sees each order. It does not hang on
// who made one first, which may be otherwise in two schedules of one class, and a search that reduces, all of whose schedules draw alike, sees the one that its seed gives.
func TestOrderOfChildren(t *testing.T) {
	seen, r := orders(t, sim.Config{Name: "orders", Strategy: scheduler.Random, Schedules: 2000})
	if seen != [2]bool{true, true} {
		t.Errorf("a random search saw %v", seen)
	}
	reduced := map[[2]bool]bool{}
	for seed := range uint64(8) {
		seen, r = orders(t, sim.Config{Name: "orders", Strategy: scheduler.Exhaustive(), Schedules: 100_000, Seed: seed + 1})
		plain, all := orders(t, sim.Config{Name: "orders", Strategy: scheduler.DepthFirst(), Schedules: 100_000, Seed: seed + 1})
		if seen != plain || !r.Complete || !all.Complete || r.Distinct != all.Distinct {
			t.Errorf("seed %d: reduced %v, %d classes, complete %t; not reduced %v, %d classes, complete %t", seed+1, seen, r.Distinct, r.Complete, plain, all.Distinct, all.Complete)
		}
		reduced[seen] = true
	}
	if len(reduced) < 2 {
		t.Errorf("of 8 seeds all saw %v", seen)
	}
}
