// Package reap holds that what a failing schedule leaves is ended and given back.
package reap

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	sim.Ensure()
	goleak.VerifyTestMain(m)
}

// bodies deadlock, each with goroutines that wait in other kinds of queue.
var bodies = map[string]func(){
	"mutexes": func() {
		var a, b sync.Mutex
		var wg sync.WaitGroup
		wg.Add(2)
		go func() { defer wg.Done(); a.Lock(); b.Lock(); select {} }()
		go func() { defer wg.Done(); b.Lock(); a.Lock(); select {} }()
		wg.Wait()
	},
	"channels, a condition variable": func() {
		c, d := make(chan int), make(chan int)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go func() { c <- 1; c <- 1 }()
		go func() {
			select {
			case <-d:
			case <-ctx.Done():
			}
		}()
		cond := sync.NewCond(new(sync.Mutex))
		cond.L.Lock()
		go func() { time.Sleep(time.Second); <-c }()
		cond.Wait()
	},
	"deferred calls that wait and start": func() {
		c := make(chan int)
		go func() {
			defer func() { <-c }()
			defer func() { go func() { c <- 1 }() }()
			<-c
		}()
		<-c
		select {}
	},
}

// TestMemory: a million failing schedules (LASTCALL_SCHEDULES=1000000; fewer by default) grow the process by less than 50 MiB after the first 10,000.
func TestMemory(t *testing.T) {
	const first, limit = 10_000, 50 << 20
	n := 30_000
	if v := os.Getenv("LASTCALL_SCHEDULES"); v != "" {
		var err error
		if n, err = strconv.Atoi(v); err != nil || n <= first {
			t.Fatalf("LASTCALL_SCHEDULES=%s: want a number above %d", v, first)
		}
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			m, s := scheduler.NewMachine(), scheduler.Random(1)
			base := 0
			for i := range n {
				run, _ := s.Next()
				if r := m.Run(run, body, scheduler.Options{Steps: 10_000}); r.Kind != scheduler.KindDeadlock {
					t.Fatalf("schedule %d: %q %s", i, r.Kind, r.Message)
				}
				if i == first {
					base = resident(t)
				}
			}
			grown := resident(t) - base
			t.Logf("%d schedules, grown by %d KiB", n, grown>>10)
			if grown > limit {
				t.Errorf("grown by %d bytes", grown)
			}
		})
	}
}

// resident is the process's resident memory in bytes.
func resident(t *testing.T) int {
	runtime.GC()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skipf("resident memory is read from /proc: %v", err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// TestLockedThread: a goroutine that ends while it is locked to its thread does not take the world with it.
func TestLockedThread(t *testing.T) {
	sim.Config{Schedules: 200}.Test(t, func(*sim.T) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				runtime.LockOSThread()
				mu.Lock()
				mu.Unlock()
			})
		}
		wg.Wait()
	})
}

// TestUnusedToken: a token that no exploration takes fails the process also where TestMain is not sim.Main.
func TestUnusedToken(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		token string
		run   string
		want  string // "" means that it passes
	}{
		{(&scheduler.Schedule{Name: "elsewhere"}).Token(), "^TestLockedThread$", `the token is of the exploration "elsewhere", and none of that name ran (those that ran: ["TestLockedThread"])`},
		{(&scheduler.Schedule{Name: "elsewhere"}).Token(), "^$", `none of that name ran`},
		{"", "^TestLockedThread$", ""},
	} {
		cmd := exec.Command(self, "-test.run="+tt.run)
		cmd.Env = append(os.Environ(), "SIM_REPLAY="+tt.token)
		out, err := cmd.CombinedOutput()
		if (err == nil) != (tt.want == "") || !strings.Contains(string(out), tt.want) {
			t.Errorf("%q with -run %s: %v\n%s", tt.token, tt.run, err, out)
		}
	}
}
