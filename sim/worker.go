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

// workerRole is what a worker process is called to: a lane of so many, and of which exploration, the how-manyeth of that name in its test. To come to that it takes over what tells
// where it is from the process that calls.
type workerRole struct {
	I, N    int
	Ordinal int
	Name    string
	Args    []string // but for the program's name
	Env     []string
	Dir     string

	talk *wire
}

// role is this process's; its name is "" where it is no worker. A worker goes no further than this until it is called, so that it can be started ahead. What the body starts is none, so the
// environment is cleared.
var role = func() (r workerRole) {
	if _, ok := os.LookupEnv(workerEnv); !ok {
		return r
	}
	// An interrupt from a terminal comes to all processes; the first one decides what it means.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	syscall.CloseOnExec(workerIn)
	syscall.CloseOnExec(workerOut)
	// A goroutine that waited in a read would have the runtime's monitor come every 20 microseconds for some milliseconds, after each order.
	syscall.SetNonblock(workerIn, true)
	syscall.SetNonblock(workerOut, true)
	talk, err := newWire(os.NewFile(workerIn, "orders"), os.NewFile(workerOut, "replies"))
	if err != nil {
		panic(fmt.Sprintf("lastcall: a worker process cannot read its orders: %v", err))
	}
	if _, err := talk.hear(&r, 0); err != nil {
		os.Exit(2) // it is not needed; where that is not so, since somebody else has set the variable, no test has passed
	}
	r.talk = talk
	r.takeOver()
	return r
}()

// takeOver has the process be where the one is that calls, with what it has.
func (r *workerRole) takeOver() {
	os.Args = append(os.Args[:1:1], r.Args...)
	os.Clearenv()
	for _, e := range r.Env {
		if i := strings.Index(e, "="); i > 0 {
			os.Setenv(e[:i], e[i+1:])
		}
	}
	if dir, err := os.Getwd(); r.Dir != "" && (err != nil || dir != r.Dir) {
		if err := os.Chdir(r.Dir); err != nil {
			panic(fmt.Sprintf("lastcall: a worker process cannot go to where its test is: %v", err))
		}
	}
}

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
	if x.c.Name == role.Name && x.ordinal == role.Ordinal && x.c.Replay == "" {
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
	talk := role.talk
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
	next, own := role.I, new(limbs)
	for {
		o := told.next()
		switch {
		case o.Limbs != nil:
			own.of, _ = scheduler.As[scheduler.Sharer](x.strategy)
			e := &errand{orders: o.Limbs}
			_, err := x.carryOut(own, e, told.stops, never)
			say(reply{Limbs: e.came}, err)
			continue
		case s == nil:
			s, _ = scheduler.Lane(x.maker, x.seed, role.I, role.N, o.First)
		}
		w, err := x.lane(s, &next, role.N, o.To, told.stops)
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
		if _, err := t.await(&o, 0); err != nil {
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
