package hard

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// large are bodies of much, and of much that meets.
var large = map[string]func(){
	"10,000 goroutines": func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		n := 0
		for range 10_000 {
			wg.Go(func() { mu.Lock(); n++; mu.Unlock() })
		}
		wg.Wait()
		must(n == 10_000)
	},
	"2,000 timers of one instant": func() {
		var wg sync.WaitGroup
		wg.Add(2000)
		for range 2000 {
			time.AfterFunc(time.Second, wg.Done)
		}
		wg.Wait()
	},
	"timers that arm timers": func() {
		var n atomic.Int32
		var again func()
		done := make(chan int)
		again = func() {
			if n.Add(1) == 200 {
				close(done)
			} else if n.Load() < 200 {
				time.AfterFunc(time.Millisecond, again)
				time.AfterFunc(time.Millisecond, again).Stop()
			}
		}
		again()
		<-done
	},
	"stacks that grow at an operation": func() {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() { deep(&mu, 400) })
		}
		wg.Wait()
	},
	"a select with 100 cases": func() {
		c := make([]chan int, 100)
		for i := range c {
			c[i] = make(chan int, i%2)
		}
		go func() { c[73] <- 73; c[42] <- 42 }()
		must(select100(c)+select100(c) == 73+42)
		cases := make([]reflect.SelectCase, 100)
		for i := range cases {
			cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c[i])}
		}
		go func() { c[99] <- 99 }()
		i, v, ok := reflect.Select(cases)
		must(i == 99 && v.Int() == 99 && ok)
	},
	"channels of channels": func() {
		c := make(chan chan chan int)
		go func() {
			d := make(chan chan int)
			c <- d
			e := make(chan int)
			d <- e
			e <- 1
		}()
		must(<-<-<-c == 1)
	},
	"a channel with much room": func() {
		c := make(chan [16]int, 1<<16)
		go func() {
			for range 100 {
				c <- [16]int{}
			}
			close(c)
		}()
		n := 0
		for range c {
			n++
		}
		must(n == 100)
	},
	"Signal and Broadcast mixed": func() {
		c := sync.NewCond(new(sync.Mutex))
		ready, taken := 0, 0
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				c.L.Lock()
				for ready == 0 {
					c.Wait()
				}
				ready--
				taken++
				c.L.Unlock()
			})
		}
		for i := range 6 {
			c.L.Lock()
			ready++
			c.L.Unlock()
			if i%2 == 0 {
				c.Signal()
			} else {
				c.Broadcast()
			}
		}
		wg.Wait()
		must(taken == 6)
	},
	"a WaitGroup used again": func() {
		var wg sync.WaitGroup
		n := 0
		for range 5 {
			for range 3 {
				wg.Go(func() { runtime.Gosched(); n++ })
			}
			wg.Wait()
		}
		must(n == 15)
	},
	"contexts cancelled as their deadlines come": func() {
		var ended atomic.Int32
		root, cancel := context.WithTimeout(context.Background(), time.Second)
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				ctx, stop := context.WithDeadline(root, time.Now().Add(time.Duration(1+i%2)*time.Second))
				context.AfterFunc(ctx, func() { ended.Add(1) })
				time.Sleep(time.Second)
				stop()
				<-ctx.Done()
			})
		}
		time.Sleep(time.Second)
		cancel()
		wg.Wait()
		time.Sleep(time.Second)
		must(ended.Load() == 4)
	},
	"collections": func() {
		var wg sync.WaitGroup
		m := map[*[64]byte]int{}
		var mu sync.Mutex
		for i := range 4 {
			wg.Go(func() {
				for range 10 {
					p := new([64]byte)
					mu.Lock()
					m[p] = i
					mu.Unlock()
				}
				runtime.GC()
			})
		}
		wg.Wait()
		must(len(m) == 40)
	},
	"a command": func() {
		runtime.Gosched() // a step, to which what the command does might be reckoned
		out, err := exec.Command("echo", "from outside").Output()
		must(err == nil && string(out) == "from outside\n")
	},
}

func must(ok bool) {
	if !ok {
		panic("it does not hold")
	}
}

func deep(mu *sync.Mutex, n int) (sum int) {
	var pad [32]int
	mu.Lock()
	pad[n%32] = n
	mu.Unlock()
	if n > 0 {
		sum = deep(mu, n-1)
	}
	return sum + pad[n%32]
}

func TestLarge(t *testing.T) {
	for name, body := range large {
		t.Run(name, func(t *testing.T) {
			n := 10
			if strings.Contains(name, ",000") || testing.Short() {
				n = 1
			}
			twice(t, n, body)
		})
	}
}

// TestUnderStress runs the same where the collector comes at every opportunity and checks itself, and on more processors. With LASTCALL_LONG=1 in all of
// these ways, else in the three that have most to find.
func TestUnderStress(t *testing.T) {
	if testing.Short() {
		t.Skip("starts this test's binary again several times")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ways := []string{
		"GODEBUG=clobberfree=1,invalidptr=1 GOGC=1", "GOMAXPROCS=8", "GOMAXPROCS=1",
		"GOGC=1", "GODEBUG=gccheckmark=1 GOGC=5", "GODEBUG=gcstoptheworld=1 GOGC=1", "GODEBUG=gcstoptheworld=2 GOGC=5", "GODEBUG=asyncpreemptoff=1",
	}
	if os.Getenv("LASTCALL_LONG") == "" {
		ways = ways[:3]
	}
	for _, env := range ways {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // not its own timeout alone: a collector that hangs lets no timer fire
		defer cancel()
		cmd := exec.CommandContext(ctx, self, "-test.run=^(TestLarge|TestParallel)$", "-test.short", "-test.timeout=90s")
		cmd.WaitDelay = time.Second
		cmd.Env = append(os.Environ(), strings.Fields(env)...)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS") {
			t.Errorf("with %s: %v\n%s", env, err, out)
		}
	}
}

// meeting is a lock of a package variable, in which bubbles of several tests meet.
var meeting struct {
	sync.Mutex
	n int
}

func TestParallel(t *testing.T) {
	for i := range 6 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			m := scheduler.NewMachine()
			s := scheduler.Random(uint64(i))
			for range 200 {
				r, _ := s.Next()
				res := m.Run(r, func() {
					var wg sync.WaitGroup
					for range 3 {
						wg.Go(func() {
							meeting.Lock()
							defer meeting.Unlock()
							runtime.Gosched()
							meeting.n++
						})
					}
					wg.Wait()
				}, scheduler.Options{Steps: 1000})
				if res.Kind != "" {
					t.Fatal(res.Kind, res.Message)
				}
			}
		})
	}
	t.Cleanup(func() {
		if meeting.n%18 != 0 || meeting.n == 0 {
			t.Errorf("%d times in the lock", meeting.n)
		}
	})
}

// TestSimParallel: the same through package sim, some of whose bubbles fail.
func TestSimParallel(t *testing.T) {
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			r, err := sim.Config{Name: t.Name(), Schedules: 50, KeepGoing: true}.Explore(func(t *sim.T) {
				go func() { meeting.Lock(); defer meeting.Unlock(); runtime.Gosched() }()
				if i%2 == 0 {
					panic("as expected")
				}
				runtime.Gosched()
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range r.Failures {
				if f.Kind != sim.Leak && (i%2 != 0 || f.Kind != sim.Panic) {
					t.Errorf("%s: %s", f.Kind, f.Message)
				}
			}
			if i%2 == 0 && r.Failing == 0 {
				t.Error("nothing failed")
			}
		})
	}
}
