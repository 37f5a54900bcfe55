package scenarios_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/sim"
)

// Queue is somebody's: one goroutine runs what is put in.
type Queue struct {
	mu     sync.Mutex
	more   *sync.Cond
	tasks  []func()
	closed bool
	ended  sync.WaitGroup
}

func NewQueue() *Queue {
	q := new(Queue)
	q.more = sync.NewCond(&q.mu)
	q.ended.Go(q.run)
	return q
}

func (q *Queue) run() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		for len(q.tasks) == 0 && !q.closed {
			q.more.Wait()
		}
		if len(q.tasks) == 0 {
			return
		}
		task := q.tasks[0]
		q.tasks = q.tasks[1:]
		q.mu.Unlock()
		task()
		q.mu.Lock()
	}
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
	q.mu.Lock() // Close may have come between
	defer q.mu.Unlock()
	q.tasks = append(q.tasks, task)
	q.more.Signal()
	return nil
}

func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	q.more.Broadcast()
	q.mu.Unlock()
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
		oracle, _, _ := strings.Cut(failed.Failure.Message, ":")
		fmt.Printf("%s: %s\n", failed.Case, oracle)
	}
	// Output:
	// tasks are posted while the subject is closed: accepted and lost
}
