package sctbench

// A Program is a body with a bug.
type Program struct {
	Name string
	Body func()

	// Blocks is Body with a lock that blocks in place of one that spins, nil where there is none such. A wait in a loop that yields can go round any number of times, each for
	// nothing, so a search of Body has no end. Without its rounds, which change nothing, a schedule of Body is one of Blocks with as many preemptions at most, and one of Blocks
	// is one of Body with a single round for each wait.
	Blocks func()
}

// Programs are the rows of the table.
//
// What makes their bodies is not inlined: in a function that grows large the compiler calls the methods of sync/atomic's types where it
// would inline them, and the code that it then calls is the standard library's, which has no points.
func Programs() []Program {
	return []Program{
		{Name: "reorder_3", Body: reorder(2, 1)},
		{Name: "reorder_4", Body: reorder(3, 1)},
		{Name: "reorder_5", Body: reorder(4, 1)},
		{Name: "reorder_10", Body: reorder(9, 1)},
		{Name: "reorder_20", Body: reorder(10, 10)},
		{Name: "reorder_50", Body: reorder(40, 10)},
		{Name: "reorder_100", Body: reorder(99, 1)},
		{Name: "twostage", Body: twoStage(1, 1)},
		{Name: "twostage_20", Body: twoStage(10, 10)},
		{Name: "twostage_50", Body: twoStage(40, 10)},
		{Name: "twostage_100", Body: twoStage(99, 1)},
		{Name: "wronglock", Body: wrongLock(7)},
		{Name: "wronglock_3", Body: wrongLock(3)},
		{Name: "account", Body: account},
		{Name: "bluetooth_driver", Body: bluetooth},
		{Name: "queue", Body: queue},
		{Name: "stack", Body: stack},
		{Name: "token_ring", Body: tokenRing},
		{Name: "lazy01", Body: lazy},
		{Name: "deadlock01", Body: deadlock},
		{Name: "stringbuffer-jdk1.4", Body: stringBuffer},
		{Name: "boundedBuffer", Body: boundedBuffer},
		stealing("WorkStealQueue", workSteal{stealers: 1}),
		stealing("InterlockedWorkStealQueue", workSteal{stealers: 1, interlocked: true}),
		stealing("InterlockedWorkStealQueueWithState", workSteal{stealers: 2, interlocked: true, state: true}),
		stealing("StateWorkStealQueue", workSteal{stealers: 2, interlocked: true, state: true, together: true}),
	}
}

// inc is C's v += by, which is a load and a store.
func (v *shared) inc(by int32) { v.Store(v.Load() + by) }

// assert fails the schedule.
func assert(ok bool) {
	if !ok {
		panic("assertion failed")
	}
}

// reorder has setters of a=1, b=-1, and checkers who must not see one without the other.
//
//go:noinline
func reorder(setters, checkers int) func() {
	return func() {
		var a, b shared
		var all crew
		all.several(setters, func() {
			a.Store(1)
			b.Store(-1)
		})
		all.several(checkers, func() {
			assert(a.Load() == 0 && b.Load() == 0 || a.Load() == 1 && b.Load() == -1)
		})
		all.wait()
	}
}

// twoStage has writers of a first and then of a second variable, each under its own lock, and readers that expect both.
//
//go:noinline
func twoStage(writers, readers int) func() {
	return func() {
		var l1, l2 lock
		var d1, d2 shared
		several(writers, func() {
			l1.Lock()
			d1.Store(1)
			l1.Unlock()
			l2.Lock()
			d2.Store(d1.Load() + 1)
			l2.Unlock()
		})
		several(readers, func() {
			l1.Lock()
			if d1.Load() == 0 {
				l1.Unlock()
				return
			}
			t1 := d1.Load()
			l1.Unlock()
			l2.Lock()
			t2 := d2.Load()
			l2.Unlock()
			assert(t2 == t1+1)
		})
	}
}

// wrongLock has one goroutine that counts under a lock, and others that count under another.
//
//go:noinline
func wrongLock(others int) func() {
	return func() {
		var l, other lock
		var d shared
		go func() {
			l.Lock()
			x := d.Load()
			d.inc(1)
			assert(d.Load() == x+1)
			l.Unlock()
		}()
		several(others, func() {
			other.Lock()
			d.inc(1)
			other.Unlock()
		})
	}
}

// account has a check that holds as long as it does not come last.
func account() {
	var l lock
	var balance, deposited, withdrawn shared
	balance.Store(1)
	const x, y, z = 1, 2, 4
	go func() {
		l.Lock()
		if deposited.Load() == 1 && withdrawn.Load() == 1 {
			assert(balance.Load() == x-y-z)
		}
		l.Unlock()
	}()
	go func() {
		l.Lock()
		balance.inc(y)
		deposited.Store(1)
		l.Unlock()
	}()
	go func() {
		l.Lock()
		balance.inc(-z)
		withdrawn.Store(1)
		l.Unlock()
	}()
}

func tokenRing() {
	var l lock
	var x1, x2, x3, f1, f2, f3 shared
	x1.Store(1)
	x2.Store(2)
	x3.Store(1)
	locked := func(f func()) {
		l.Lock()
		f()
		l.Unlock()
	}
	go locked(func() {
		x1.Store((x3.Load() + 1) % 4)
		f1.Store(1)
	})
	go locked(func() {
		x2.Store(x1.Load())
		f2.Store(1)
	})
	go locked(func() {
		x3.Store(x2.Load())
		f3.Store(1)
	})
	go locked(func() {
		if f1.Load() == 1 && f2.Load() == 1 && f3.Load() == 1 {
			assert(x1.Load() == x2.Load() && x2.Load() == x3.Load())
		}
	})
}

func lazy() {
	var l lock
	var d shared
	go func() {
		l.Lock()
		assert(d.Load() < 3)
		l.Unlock()
	}()
	for _, by := range []int32{2, 1} {
		go func() {
			l.Lock()
			d.inc(by)
			l.Unlock()
		}()
	}
}

func deadlock() {
	var a, b lock
	var counter shared
	both := func(first, second *lock, by int32) {
		first.Lock()
		second.Lock()
		counter.inc(by)
		second.Unlock()
		first.Unlock()
	}
	go both(&a, &b, 1)
	started()
	go both(&b, &a, -1)
	started()
}
