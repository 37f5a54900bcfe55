package counts

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// listener hands out no connection.
type listener struct {
	closed chan struct{}
	once   sync.Once
}

func (l *listener) Accept() (net.Conn, error) {
	<-l.closed
	return nil, net.ErrClosed
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *listener) Addr() net.Addr { return &net.TCPAddr{} }

// alike picks at random, where all runs draw alike.
type alike struct{ r *rand.Rand }

func (a *alike) Pick(d *scheduler.Decision) int { return a.r.IntN(len(d.Choices)) }
func (*alike) End(*scheduler.Outcome)           {}
func (*alike) Locates() bool                    { return true }

// TestServer: what the packages of the standard library that count as the program's do with sync/atomic are operations, as http.Server's note that it shuts down is. As long as
// that was none, it was seen by whoever came after the step before it, and a search that was complete had run 12 classes of this body; there are 17.
func TestServer(t *testing.T) {
	body := func() {
		l := &listener{closed: make(chan struct{})}
		server, served := new(http.Server), make(chan error, 1)
		go func() { served <- server.Serve(l) }()
		go func() { <-l.closed }()
		server.Shutdown(context.Background())
		<-served
	}
	m := scheduler.NewMachine()
	run := func(r scheduler.Run) uint64 {
		result := m.Run(r, body, scheduler.Options{Steps: 1000})
		if result.Kind != "" {
			t.Fatal(result.Kind, result.Message)
		}
		return result.Class
	}
	s, classes, runs := scheduler.Exhaustive()(1), map[uint64]bool{}, 0
	for r, ok := s.Next(); ok; r, ok = s.Next() {
		classes[run(r)] = true
		runs++
	}
	if !s.(scheduler.Completer).Complete() || len(classes) != runs {
		t.Errorf("%d classes in %d runs, complete %t", len(classes), runs, s.(scheduler.Completer).Complete())
	}
	for seed := range uint64(2000) {
		if !classes[run(&alike{rand.New(rand.NewPCG(seed, 0))})] {
			t.Fatalf("the schedule drawn by %d is of none of the %d classes", seed, runs)
		}
	}
}
