package scenarios_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/sim"
)

// Queue is somebody's: one goroutine runs what is put in.
type Queue struct {
	tasks  chan func()
	mu     sync.Mutex
	closed bool
	ended  sync.WaitGroup
}

func NewQueue() *Queue {
	q := &Queue{tasks: make(chan func(), 8)}
	q.ended.Go(func() {
		for task := range q.tasks {
			task()
		}
	})
	return q
}

var ErrClosed = errors.New("queue is closed")

func (q *Queue) isClosed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

func (q *Queue) Put(task func()) error {
	if q.isClosed() {
		return ErrClosed
	}
	q.tasks <- task
	return nil
}

func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	close(q.tasks)
	q.ended.Wait()
}

// newSubject plugs it in, and promised is what its documentation says.
func newSubject(sim.TB) scenarios.Subject {
	q := NewQueue()
	return scenarios.Subject{
		Post:  q.Put,
		Close: func(context.Context) error { q.Close(); return nil },
	}
}

var promised = scenarios.Contract{
	PostAfterClose: scenarios.Error,
	CloseWaits:     scenarios.Queued,
}

// In a test it is one line, and a TestMain with sim.Main.
func ExampleRun() {
	_ = func(t *testing.T) { scenarios.Run(t, newSubject, promised) }
}

func ExampleCheck() {
	err := scenarios.Check(newSubject, promised, scenarios.Only("posted while"))
	var failed *scenarios.CaseError
	if errors.As(err, &failed) {
		fmt.Printf("%s: %s: %s\n", failed.Case, failed.Failure.Kind, firstLine(failed.Failure.Message))
	}
	// Output:
	// tasks are posted while the subject is closed: Panic: send on closed channel
}

func firstLine(s string) string {
	for i := range s {
		if s[i] == '\n' {
			return s[:i]
		}
	}
	return s
}
