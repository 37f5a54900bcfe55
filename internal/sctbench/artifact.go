//go:build artifact

package sctbench

import "sync/atomic"

// With this tag the programs take the steps that they take in C under the tool of the SURW artifact, as far as its source tells (instrument.sh, src/main.zig), and
// have the threads that they have in the sources that it runs, those of PERIOD (Wen et al., ICSE 2022):
//   - An access of memory is a step unless its address is formed from the stack pointer. So local variables of code that is not optimised are steps too.
//   - A lock that is held can be asked for, which is a step, and puts whoever did in a line. A lock that is released is handed to one of the line, so that
//     its last holder cannot have it back at once. (There the strategy chooses who gets it; here it is the first.)
//   - What SCTBench's main does beside the thread that it has started, is a thread too, and main waits for its threads one after the other.
var (
	ownOfAccess = 2 // steps on memory of a thread's own for each access of a shared variable
	ownOfStart  = 8 // around the start of a thread: main's counter, the bound, the array, the error, what it makes before it goes on
)

// own takes n steps that concern nobody else. They change something, so that they are not taken for those of a goroutine that polls.
//
//go:noinline
func own(n int) {
	v := new(atomic.Int32)
	for range n {
		v.Add(1)
	}
}

type shared struct{ v atomic.Int32 }

func (s *shared) Load() int32   { own(ownOfAccess); return s.v.Load() }
func (s *shared) Store(v int32) { own(ownOfAccess); s.v.Store(v) }

type lock struct {
	word atomic.Int32
	held bool
	line []chan struct{}
}

func (l *lock) Lock() {
	own(ownOfAccess)
	l.word.Load()
	if !l.held {
		l.held = true
		return
	}
	mine := make(chan struct{}, 1)
	l.line = append(l.line, mine)
	<-mine
}

func (l *lock) Unlock() {
	own(ownOfAccess)
	l.word.Store(0)
	if len(l.line) == 0 {
		l.held = false
		return
	}
	next := l.line[0]
	l.line = l.line[1:]
	next <- struct{}{}
}

func started() { own(ownOfStart) }

// spun is what a thread notes down about its waiting.
func spun() { own(ownOfAccess) }

func several(n int, f func()) {
	for range n {
		own(ownOfStart)
		go f()
	}
}

// thread runs f in a thread of its own, and returns what waits for it.
func thread(f func()) func() {
	done := make(chan struct{})
	go func() {
		f()
		close(done)
	}()
	return func() { <-done }
}

// second runs f in a thread of its own, and returns what waits for it.
func second(f func()) func() {
	started()
	return thread(f)
}

// crew are threads that main waits for.
type crew struct{ waits []func() }

func (c *crew) several(n int, f func()) {
	for range n {
		c.waits = append(c.waits, second(func() {
			own(2) // the thread's start, and its parameter
			f()
		}))
	}
}

func (c *crew) wait() {
	for _, w := range c.waits {
		own(ownOfStart)
		w()
	}
}

// settle stores what has been decided by a load just before. A vector that grows takes some 120 of the 55,000 steps of a run of the queues with state
// for it, in two such stores here.
func (s *shared) settle(v int32) { own(min(60, ownOfAccess)); s.v.Store(v) }
