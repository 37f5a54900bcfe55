package lastcall

import (
	"fmt"
	"math/rand"
	"strings"

	"github.com/leanovate/gopter"
)

// A Program is what is done to one loop, and by whom, up to the end of the loop. It is plain data: it prints, and it shrinks as a whole.
type Program struct {
	Workers  int      // at most
	Queue    int      // work that waits for a worker, at most; 0 for any
	FailFast bool     // Submit does not wait for room
	Runner   bool     // a goroutine is in Run from the start
	Close    bool     // at the end, when the actors are done: Close; else Shutdown
	First    []Call   // before the actors begin
	Actors   [][]Call // a goroutine each
}

// A Call is one thing that an actor does.
type Call struct {
	Do   Act
	From Place
	N    byte // which future or timer, how long, how the work turns out
}

// An Act is a call of the loop's, or what a callback or work does that the loop has to bear.
type Act uint8

const (
	actPost Act = iota
	actPostPanics
	actPostExits // by Goexit
	actAfter
	actAfterFour // of one moment
	actStopTimer
	actReset
	actSubmit
	actCancel
	actWait
	actOnDone
	actAwait
	actRun
	actStop
	actStats
	actSleep
	actShutdown
	actShutdownImpatient
	actStopShutdown // one after the other
	actClose
	actsAll
)

var actNames = [actsAll]string{"post", "post-panics", "post-exits", "after", "after-four", "stop-timer", "reset", "submit", "cancel", "wait", "on-done",
	"await", "run", "stop", "stats", "sleep", "shutdown", "shutdown-impatient", "stop-shutdown", "close"}

// actWeights is how often each act is drawn.
var actWeights = [actsAll]int{8, 2, 1, 6, 2, 3, 3, 14, 7, 4, 5, 2, 3, 3, 4, 4, 4, 4, 2, 4}

// A Place is where a call is made.
type Place uint8

const (
	outside     Place = iota // on the actor's goroutine
	inCallback               // in a callback of the loop
	inTimer                  // in that of a timer
	inOnDone                 // in that of a future
	inWork                   // on a worker
	inOtherLoop              // in a callback of another loop, on the actor's goroutine
	placesAll
)

var placeNames = [placesAll]string{"", "@callback", "@timer", "@on-done", "@work", "@other-loop"}

// ofTheLoop tells whether p is in a callback of the loop.
func (p Place) ofTheLoop() bool { return p == inCallback || p == inTimer || p == inOnDone }

func (c Call) String() string { return fmt.Sprintf("%s%s:%d", actNames[c.Do], placeNames[c.From], c.N) }

func (p Program) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "workers %d", p.Workers)
	if p.Queue > 0 {
		fmt.Fprintf(&b, ", queue %d", p.Queue)
	}
	for _, flag := range []struct {
		set  bool
		name string
	}{{p.FailFast, ", fail fast"}, {p.Runner, ", a runner"}, {p.Close, ", closed"}} {
		if flag.set {
			b.WriteString(flag.name)
		}
	}
	write := func(who string, calls []Call) {
		fmt.Fprintf(&b, "; %s:", who)
		for _, c := range calls {
			fmt.Fprintf(&b, " %v", c)
		}
	}
	if len(p.First) > 0 {
		write("first", p.First)
	}
	for i, calls := range p.Actors {
		write(fmt.Sprint("actor ", i), calls)
	}
	return b.String()
}

// The sizes of programs: small enough for a schedule to have some hundred steps.
const (
	actorsMax = 3
	callsMax  = 5
)

// programsOf generates programs.
func programsOf(g *gopter.GenParameters) *gopter.GenResult {
	return gopter.NewGenResult(randomProgram(g.Rng), shrinkProgram)
}

func randomProgram(rng *rand.Rand) Program {
	p := Program{Workers: 1 + rng.Intn(3), Runner: rng.Intn(4) > 0, Close: rng.Intn(4) == 0}
	if rng.Intn(3) == 0 {
		p.Queue, p.FailFast = 1+rng.Intn(2), rng.Intn(4) == 0
	}
	if rng.Intn(3) == 0 {
		p.First = randomCalls(rng)
	}
	for range 1 + rng.Intn(actorsMax) {
		p.Actors = append(p.Actors, randomCalls(rng))
	}
	return p
}

func randomCalls(rng *rand.Rand) (calls []Call) {
	for range 1 + rng.Intn(callsMax) {
		calls = append(calls, randomCall(rng))
	}
	return calls
}

func randomCall(rng *rand.Rand) Call {
	total := 0
	for _, w := range actWeights {
		total += w
	}
	c := Call{N: byte(rng.Intn(256))}
	n := rng.Intn(total)
	for n >= actWeights[c.Do] {
		n -= actWeights[c.Do]
		c.Do++
	}
	if rng.Intn(3) == 0 {
		c.From = Place(rng.Intn(int(placesAll)))
	}
	return c
}

// programFrom reads a program off bytes, for a fuzzer. All bytes are a program, and fewer bytes a smaller one.
func programFrom(data []byte) Program {
	next := func() int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b)
	}
	flags := next()
	p := Program{Workers: 1 + next()%3, Queue: next() % 3, FailFast: flags&1 != 0, Runner: flags&2 != 0, Close: flags&4 != 0}
	actors := 1 + next()%actorsMax
	for i := range actors {
		var calls []Call
		for n := 1 + len(data)/3/(actors-i); n > 0 && len(calls) < callsMax; n-- {
			calls = append(calls, Call{Do: Act(next()) % actsAll, From: Place(next()) % placesAll, N: byte(next())})
		}
		p.Actors = append(p.Actors, calls)
	}
	if flags&8 != 0 && actors > 1 {
		p.First, p.Actors = p.Actors[0], p.Actors[1:]
	}
	return p
}

// shrinkProgram is one shrinker for the whole program, since gopter's combinators lose what they were made of when a value is mapped, and shrink
// one argument after the other. It tries what takes away most first.
func shrinkProgram(v any) gopter.Shrink {
	smaller := v.(Program).smaller()
	return func() (any, bool) {
		if len(smaller) == 0 {
			return nil, false
		}
		q := smaller[0]
		smaller = smaller[1:]
		return q, true
	}
}

// smaller lists the programs that are one step simpler.
func (p Program) smaller() (all []Program) {
	for i := range p.Actors {
		all = append(all, p.with(i, nil))
	}
	for i := range p.First {
		q := p
		q.First = append(append([]Call{}, p.First[:i]...), p.First[i+1:]...)
		all = append(all, q)
	}
	for i, calls := range p.Actors {
		for j := range calls {
			all = append(all, p.with(i, append(append([]Call{}, calls[:j]...), calls[j+1:]...)))
		}
	}
	for _, simpler := range []func(*Program){
		func(q *Program) { q.FailFast = false },
		func(q *Program) { q.Queue = 0 },
		func(q *Program) { q.Workers = 1 },
		func(q *Program) { q.Runner = false },
		func(q *Program) { q.Close = false },
	} {
		q := p
		if simpler(&q); q.String() != p.String() {
			all = append(all, q)
		}
	}
	for i, calls := range p.Actors {
		for j, c := range calls {
			for _, d := range []Call{{Do: c.Do, N: c.N}, {Do: c.Do, From: c.From}, {Do: c.Do, From: c.From, N: c.N / 2}} {
				if d != c {
					all = append(all, p.with(i, append(append(append([]Call{}, calls[:j]...), d), calls[j+1:]...)))
				}
			}
		}
	}
	return all
}

// with returns p with other calls of actor i, or without the actor if there are none.
func (p Program) with(i int, calls []Call) Program {
	actors := append([][]Call{}, p.Actors[:i]...)
	if len(calls) > 0 {
		actors = append(actors, calls)
	}
	p.Actors = append(actors, p.Actors[i+1:]...)
	return p
}
