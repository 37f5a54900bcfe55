package reap

import (
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

// TestCondAfterReaping: who waits for a condition variable is out of its list once it has been ended, and a deferred Broadcast of one that
// is ended later wakes nobody.
func TestCondAfterReaping(t *testing.T) {
	r, err := sim.Config{Schedules: 300, KeepGoing: true}.Explore(func(t *sim.T) {
		c := sync.NewCond(new(sync.Mutex))
		never, ready := make(chan int), make(chan int, 2)
		go func() {
			defer c.Broadcast()
			ready <- 1
			<-never
		}()
		go func() {
			c.L.Lock()
			ready <- 1
			c.Wait()
		}()
		<-ready
		<-ready
		c.L.Lock() // the second waits
		t.Error("the end")
	})
	if err != nil || r.Failing != 300 {
		t.Fatal(err, r)
	}
}
