package body

import "sync/atomic"

// Classics are programs with a published number of classes. Each starts its goroutines with a call of spawn, which also waits for the ends of those that are
// numbered, and calls point before each operation on what they share: a scheduler that does not see the operations stops them there.
var Classics = []struct {
	Name    string
	Classes int
	Body    func(spawn func(n int, f func(int)), point func())
}{
	{"readers(13)", 8192, readers},
	{"lastzero(10)", 3328, lastzero},
	{"inc(4)", 576, inc},
}

func readers(spawn func(int, func(int)), point func()) {
	var x atomic.Int32
	spawn(14, func(i int) {
		if point(); i == 0 {
			x.Store(1)
		} else {
			x.Load()
		}
	})
}

func lastzero(spawn func(int, func(int)), point func()) {
	const n = 10
	var a [n + 1]atomic.Int32
	spawn(n+1, func(j int) {
		if j > 0 {
			point()
			v := a[j-1].Load()
			point()
			a[j].Store(v + 1)
			return
		}
		for i := n; ; i-- {
			if point(); a[i].Load() == 0 {
				return
			}
		}
	})
}

func inc(spawn func(int, func(int)), point func()) {
	var x atomic.Int32
	spawn(4, func(int) {
		point()
		v := x.Load()
		point()
		x.Store(v + 1)
	})
}
