package body

import (
	"math/rand/v2"
	"sync"
)

// Free runs f(0) to f(n-1), each in a goroutine, as they come.
func Free(n int, f func(int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// NoPoint is for a scheduler that sees the operations themselves.
func NoPoint() {}

// Handoff decides schedules the way that a library without a hold on the runtime does: each goroutine says on a channel that it is about to
// do something, and waits on one of its own until it is told to.
type Handoff struct {
	rng   *rand.Rand
	turn  []chan struct{}
	at    chan int // who has come to a point, or ^who for one that has ended
	now   int      // who runs
	Steps int
}

// NewHandoff returns one that chooses at random, for up to n goroutines.
func NewHandoff(seed uint64, n int) *Handoff {
	h := &Handoff{rng: rand.New(rand.NewPCG(seed, 0)), at: make(chan int)}
	for range n {
		h.turn = append(h.turn, make(chan struct{}))
	}
	return h
}

// Point waits for the calling goroutine's turn.
func (h *Handoff) Point() {
	i := h.now
	h.at <- i
	<-h.turn[i]
}

// Spawn runs f(0) to f(n-1), each in a goroutine, one of them at a time.
func (h *Handoff) Spawn(n int, f func(int)) {
	var can []int
	for h.now = range n { // each goes on to its first point
		go func(i int) { f(i); h.at <- ^i }(h.now)
		can = arrive(can, <-h.at)
	}
	for len(can) > 0 {
		k := h.rng.IntN(len(can))
		h.now = can[k]
		can[k] = can[len(can)-1]
		h.Steps++
		h.turn[h.now] <- struct{}{}
		can = arrive(can[:len(can)-1], <-h.at)
	}
}

func arrive(can []int, i int) []int {
	if i >= 0 {
		can = append(can, i)
	}
	return can
}
