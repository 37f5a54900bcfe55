package sctbench

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// workSteal is the test of CHESS's work-stealing queue (the THE protocol of Cilk-5), with its third bug: Push takes one
// element more than there is room for beside a thief. The variants that keep a state have a queue without that bug; theirs
// is in how they keep it (see [callState]).
type workSteal struct {
	stealers    int
	interlocked bool // the lock is a spinning exchange in place of a mutex
	state       bool
	together    bool // all items are pushed first, then popped
}

const (
	stealItems    = 4
	stealAttempts = 2
)

func stealing(name string, c workSteal) Program {
	p := Program{Name: name, Body: c.run}
	if c.interlocked {
		c.interlocked = false
		p.Blocks = c.run
	}
	return p
}

func (c workSteal) run() {
	q := &stealQueue{interlocked: c.interlocked, room: 1, mask: 1, elements: make([]shared, 2)}
	if c.state {
		q.room, q.state = 0, new(callState)
		q.state.push(0)
	}
	var items [stealItems]shared
	var wg sync.WaitGroup
	for s := range int32(c.stealers) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			q.state.push(s + 1)
			for range stealAttempts {
				q.state.peek(s + 1)
				if i, ok := q.steal(s + 1); ok {
					items[i].inc(1)
				}
			}
			q.state.pop(s + 1)
		}()
		started()
	}
	pop := func() {
		q.state.peek(0)
		if i, ok := q.pop(); ok {
			items[i].inc(1)
		}
	}
	wait := second(func() {
		for i := range int32(stealItems) {
			q.state.peek(0)
			q.push(i)
			if !c.together && i%2 == 1 {
				pop()
			}
		}
		for range stealItems / 2 {
			pop()
		}
		if c.together {
			for range stealItems / 2 {
				pop()
			}
		}
	})
	wait()
	wg.Wait()
	for i := range items {
		assert(items[i].Load() == 1)
	}
}

// stealQueue belongs to one goroutine, which pushes and pops at its tail; others steal at its head.
type stealQueue struct {
	interlocked bool
	mutex       lock
	spin        atomic.Int32
	head, tail  shared
	room        int32 // 1 is the bug: the mask alone is the most that leaves a thief its place
	mask        int32
	elements    []shared
	state       *callState
}

func (q *stealQueue) lock() {
	if !q.interlocked {
		q.mutex.Lock()
		return
	}
	for q.spin.Swap(1) != 0 {
		spun()
		runtime.Gosched()
	}
}

func (q *stealQueue) unlock() {
	if !q.interlocked {
		q.mutex.Unlock()
		return
	}
	q.spin.Store(0)
}

func (q *stealQueue) steal(who int32) (int32, bool) {
	q.state.push(who)
	defer q.state.pop(who)
	q.lock()
	defer q.unlock()
	h := q.head.Load()
	q.head.Store(h + 1)
	if h < q.tail.Load() {
		return q.elements[h&q.mask].Load(), true
	}
	q.head.Store(h)
	return 0, false
}

func (q *stealQueue) pop() (int32, bool) {
	q.state.push(0)
	defer q.state.pop(0)
	t := q.tail.Load() - 1
	q.tail.Store(t)
	if q.head.Load() <= t {
		return q.elements[t&q.mask].Load(), true
	}
	q.tail.Store(t + 1)
	return q.popLocked()
}

func (q *stealQueue) popLocked() (x int32, found bool) {
	q.state.push(0)
	defer q.state.pop(0)
	q.lock()
	defer q.unlock()
	t := q.tail.Load() - 1
	q.tail.Store(t)
	if q.head.Load() <= t {
		x, found = q.elements[t&q.mask].Load(), true
	} else {
		q.tail.Store(t + 1)
	}
	if q.head.Load() > t {
		q.head.Store(0)
		q.tail.Store(0)
		found = false
	}
	return x, found
}

func (q *stealQueue) push(x int32) {
	q.state.push(0)
	defer q.state.pop(0)
	t := q.tail.Load()
	if t < q.head.Load()+q.mask+q.room {
		q.elements[t&q.mask].Store(x)
		q.tail.Store(t + 1)
		return
	}
	q.pushLocked(x)
}

func (q *stealQueue) pushLocked(x int32) {
	q.state.push(0)
	defer q.state.pop(0)
	q.lock()
	defer q.unlock()
	h := q.head.Load()
	n := q.tail.Load() - h
	h &= q.mask
	q.head.Store(h)
	q.tail.Store(h + n)
	if n >= q.mask {
		larger := make([]shared, 2*(q.mask+1))
		for i := range n {
			larger[i].Store(q.elements[(h+i)&q.mask].Load())
		}
		q.elements, q.mask = larger, 2*(q.mask+1)-1
		q.head.Store(0)
		q.tail.Store(n)
	}
	t := q.tail.Load()
	q.elements[t&q.mask].Store(x)
	q.tail.Store(t + 1)
}

// callState is each thread's stack of calls as the variants with state write it down for a model checker that compares states:
// a vector by thread, which the first call of a thread sets to the size that it needs, larger or smaller. That is their bug.
type callState struct {
	size  shared
	depth [3]shared
}

func (s *callState) push(who int32) {
	if s == nil {
		return
	}
	if s.size.Load() <= who {
		s.size.settle(who + 1)
		for i := int(who) + 1; i < len(s.depth); i++ {
			s.depth[i].settle(0)
		}
	}
	s.depth[who].inc(1)
}

func (s *callState) peek(who int32) {
	if s != nil {
		assert(s.size.Load() > who)
		assert(s.depth[who].Load() > 0)
	}
}

func (s *callState) pop(who int32) {
	if s != nil {
		s.peek(who)
		s.depth[who].inc(-1)
	}
}
