package reap

import (
	"iter"
	"runtime"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/stretchr/testify/require"
)

// left counts what the coroutines of a schedule did when they were ended.
type left struct {
	begun, ended, after int
	next                []func() (int, bool)
	stop                []func()
}

// pull makes a coroutine and lets it come to its n-th value.
func (l *left) pull(n int) {
	next, stop := iter.Pull(func(yield func(int) bool) {
		l.begun++
		defer func() { l.ended++ }()
		for i := 0; yield(i); i++ {
		}
		l.after++ // it was told to stop
	})
	for range n {
		next()
	}
	l.next, l.stop = append(l.next, next), append(l.stop, stop)
}

// coroutines are bodies that leave coroutines which are switched out. begun is how many have begun, and stopped how many of those are told to
// stop by a deferred call of a goroutine: of those left, the last made is ended first.
var coroutines = []struct {
	name           string
	kind           string
	begun, stopped int
	body           func(l *left)
}{
	{"when the body returns", "", 2, 0, func(l *left) { l.pull(1); l.pull(0); l.pull(3) }},
	{"of a goroutine that has ended", "", 1, 0, func(l *left) {
		var wg sync.WaitGroup
		wg.Go(func() { l.pull(2) })
		wg.Wait()
	}},
	{"stopped in a deferred call", scheduler.KindDeadlock, 2, 1, func(l *left) {
		l.pull(1)
		l.pull(1)
		defer l.stop[1]()
		select {}
	}},
	{"in the middle of one", scheduler.KindDeadlock, 2, 0, func(l *left) {
		next, _ := iter.Pull2(func(yield func(int, int) bool) {
			l.begun++
			defer func() { l.ended++ }()
			l.pull(1)
			select {}
		})
		next()
	}},
	{"one made by another", "", 2, 0, func(l *left) {
		next, _ := iter.Pull(func(yield func(int) bool) {
			l.begun++
			defer func() { l.ended++ }()
			l.pull(1)
			defer l.stop[0]()
			yield(1)
		})
		next()
	}},
	{"one that switches out another", "", 2, 0, func(l *left) {
		next, _ := iter.Pull(func(yield func(int) bool) {
			l.begun++
			defer func() { l.ended++ }()
			inner, _ := iter.Pull(func(func(int) bool) {
				l.begun++
				defer func() { l.ended++ }()
				yield(1)
			})
			inner()
		})
		next()
	}},
	{"with deferred calls that wait, panic and go on", "", 3, 0, func(l *left) {
		for _, f := range []func(next func() (int, bool)){
			func(func() (int, bool)) { <-make(chan int) },
			func(func() (int, bool)) { panic("in a deferred call") },
			func(next func() (int, bool)) { next() },
		} {
			var next func() (int, bool)
			next, _ = iter.Pull(func(yield func(int) bool) {
				l.begun++
				defer func() { l.ended++ }()
				defer func() { f(next) }()
				yield(1)
			})
			next()
		}
	}},
	{"when it has failed", scheduler.KindPanic, 1, 0, func(l *left) { l.pull(1); panic("as expected") }},
}

// TestCoroutines: a coroutine of iter.Pull that is switched out when a schedule is over is ended where it stands, its deferred calls run, and
// its memory is given back, 13 KB of it. Whoever kept its functions finds it done.
func TestCoroutines(t *testing.T) {
	schedules, limit := 20_000, 16<<20
	if kernel.Race {
		limit = 64 << 20 // the detector keeps something of each schedule
	}
	if testing.Short() {
		schedules = 3000
	}
	for _, tt := range coroutines {
		t.Run(tt.name, func(t *testing.T) {
			m, s := scheduler.NewMachine(), scheduler.Random(1)
			goroutines, races, memory := runtime.NumGoroutine(), kernel.RaceErrors(), 0
			for i := range schedules {
				var l left
				run, _ := s.Next()
				r := m.Run(run, func() { tt.body(&l) }, scheduler.Options{Steps: 1000})
				require.Equal(t, tt.kind, r.Kind, "%s", r.Message)
				require.Equal(t, []int{tt.begun, tt.begun, tt.stopped}, []int{l.begun, l.ended, l.after}, "begun, ended, stopped")
				for j, next := range l.next {
					v, ok := next()
					require.Equal(t, []any{0, false}, []any{v, ok})
					l.stop[j]()
				}
				if i == schedules/10 {
					memory = resident(t)
				}
			}
			if grown := resident(t) - memory; grown > limit {
				t.Errorf("%d schedules grew the process by %d KiB", schedules, grown>>10)
			} else {
				t.Logf("grown by %d KiB", grown>>10)
			}
			if n := kernel.RaceErrors() - races; n > 0 {
				t.Errorf("%d data races reported", n)
			}
			if n := runtime.NumGoroutine(); n > goroutines+1 { // the watchdog's
				t.Errorf("%d goroutines, and there were %d", n, goroutines)
			}
		})
	}
}
