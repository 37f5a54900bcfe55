package sctbench

import "sync"

const queueSize = 20

// queue hands numbers over one at a time, and expects the n-th to be taken in the n-th round.
func queue() {
	var l lock
	var elements, stored [queueSize + 1]shared
	var head, tail, amount, enqueue, dequeue shared
	enqueue.Store(1)
	put := func(x int32) {
		elements[tail.Load()].Store(x)
		amount.inc(1)
		if tail.Load() == queueSize {
			tail.Store(1)
		} else {
			tail.inc(1)
		}
	}
	take := func() int32 {
		x := elements[head.Load()].Load()
		amount.inc(-1)
		if head.Load() == queueSize {
			head.Store(1)
		} else {
			head.inc(1)
		}
		return x
	}
	go func() {
		l.Lock()
		put(0)
		stored[0].Store(0)
		assert(head.Load() != tail.Load())
		l.Unlock()
		value := int32(0)
		for i := range queueSize - 1 {
			l.Lock()
			if enqueue.Load() == 1 {
				value++
				put(value)
				stored[i+1].Store(value)
				enqueue.Store(0)
				dequeue.Store(1)
			}
			l.Unlock()
		}
	}()
	go func() {
		for i := range queueSize {
			l.Lock()
			if dequeue.Load() == 1 {
				assert(take() == stored[i].Load())
				dequeue.Store(0)
				enqueue.Store(1)
			}
			l.Unlock()
		}
	}()
}

const stackSize = 10

// stack pops whenever something was pushed ever.
func stack() {
	var l lock
	var elements [stackSize]shared
	var top, flag shared
	go func() {
		for i := range int32(stackSize) {
			l.Lock()
			assert(top.Load() != stackSize)
			elements[top.Load()].Store(i)
			top.inc(1)
			flag.Store(1)
			l.Unlock()
		}
	}()
	go func() {
		for range stackSize {
			l.Lock()
			if flag.Load() == 1 {
				assert(top.Load() != 0)
				top.inc(-1)
				elements[top.Load()].Load()
			}
			l.Unlock()
		}
	}()
}

// boundedBuffer has a Get that lets the lock go between its wait and its taking.
func boundedBuffer() {
	const size, each = 3, 4
	var l lock
	var head, rear, waitPut, waitGet shared
	var buffer [size]shared
	notFull, notEmpty := sync.NewCond(&l), sync.NewCond(&l)
	full := func() bool { return (rear.Load()+1)%size == head.Load() }
	empty := func() bool { return head.Load() == rear.Load() }
	wait := func(c *sync.Cond, waiting *shared, until func() bool) {
		if !until() {
			return
		}
		waiting.inc(1)
		for until() {
			c.Wait()
		}
		waiting.inc(-1)
	}
	several(2, func() {
		for i := range int32(each) {
			l.Lock()
			wait(notFull, &waitPut, full)
			buffer[rear.Load()].Store(i)
			rear.Store((rear.Load() + 1) % size)
			if waitGet.Load() > 0 {
				notEmpty.Signal()
			}
			l.Unlock()
		}
	})
	several(2, func() {
		for range each {
			l.Lock()
			wait(notEmpty, &waitGet, empty)
			l.Unlock() // the bug
			l.Lock()
			assert(!empty())
			buffer[head.Load()].Load()
			head.Store((head.Load() + 1) % size)
			if waitPut.Load() > 0 {
				notFull.Signal()
			}
			l.Unlock()
		}
	})
}
