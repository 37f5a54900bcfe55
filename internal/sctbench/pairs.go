//go:build !artifact

package sctbench

// bluetooth is the driver of KISS (Qadeer, Wu, PLDI 2004), which stops while an operation begins.
func bluetooth() {
	var l lock
	var pending, stopping, event, stopped shared
	pending.Store(1)
	decrement := func() {
		l.Lock()
		pending.inc(-1)
		p := pending.Load()
		l.Unlock()
		if p == 0 {
			event.Store(1)
		}
	}
	go func() {
		stopping.Store(1)
		decrement()
		if event.Load() == 1 {
			stopped.Store(1)
		}
	}()
	if stopping.Load() == 0 {
		l.Lock()
		pending.inc(1)
		l.Unlock()
		assert(stopped.Load() == 0)
	}
	decrement()
}

// stringBuffer is JDK 1.4's append, which takes the other's length and its characters under two locks.
func stringBuffer() {
	var l, mine lock
	var count shared
	count.Store(3)
	go func() {
		l.Lock() // erase(0, 3)
		count.inc(-3)
		l.Unlock()
		l.Lock() // append("abc")
		count.inc(3)
		l.Unlock()
	}()
	mine.Lock()
	l.Lock() // length()
	n := count.Load()
	l.Unlock()
	l.Lock() // getChars(0, n)
	assert(n <= count.Load())
	l.Unlock()
	mine.Unlock()
}
