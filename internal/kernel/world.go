//go:build lastcall

package kernel

import (
	"os"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"time"
)

// A World is a bubble under control.
type World struct {
	w    *world
	snap []Goroutine
	seen watched
}

// Config is what a run may do.
type Config struct {
	Steps int           // operations at most
	Grace time.Duration // how far the clock may go on once the body has returned
	Seed  uint64        // of the goroutines' random streams
	Lag   time.Duration // how far the clock may move, in all, while something else can be carried out
	Trace bool          // find each operation's place in the program, which costs time
	Homes bool          // find which object each is in every run, which costs time
}

// ready starts what the runtime starts when it is first needed, and waits for on a channel: a goroutine of a world must not be the one.
//   - The collector's workers. The worker of a goroutine that allocated was seen to be let go on too soon ("blackening not enabled").
//   - The goroutine that changes the mask of signals. With its channels of the world, a Notify there was seen as a deadlock, and every
//     later one in the process waited for ever.
var ready = sync.OnceFunc(func() {
	runtime.GC()
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	signal.Stop(c)
})

// Made is called when a world is made.
var Made func()

// New returns a world.
func New() *World {
	ready()
	if Made != nil {
		Made()
	}
	return &World{w: lcNewWorld()}
}

// Start readies a run of body with the calling goroutine as its controller. End must be called after it.
func (k *World) Start(body func(), c Config) {
	w := k.w
	w.limit, w.grace, w.lag, w.seed, w.trace = int64(c.Steps), int64(c.Grace), int64(c.Lag), c.Seed, c.Trace
	w.home = c.Homes
	w.maxEv = 1 << 12
	lcStart(w, body)
	k.seen = watched{}
	theWatchdog.add(k)
}

// Step carries out a choice, or goes on without one for -1, until the controller is needed.
func (k *World) Step(choice int) Status {
	for {
		if s := lcStep(k.w, choice); s != Drain {
			return s
		}
		// Nothing was decided for long. What happened stays until it was seen: there is a limit on steps.
		k.w.maxEv *= 2
		choice = -1
	}
}

// Choices, Pending and Events are valid until the next Step; Events is what was carried out since Forget.
func (k *World) Choices() []Op   { return k.w.choices }
func (k *World) Pending() []Op   { return k.w.pending }
func (k *World) Events() []Event { return k.w.events }
func (k *World) Homes() []uint64 { return k.w.homes } // by object; with Config.Homes
func (k *World) Forget()         { k.w.events = k.w.events[:0] }

// Steps is how many operations were carried out.
func (k *World) Steps() int { return int(k.w.steps) }

// Timers is how many timers were armed.
func (k *World) Timers() int { return int(k.w.armed) }

// Now is the virtual time in nanoseconds since the Unix epoch.
func (k *World) Now() int64 { return k.w.now }

// MainEnded reports whether the body has returned.
func (k *World) MainEnded() bool { return k.w.mainEnd }

// Live is how many goroutines are left.
func (k *World) Live() int { return int(k.w.live) }

// Refresh looks again at what can be carried out, and reports whether anything can.
func (k *World) Refresh() bool { return lcRefresh(k.w) > 0 }

// Verdict returns what the runtime came to: the verdict, whose it is, the message, the panic's value and the stack.
func (k *World) Verdict() (verdict, g int32, msg string, value any, stack []uintptr) {
	return k.w.verdict, k.w.vg, k.w.vmsg, k.w.varg, k.w.vpcs
}

// Goroutines describes the goroutines that are left. It is valid until the next call.
func (k *World) Goroutines() []Goroutine {
	for {
		n := lcGoroutines(k.w, k.snap)
		if n <= len(k.snap) {
			return k.snap[:n]
		}
		k.snap = make([]Goroutine, n+8)
	}
}

// Stack returns a waiting goroutine's stack, innermost frame first.
func (k *World) Stack(g int32) []uintptr {
	pcs := make([]uintptr, 64)
	return pcs[:lcStack(k.w, g, pcs)]
}

// End ends what is left of the run: each goroutine's deferred calls run, whatever would wait there ends too.
// It reports false where a goroutine could not be ended; the world is then of no more use.
func (k *World) End() bool {
	w := k.w
	if !w.dead {
		w.reap()
	}
	theWatchdog.remove(k)
	if w.dead {
		return false
	}
	lcFinish(w)
	return true
}

// reap ends what is left, or gives the world up where it goes on and on.
func (w *world) reap() {
	left := lcReap(w)
	for tries := 100 * (int(left) + 100); left > 0 && !w.dead; tries-- {
		if tries == 0 {
			w.dead = true
			return
		}
		left = lcReap(w)
	}
}

// Stop records a verdict of the calling goroutine's, which must be in a world; the schedule ends at its next operation.
func Stop(msg string) bool { return lcVerdict(VerdictStop, msg) }

// Halt ends the calling goroutine where it stands, once the schedule has ended. It returns outside a world.
func Halt() { lcHalt() }

// Self is the number of the calling goroutine in its world, -1 outside.
func Self() int32 { return lcSelf() }

// Quiet makes what f does one with the operation before it: none of it is a decision.
func Quiet(f func()) {
	lcQuiet(1)
	defer lcQuiet(-1)
	f()
}

// AtEnd arranges that package testing asks f, when the tests have run, whether they failed after all: "" means no.
func AtEnd(f func() string) { lcAtEnd(f) }

// TakeRaces says that n data races were attributed to a schedule, so that package testing does not count them.
func TakeRaces(n int) { lcTakeRaces(n) }

// The watchdog looks at the worlds from outside, in real time: a goroutine that is blocked on what its bubble does not
// control, or that runs without ever coming to an operation, cannot be noticed from inside.
type watchdog struct {
	mu      sync.Mutex
	running bool // its goroutine is; it ends when there is nothing to watch
	worlds  []*World
}

var theWatchdog watchdog

type watched struct {
	progress uint64
	g        int32
	seen     time.Time     // when it was looked at
	idle     time.Duration // for how long there was no progress, as far as this process had a processor meanwhile
	blocked  time.Duration // how much of that, up to now, it was blocked each time that it was looked at
}

const (
	watchEvery   = 100 * time.Millisecond
	outsideAfter = time.Second
	spinAfter    = 10 * time.Second
)

func (d *watchdog) add(k *World) {
	d.mu.Lock()
	d.worlds = append(d.worlds, k)
	if !d.running {
		d.running = true
		// The ticker is made here, and not by the watchdog's goroutine: package time does something once in a process when the
		// first is made, and a goroutine of a world that came to it meanwhile would have to wait, which is a step more.
		go d.watch(time.NewTicker(watchEvery))
	}
	d.mu.Unlock()
}

func (d *watchdog) remove(k *World) {
	d.mu.Lock()
	for i, x := range d.worlds {
		if x == k {
			d.worlds[i] = d.worlds[len(d.worlds)-1]
			d.worlds = d.worlds[:len(d.worlds)-1]
			break
		}
	}
	d.mu.Unlock()
}

func (d *watchdog) watch(tick *time.Ticker) {
	defer tick.Stop()
	for d.round(<-tick.C) {
	}
}

// round looks at each world once. It reports false where there is none.
func (d *watchdog) round(now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, k := range d.worlds {
		d.look(k, now)
	}
	d.running = len(d.worlds) > 0
	return d.running
}

func (d *watchdog) look(k *World, now time.Time) {
	progress, g, status, reason := lcPeek(k.w)
	s := &k.seen
	const gsyscall, gwaiting = 3, 4
	if g < 0 || progress != s.progress || g != s.g || status == gwaiting && collects(reason) {
		*s = watched{progress: progress, g: g, seen: now}
		return
	}
	// Where the machine is overloaded the watchdog comes late as well, and what the world did not get to do is not its fault.
	passed := min(now.Sub(s.seen), 2*watchEvery)
	s.idle += passed
	s.seen = now
	if s.blocked += passed; status != gsyscall && status != gwaiting {
		s.blocked = 0 // it went on meanwhile: it computes, and writes a file or helps the collector now and then
	}
	switch {
	case s.blocked > outsideAfter:
		lcAbandon(k.w, VerdictOutside, g)
	case s.idle > spinAfter:
		lcAbandon(k.w, VerdictSpin, g)
	}
}

// collects reports whether a goroutine that waits for that reason waits for the collector, which it may have to help.
func collects(reason string) bool {
	return strings.HasPrefix(reason, "GC ") || strings.HasPrefix(reason, "garbage collection") ||
		reason == "wait for GC cycle" || reason == "preempted" || reason == "stopping the world" || reason == "flushing proc caches"
}

// SelfSteps is how many operations the calling goroutine's world has carried out, 0 outside.
func SelfSteps() int { return int(lcSteps()) }
