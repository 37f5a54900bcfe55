package sim

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

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
	syscall.SetNonblock(workerOut, true)
	talk, err := newWire(os.NewFile(workerIn, "orders"), os.NewFile(workerOut, "replies"))
	if err != nil {
		panic(fmt.Sprintf("lastcall: a worker process cannot read its orders: %v", err))
	}
	told := &told{wire: talk}
	say := func(a reply, err error) {
		if err != nil {
			a.Err = err.Error()
		}
		if talk.say(a) != nil {
			os.Exit(0)
		}
	}
	say(reply{}, nil)
	var s scheduler.Strategy
	next, own := role.i, new(limbs)
	for {
		o := told.next()
		switch {
		case o.Limbs != nil:
			own.of, _ = scheduler.As[scheduler.Sharer](x.strategy)
			all, err := x.carryOut(own, o.Limbs, told.stops)
			say(reply{Limbs: all}, err)
			continue
		case s == nil:
			s, _ = scheduler.Lane(x.maker, x.seed, role.i, role.n, o.First)
		}
		w, err := x.lane(s, &next, role.n, o.To, told.stops)
		say(reply{Window: w}, err)
	}
}

// told is what a worker has been told and has not done yet.
type told struct {
	*wire
	orders []order
	done   int       // orders that it has begun
	stop   int       // those up to this one are to come to an end
	looked time.Time // when it has looked last for something new
}

// next waits for an order. It ends the process when there is nobody to give one.
func (t *told) next() order {
	for len(t.orders) == 0 {
		var o order
		if _, err := t.hear(&o, 0); err != nil {
			os.Exit(0)
		}
		t.add(o)
	}
	o := t.orders[0]
	t.orders = t.orders[1:]
	t.done++
	return o
}

func (t *told) add(o order) {
	if o.Stop {
		t.stop = t.done + len(t.orders)
	} else {
		t.orders = append(t.orders, o)
	}
}

// stops reports whether the order at hand is to come to an end. It looks for that once in a millisecond, and ends the process if there is nobody any more who could tell.
func (t *told) stops() bool {
	if now := time.Now(); now.Sub(t.looked) > time.Millisecond {
		t.looked = now
		for {
			var o order
			ok, err := t.heard(&o)
			if err != nil {
				os.Exit(0)
			}
			if !ok {
				break
			}
			t.add(o)
		}
	}
	return t.done <= t.stop
}
