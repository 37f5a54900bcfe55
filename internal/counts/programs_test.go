package counts

import (
	"sync"
	"sync/atomic"
)

// The programs, from POPL'14 (Abdulla, Aronis, Jonsson, Sagonas: Optimal Dynamic Partial Order Reduction) and from the tests of Concuerror, GenMC, Nidhugg
// and SimGrid. A thread is a goroutine, a shared variable an atomic one. Nothing waits for the goroutines: that would be operations more.

type variable = atomic.Int32

// each starts a goroutine for each i below n.
func each(n int, f func(i int)) {
	for i := range n {
		go f(i)
	}
}

func readers(n int) {
	var x variable
	go x.Store(1)
	each(n, func(int) { x.Load() })
}

func lastzero(n int) {
	a := make([]variable, n+1)
	go func() {
		for i := n; a[i].Load() != 0; i-- {
		}
	}()
	each(n, func(j int) { a[j+1].Store(a[j].Load() + 1) })
}

func filesystem(n int) {
	const blocks, inodes = 26, 32
	var (
		lockI [inodes]sync.Mutex
		lockB [blocks]sync.Mutex
		inode [inodes]int
		busy  [blocks]bool
	)
	each(n, func(t int) {
		i := t % inodes
		lockI[i].Lock()
		defer lockI[i].Unlock()
		if inode[i] != 0 {
			return
		}
		for b := 2 * i % blocks; ; b = (b + 1) % blocks {
			lockB[b].Lock()
			if !busy[b] {
				busy[b], inode[i] = true, b+1
				lockB[b].Unlock()
				return
			}
			lockB[b].Unlock()
		}
	})
}

// indexer's table is guarded by a lock for each slot.
func indexer(n int) {
	const size, most = 128, 4
	var (
		table [size]int
		slot  [size]sync.Mutex
	)
	cas := func(h, w int) bool {
		slot[h].Lock()
		defer slot[h].Unlock()
		if table[h] != 0 {
			return false
		}
		table[h] = w
		return true
	}
	each(n, func(t int) {
		for m := 1; m <= most; m++ {
			w := 11*m + t
			h := 7 * w % size
			for !cas(h, w) {
				h = (h + 1) % size
			}
		}
	})
}

func inc(n int) {
	var x variable
	each(n, func(int) { x.Store(x.Load() + 1) })
}

func rw(n int) {
	var x variable
	each(n, func(int) { x.Store(1); x.Load() })
}

func ainc(n int) {
	var x variable
	each(n, func(int) { x.Add(1) })
}

func binc(n int) {
	var x, y variable
	each(n, func(int) { x.Add(1); y.Add(1) })
}

func cinc(n int) {
	var x, y, z variable
	each(n, func(int) { x.Add(1); y.Add(1); z.Add(1) })
}

func wrw(n int) {
	var x variable
	go x.Store(7)
	each(n, func(int) { x.Store(x.Load() + 1) })
}

func wainc(n int) {
	var x variable
	go x.Store(7)
	each(n, func(int) { x.Add(1) })
}

func writers(n int) {
	var x variable
	go x.Load()
	each(n, func(i int) { x.Store(int32(i)) })
}

func cas(n int) {
	var x variable
	each(n, func(i int) { x.CompareAndSwap(0, int32(i+1)) })
}

func casrot(n int) {
	var x variable
	each(n, func(i int) { x.CompareAndSwap(int32(i), int32(i+1)) })
}

func casw(n int) {
	var x variable
	each(n, func(i int) { x.CompareAndSwap(0, 1); x.Store(int32(i + 3)) })
}

func wcas(n int) {
	var x variable
	go x.Store(2)
	each(n, func(int) { x.CompareAndSwap(2, 3) })
}

func coA(n int) {
	var x, y, z variable
	go func() { x.Store(1); y.Load(); x.Load() }()
	go func() { x.Store(2); z.Load(); x.Load() }()
	each(n-1, func(i int) { y.Store(int32(i)); z.Store(int32(i)) })
}

func fib(n int, third bool) {
	var x, y variable
	x.Store(1)
	y.Store(1)
	go func() {
		for range n {
			x.Store(x.Load() + y.Load())
		}
	}()
	go func() {
		for range n {
			y.Store(x.Load() + y.Load())
		}
	}()
	if third {
		go func() {
			if x.Load() <= 144 {
				y.Load()
			}
		}()
	}
}

func lockers(n, times int) {
	var mu sync.Mutex
	var x variable
	each(n, func(int) {
		for range times {
			mu.Lock()
			x.Store(1)
			mu.Unlock()
		}
	})
}

func lockinc(n int) {
	var mu sync.Mutex
	var x variable
	each(n, func(int) { mu.Lock(); x.Store(x.Load() + 1); mu.Unlock() })
}

// joined is lockinc with a body that waits for its goroutines: that alone makes no more classes.
func joined(n int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	x := 0
	for range n {
		wg.Go(func() { mu.Lock(); x++; mu.Unlock() })
	}
	wg.Wait()
}

func lock2inc(n int) {
	var mu sync.Mutex
	var x, y variable
	each(n, func(int) { mu.Lock(); x.Store(x.Load() + 1); y.Store(y.Load() + 1); mu.Unlock() })
}

func mutexSimple(n int) {
	var a, b sync.Mutex
	each(n, func(int) { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() })
}

func circularBuffer(rounds int) {
	var mu sync.Mutex
	var send, receive bool
	send = true
	each(2, func(i int) {
		for range rounds {
			mu.Lock()
			if i == 0 && send {
				send, receive = false, true
			} else if i == 1 && receive {
				send, receive = true, false
			}
			mu.Unlock()
		}
	})
}

func philosophers(n int) {
	fork := make([]sync.Mutex, n)
	each(n, func(i int) {
		fork[i].Lock()
		fork[(i+1)%n].Lock()
		fork[(i+1)%n].Unlock()
		fork[i].Unlock()
	})
}

// waiterPhilosophers take both forks under a lock.
func waiterPhilosophers(n int) {
	fork := make([]sync.Mutex, n)
	var waiter sync.Mutex
	each(n, func(i int) {
		waiter.Lock()
		fork[i].Lock()
		fork[(i+1)%n].Lock()
		waiter.Unlock()
		fork[(i+1)%n].Unlock()
		fork[i].Unlock()
	})
}

// A semaphore is a channel: to take is to receive, and to give, which never has to wait, to send. The published counts are of semaphores of which nothing commutes; so it is
// with a channel that has more room than is told apart.
type semaphore chan struct{}

func newSemaphore(permits int) semaphore {
	s := make(semaphore, 1<<16)
	for range permits {
		s.give()
	}
	return s
}

func (s semaphore) take() { <-s }
func (s semaphore) give() { s <- struct{}{} }

// seatedPhilosophers sit down before they take forks, and one chair is missing.
func seatedPhilosophers(n int) {
	fork := make([]sync.Mutex, n)
	chairs := newSemaphore(n - 1)
	each(n, func(i int) {
		chairs.take()
		fork[i].Lock()
		fork[(i+1)%n].Lock()
		fork[(i+1)%n].Unlock()
		fork[i].Unlock()
		chairs.give()
	})
}

func prodcons(producers, consumers, items, buffer int) {
	empty, full := newSemaphore(buffer), newSemaphore(0)
	var mu sync.Mutex
	in, out := 0, 0
	each(producers, func(int) {
		for range items {
			empty.take()
			mu.Lock()
			in++
			mu.Unlock()
			full.give()
		}
	})
	each(consumers, func(int) {
		for range items {
			full.take()
			mu.Lock()
			out++
			mu.Unlock()
			empty.give()
		}
	})
}

// queue is n producers and as many consumers of some items each, with a buffer. In which order the items are sent and in which they are received decides, and any two
// such orders go together, however large the buffer is.
func queue(n, items, buffer int) {
	c := make(chan int, buffer)
	each(2*n, func(i int) {
		for range items {
			if i < n {
				c <- i
			} else {
				<-c
			}
		}
	})
}

// sharers hold a RWMutex together, writers of them one at a time. For one writer each sharer has three places of its own: it has come and gone before the writer
// asks, or has come before and goes after, or comes when the writer has gone.
func sharers(n, writers int) {
	var mu sync.RWMutex
	each(n+writers, func(i int) {
		if i < n {
			mu.RLock()
			mu.RUnlock()
		} else {
			mu.Lock()
			mu.Unlock()
		}
	})
}

func mutexDeadlock(n int) {
	var mu sync.Mutex
	var x variable
	each(n, func(int) { mu.Lock(); x.Store(1) })
}

func mutexDeadlockOne() {
	var mu sync.Mutex
	var x variable
	each(3, func(i int) {
		mu.Lock()
		x.Store(1)
		if i < 2 {
			mu.Unlock()
		}
	})
}

func mutexHard() {
	var mu sync.Mutex
	var x variable
	each(3, func(i int) {
		mu.Lock()
		if x.Add(1)-1 == int32(i) {
			mu.Unlock()
		}
	})
}

func trylockers(n int, unlock bool) {
	var mu sync.Mutex
	var x variable
	each(n, func(int) {
		if mu.TryLock() {
			x.Store(1)
			if unlock {
				mu.Unlock()
			}
		}
	})
}

func mutexVsTrylock(n int) {
	trylock := func(mu *sync.Mutex, x *variable) {
		if mu.TryLock() {
			x.Store(1)
			mu.Unlock()
		}
	}
	var mu sync.Mutex
	var x variable
	each(n, func(int) { trylock(&mu, &x) })
	go func() { mu.Lock(); x.Store(1); mu.Unlock() }()
}

func reorder(setters, checkers int) {
	var a, b variable
	each(setters, func(int) { a.Store(1); b.Store(-1) })
	each(checkers, func(int) {
		_ = a.Load() == 0 && b.Load() == 0 || a.Load() == 1 && b.Load() == -1
	})
}

func twostage(as, bs int) {
	var one, two sync.Mutex
	var d1, d2 variable
	each(as, func(int) {
		one.Lock()
		d1.Store(1)
		one.Unlock()
		two.Lock()
		d2.Store(d1.Load() + 1)
		two.Unlock()
	})
	each(bs, func(int) {
		one.Lock()
		if d1.Load() == 0 {
			one.Unlock()
			return
		}
		d1.Load()
		one.Unlock()
		two.Lock()
		d2.Load()
		two.Unlock()
	})
}

func lazy01() {
	var mu sync.Mutex
	var d variable
	go func() { mu.Lock(); d.Load(); mu.Unlock() }()
	go func() { mu.Lock(); d.Store(d.Load() + 2); mu.Unlock() }()
	go func() { mu.Lock(); d.Store(d.Load() + 1); mu.Unlock() }()
}

func deadlock01() {
	var a, b sync.Mutex
	var counter variable
	go func() { a.Lock(); b.Lock(); counter.Store(counter.Load() + 1); b.Unlock(); a.Unlock() }()
	go func() { b.Lock(); a.Lock(); counter.Store(counter.Load() - 1); a.Unlock(); b.Unlock() }()
}

func wronglock(n int) {
	var m, o sync.Mutex
	var d variable
	go func() {
		m.Lock()
		x := d.Load()
		d.Store(d.Load() + 1)
		_ = d.Load() == x+1
		m.Unlock()
	}()
	each(n, func(int) { o.Lock(); d.Store(d.Load() + 1); o.Unlock() })
}

// Concuerror's small programs.

func poplExample() {
	var x, y, z variable
	go x.Store(1)
	go y.Store(1)
	go func() {
		if y.Load() == 0 {
			z.Store(1)
		}
	}()
	go func() {
		if z.Load() == 1 && y.Load() == 0 {
			x.Store(2)
		}
	}()
}

func controlFlow(n int) {
	var x, y, z variable
	each(n, func(int) { x.Load() })
	each(n, func(int) { y.Store(1) })
	go func() {
		if y.Load() == 0 {
			z.Store(1)
		}
	}()
	go func() {
		if z.Load() == 1 && y.Load() == 0 {
			x.Store(2)
		}
	}()
}

func sleepingRaces1() {
	var x, y variable
	go y.Store(1)
	go x.Store(1)
	go func() {
		if x.Load() != 0 {
			y.Load()
		}
	}()
}

func sleepingRaces6() {
	var w, x, y, z variable
	go w.Store(1)
	go x.Store(1)
	go y.Store(1)
	go func() { y.Load(); z.Store(1) }()
	go func() {
		if y.Load() != 0 && z.Load() != 0 && x.Load() != 0 {
			w.Load()
		}
	}()
}

func combinationLock1() {
	var v, w, x, y, z variable
	go z.Store(1)
	go func() {
		x.Store(1)
		if y.Load() != 0 {
			w.Store(1)
		}
	}()
	go func() {
		if x.Load() != 0 {
			y.Store(1)
			if v.Load() != 0 {
				z.Load()
			}
		}
	}()
	go func() {
		if w.Load() != 0 {
			v.Store(1)
		}
	}()
}

func twoWritersReaders1() {
	var x variable
	go func() { x.Store(1); x.Store(2) }()
	each(2, func(int) { x.Load() })
}

func twoWritersReaders2() {
	var x variable
	each(2, func(i int) { x.Store(int32(i)) })
	each(2, func(int) { x.Load() })
}

func manywrite2() {
	var v [4]variable
	each(8, func(i int) { v[i%4].Store(int32(i)) })
}
