package counts

import (
	"context"
	"errors"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
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
