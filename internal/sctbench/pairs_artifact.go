//go:build artifact

package sctbench

// The programs of two threads, with the steps between their accesses that gcc makes of their sources without optimising: each access of a
// local variable, of a parameter and of a pointer is one, and so is a thread's start. They have threads of both; main waits for them.

// bluetooth is the driver of KISS (Qadeer, Wu, PLDI 2004), which stops while an operation begins.
func bluetooth() {
	var l lock
	var pending, stopping, event, stopped shared
	pending.Store(1)
	decrement := func() {
		own(2)
		l.Lock()
		own(1)
		p := pending.Load()
		own(1)
		pending.Store(p - 1)
		own(1)
		p = pending.Load()
		own(1)
		l.Unlock()
		own(1)
		if p == 0 {
			own(1)
			event.Store(1)
		}
	}
	own(1)
	stop := thread(func() {
		own(5)
		stopping.Store(1)
		decrement()
		own(1)
		if event.Load() == 1 {
			stopped.Store(1)
		}
	})
	own(1)
	add := thread(func() {
		own(5)
		if stopping.Load() == 0 {
			l.Lock()
			own(1)
			p := pending.Load()
			own(1)
			pending.Store(p + 1)
			l.Unlock()
			own(2)
			assert(stopped.Load() == 0)
		}
		decrement()
	})
	add()
	stop()
}

// stringBuffer is JDK 1.4's append, which takes the other's length and its characters under two locks.
func stringBuffer() {
	var l, mine lock
	var count shared
	own(90) // the constructors of two that are global
	count.Store(3)
	erase := thread(func() {
		own(7)
		l.Lock() // erase(0, 3)
		own(20)
		n := count.Load()
		own(2)
		count.Store(n - 3)
		own(1)
		l.Unlock()
		own(5)
		l.Lock() // append("abc")
		own(16)
		n = count.Load()
		own(2)
		count.Store(n + 3)
		own(1)
		l.Unlock()
	})
	own(2)
	copied := thread(func() {
		own(16)
		mine.Lock()
		own(4)
		l.Lock() // length()
		own(1)
		n := count.Load()
		own(2)
		l.Unlock()
		own(21)
		l.Lock() // getChars(0, n)
		own(3)
		assert(n <= count.Load())
		own(11)
		l.Unlock()
		own(4)
		mine.Unlock()
	})
	own(2)
	erase()
	copied()
}
