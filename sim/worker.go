package sim

import (
	"encoding/gob"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// workerRole is which lane of how many a worker process runs, and of which exploration: the how-manyeth of that name in its test.
type workerRole struct {
	i, n    int
	ordinal int
	name    string
}

// role is this process's; its name is "" where it is no worker. What the body starts is none, so the environment is cleared.
var role = func() (r workerRole) {
	v, ok := os.LookupEnv(workerEnv)
	if !ok {
		return r
	}
	os.Unsetenv(workerEnv)
	lane, name, _ := strings.Cut(v, " ")
	if _, err := fmt.Sscanf(lane, "%d/%d/%d", &r.i, &r.n, &r.ordinal); err != nil || name == "" {
		panic(fmt.Sprintf("lastcall: internal bug: %s=%s", workerEnv, v))
	}
	r.name = name
	// An interrupt from a terminal comes to all processes; the first one decides what it means.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	return r
}()

// ordinals counts the explorations of a test, by name.
var ordinals struct {
	mu sync.Mutex
	of map[testing.TB]map[string]int
}

// ordinalOf says the how-manyeth exploration of that name in its test this is, from 1.
func ordinalOf(tb testing.TB, name string) int {
	if tb == nil {
		return 0
	}
	o := &ordinals
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of == nil {
		o.of = make(map[testing.TB]map[string]int)
	}
	if o.of[tb] == nil {
		o.of[tb] = make(map[string]int)
		tb.Cleanup(func() {
			o.mu.Lock()
			defer o.mu.Unlock()
			delete(o.of, tb)
		})
	}
	o.of[tb][name]++
	return o.of[tb][name]
}

// help is what an exploration comes to in a worker: the one it is for does not come back.
func (x *explorer) help() (*Report, error) {
	if x.c.Name == role.name && x.ordinal == role.ordinal && x.c.Replay == "" {
		if err := x.begin(); err != nil {
			return nil, err
		}
		x.serve()
	}
	x.report.Skipped = true
	return x.report, nil
}

// serve runs a worker's lane as it is told, and ends the process when there is nobody to tell it more.
func (x *explorer) serve() {
	syscall.CloseOnExec(workerIn)
	syscall.CloseOnExec(workerOut)
	// A goroutine that waited in a read would have the runtime's monitor come every 20 microseconds for some milliseconds, after each order.
	syscall.SetNonblock(workerIn, true)
	in, out := os.NewFile(workerIn, "orders"), os.NewFile(workerOut, "replies")
	send, told := gob.NewEncoder(out), receiveOrders(in)
	stop := told.stop.Load
	say := func(a reply, err error) {
		if err != nil {
			a.Err = err.Error()
		}
		if send.Encode(a) != nil {
			os.Exit(0)
		}
	}
	say(reply{}, nil)
	var s scheduler.Strategy
	next, own := role.i, new(limbs)
	for o := range told.orders {
		switch {
		case o.Limbs != nil:
			own.of, _ = scheduler.As[scheduler.Sharer](x.strategy)
			all, err := x.carryOut(own, o.Limbs, stop)
			say(reply{Limbs: all}, err)
			continue
		case s == nil:
			s, _ = scheduler.Lane(x.maker, x.seed, role.i, role.n, o.First)
		}
		w, err := x.lane(s, &next, role.n, o.To, stop)
		say(reply{Window: w}, err)
	}
}

// told is what a worker has been told and has not done yet.
type told struct {
	orders chan order
	stop   atomic.Bool // the last one is to come to an end
}

// receiveOrders receives what the worker is told. It ends the process as soon as there is nobody to tell it more, whatever else it does.
func receiveOrders(in *os.File) *told {
	t := &told{orders: make(chan order, windowsAhead)} // so that it hears at once that it is to stop
	go func() {
		for receive := gob.NewDecoder(in); ; {
			var o order
			if receive.Decode(&o) != nil {
				os.Exit(0)
			}
			if t.stop.Store(o.Stop); !o.Stop {
				t.orders <- o
			}
		}
	}()
	return t
}
