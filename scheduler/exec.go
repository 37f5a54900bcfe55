package scheduler

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// A Machine runs schedules of a body, one after the other. It belongs to the goroutine that uses it;
// two machines do not disturb one another.
type Machine struct {
	world    *kernel.World
	decision Decision
	class    Fingerprint
	result   Result
	trace    []Event
}

// Options are what a schedule may do.
type Options struct {
	Steps int           // operations at most
	Grace time.Duration // virtual time that goroutines left over may use to end once the body has returned
	Lag   time.Duration // virtual time by which the clock may overtake goroutines that could go on, in all; see [Overtake]
	Early bool          // as a Lag without end, in every schedule
	Trace bool          // keep the steps, with their places in the program
}

// A Result is what a schedule came to. It is valid until the machine's next run.
type Result struct {
	Outcome
	Message    string
	Value      any         // what was panicked with
	G          G           // whose verdict it is, -2 for nobody's
	Stack      []uintptr   // of the goroutine whose verdict it is
	Left       []Goroutine // the goroutines that were left, for a deadlock, a leak and the like
	Divergence *Divergence
	Trace      []Event       // with Options.Trace
	Elapsed    time.Duration // virtual
	Passed     bool          // the run is of no interest, see Passer
	Races      int           // data races that the detector reported before the run's end
}

// A Goroutine is one that is left over at the end of a schedule.
type Goroutine struct {
	G       G
	Parent  G
	Started uintptr // the go statement, for runtime.CallersFrames
	Waiting Op      // what it waits to carry out, with Kind None where that is not known
	Parked  bool    // it has carried it out as far as it can, and waits for a partner
	Outside bool    // for something that somebody outside the bubble may bring about
	Reason  string
	Stack   []uintptr
}

// The kinds of verdict.
const (
	KindAssertion      = "Assertion"
	KindPanic          = "Panic"
	KindFatal          = "Fatal"
	KindDeadlock       = "Deadlock"
	KindLeak           = "Leak"
	KindStepLimit      = "StepLimit"
	KindSpin           = "Spin"
	KindExit           = "Exit"
	KindDataRace       = "DataRace"
	KindDivergence     = "Divergence"
	KindBlockedOutside = "BlockedOutside"
)

// outsideWait is how long a goroutine may be blocked on what the bubble does not control, in real time.
const outsideWait = time.Second

// streamSeed is added to what a schedule's streams are seeded with, so that 0 will do. Each goroutine has a stream of its own: two schedules that
// draw alike and differ only in the order of independent steps see the same numbers.
const streamSeed = 1

// NewMachine panics in a binary that is not instrumented.
func NewMachine() *Machine { return &Machine{world: kernel.New()} }

// Run runs body once, in a fresh bubble, with run making the decisions, and ends what is left of it.
func (m *Machine) Run(run Run, body func(), o Options) *Result {
	w := m.world
	m.class.Reset()
	m.trace = m.trace[:0]
	m.result = Result{G: -2, Left: m.result.Left[:0]}
	m.decision.Step = 0
	d := draws(run)
	w.Start(body, kernel.Config{Steps: o.Steps, Grace: o.Grace, Lag: lag(d, o), Seed: streamSeed + d, Trace: o.Trace, Homes: locates(run)})
	start, races := w.Now(), kernel.RaceErrors()
	m.decide(run, o)
	r := &m.result
	r.Races = kernel.RaceErrors() - races
	m.leftover()
	r.Since = events(w.Events())
	m.class.Add(r.Since)
	if o.Trace {
		m.trace = append(m.trace, r.Since...)
	}
	r.Timers = w.Timers()
	r.Steps, r.Class, r.Failed, r.Trace = w.Steps(), m.class.Sum(), r.Kind != "", m.trace
	r.Elapsed = time.Duration(w.Now() - start)
	if !w.End() {
		m.world = kernel.New() // the old one is lost to a goroutine that would not end
	}
	kernel.TakeRaces(kernel.RaceErrors() - races)
	run.End(&r.Outcome)
	m.endedSooner(run)
	r.Passed = passed(run)
	return r
}

// leftover notes what was still to be carried out when the run ended.
func (m *Machine) leftover() {
	w, r := m.world, &m.result
	if r.Kind == KindSpin || r.Kind == KindBlockedOutside {
		return // somebody may still be at work
	}
	w.Refresh()
	r.Choices, r.Pending, r.Homes = ops(w.Choices()), ops(w.Pending()), w.Homes()
}

// endedSooner takes up a divergence that shows only at the end: the run that was followed went on longer.
// The message is then the verdict with which this one ended.
func (m *Machine) endedSooner(run Run) {
	r := &m.result
	v, ok := run.(Diverger)
	if !ok || r.Divergence != nil || v.Diverged() == nil {
		return
	}
	if r.Kind != "" {
		r.Message = r.Kind + ": " + r.Message
	}
	r.Kind, r.Failed, r.Divergence = KindDivergence, true, v.Diverged()
}

// decide goes through the run until it has ended or there is a verdict.
func (m *Machine) decide(run Run, o Options) {
	w, r := m.world, &m.result
	choice := -1
	for {
		switch status := w.Step(choice); status {
		case kernel.Decide:
			d := &m.decision
			d.Choices, d.Pending, d.Since = ops(w.Choices()), ops(w.Pending()), events(w.Events())
			d.Step, d.Homes, d.hashed = w.Steps(), w.Homes(), false
			r.Decisions++
			choice = run.Pick(d)
			m.class.Add(d.Since)
			if o.Trace {
				m.trace = append(m.trace, d.Since...)
			}
			w.Forget()
			if choice == Stop {
				if passed(run) {
					return
				}
				r.Kind = KindDivergence
				if v, ok := run.(Diverger); ok {
					r.Divergence = v.Diverged()
				}
				return
			}
			if choice < 0 || choice >= len(d.Choices) {
				panic(fmt.Sprintf("scheduler: %T picked choice %d of %d", run, choice, len(d.Choices)))
			}
		case kernel.Idle:
			if m.awaitOutside() {
				choice = -1
				continue
			}
			m.idle()
			return
		case kernel.Ended:
			return
		case kernel.Limit:
			r.Kind, r.Cut = KindStepLimit, true
			r.Message = fmt.Sprintf("the schedule is longer than %d steps", o.Steps)
			m.left(true)
			return
		case kernel.Verdict:
			m.verdict()
			return
		default:
			panic(fmt.Sprintf("lastcall: internal bug: status %d", status))
		}
	}
}

// awaitOutside waits, in real time, while somebody outside the bubble may yet let one of its goroutines go on.
func (m *Machine) awaitOutside() bool {
	var deadline time.Time
	for pause := 10 * time.Microsecond; m.mayGoOn(); pause = min(2*pause, time.Millisecond) {
		now := time.Now()
		if deadline.IsZero() {
			deadline = now.Add(outsideWait)
		} else if now.After(deadline) {
			return false
		}
		time.Sleep(pause)
		if m.world.Refresh() {
			return true
		}
	}
	return false
}

func (m *Machine) mayGoOn() bool {
	for _, g := range m.world.Goroutines() {
		if g.Outside {
			return true
		}
	}
	return false
}

// idle gives the verdict where nothing can be carried out.
func (m *Machine) idle() {
	r := &m.result
	m.left(true)
	n := len(r.Left)
	switch {
	case m.outside():
		r.Kind = KindBlockedOutside
		r.Message = "a goroutine has been blocked for a second on something that was not made or locked in the bubble"
	case m.world.MainEnded():
		r.Kind = KindLeak
		r.Message = fmt.Sprintf("%s left when the body returned", plural(n, "goroutine was", "goroutines were"))
	default:
		r.Kind = KindDeadlock
		r.Message = fmt.Sprintf("nothing can run and no timer is pending: %s", plural(n, "goroutine waits", "goroutines wait"))
	}
}

func (m *Machine) outside() bool {
	for i := range m.result.Left {
		if l := &m.result.Left[i]; l.Outside && l.Waiting.Kind != kernel.None {
			return true
		}
	}
	return false
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// verdict takes over what the runtime came to.
func (m *Machine) verdict() {
	r := &m.result
	v, g, msg, value, stack := m.world.Verdict()
	r.G, r.Message, r.Value = G(g), msg, value
	r.Stack = append(r.Stack[:0], stack...)
	switch v {
	case kernel.VerdictPanic:
		r.Kind = KindPanic
	case kernel.VerdictFatal:
		r.Kind = KindFatal
	case kernel.VerdictExit:
		r.Kind = KindExit
	case kernel.VerdictStop:
		r.Kind = KindAssertion
	case kernel.VerdictOutside:
		r.Kind = KindBlockedOutside
		r.Message = "a goroutine has been blocked for a second on something that the bubble does not control"
		m.ownStack(g)
	case kernel.VerdictSpin:
		r.Kind = KindSpin
		r.Message = "a goroutine has run for 10 seconds without coming to an operation"
		time.Sleep(50 * time.Millisecond) // for the goroutine to be preempted, so that it has a stack to show
		m.ownStack(g)
	default:
		panic(fmt.Sprintf("lastcall: internal bug: verdict %d", v))
	}
}

func (m *Machine) ownStack(g int32) { m.result.Stack = m.world.Stack(g) }

// left lists the goroutines that are left.
func (m *Machine) left(stacks bool) {
	for _, g := range m.world.Goroutines() {
		l := Goroutine{G: G(g.G), Parent: G(g.Parent), Started: g.PC, Outside: g.Outside, Reason: g.Reason}
		l.Waiting = *(*Op)(unsafe.Pointer(&g.Op))
		l.Parked = g.State == kernel.StateParked
		if stacks {
			l.Stack = m.world.Stack(g.G)
		}
		m.result.Left = append(m.result.Left, l)
	}
}

// Functions returns the names of the functions on the goroutine's stack, the innermost first, and then of the one that started it.
func (g *Goroutine) Functions() []string {
	var names []string
	add := func(f runtime.Frame) bool {
		names = append(names, f.Function)
		return false
	}
	Frame(g.Stack, add)
	Frame([]uintptr{g.Started}, add)
	return names
}

// Frame is the innermost frame of a stack that keep wants, or the zero Frame.
func Frame(stack []uintptr, keep func(runtime.Frame) bool) runtime.Frame {
	if len(stack) == 0 {
		return runtime.Frame{}
	}
	frames := runtime.CallersFrames(stack)
	for {
		f, more := frames.Next()
		if f.Function != "" && keep(f) {
			return f
		}
		if !more {
			return runtime.Frame{}
		}
	}
}

// What the kernel writes is read in place: the layouts are the same, and stay so.
const (
	_ = uint(unsafe.Sizeof(Op{}) - unsafe.Sizeof(kernel.Op{}))
	_ = uint(unsafe.Sizeof(kernel.Op{}) - unsafe.Sizeof(Op{}))
	_ = uint(unsafe.Sizeof(Event{}) - unsafe.Sizeof(kernel.Event{}))
	_ = uint(unsafe.Sizeof(kernel.Event{}) - unsafe.Sizeof(Event{}))
)

// is reports whether two events are the same in all that they say.
func (e *Event) is(f *Event) bool {
	type words [unsafe.Sizeof(Event{}) / 8]uint64
	return *(*words)(unsafe.Pointer(e)) == *(*words)(unsafe.Pointer(f))
}

func ops(k []kernel.Op) []Op {
	return unsafe.Slice((*Op)(unsafe.Pointer(unsafe.SliceData(k))), len(k))
}

func events(k []kernel.Event) []Event {
	return unsafe.Slice((*Event)(unsafe.Pointer(unsafe.SliceData(k))), len(k))
}
