package sim_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

// A result that nobody receives leaves its goroutine behind.
func ExampleConfig_Explore() {
	r, err := sim.Config{Name: "first wins"}.Explore(func(t *sim.T) {
		results := make(chan int)
		for i := range 2 {
			go func() { results <- i }()
		}
		t.Log("got", <-results)
	})
	if err != nil {
		panic(err)
	}
	f := r.Failures[0]
	verdict, _, _ := strings.Cut(f.Message, "\n")
	fmt.Printf("%s: %s\n", f.Kind, verdict)
	// Output: Leak: 1 goroutine was left when the body returned
}

// With room for every result all schedules pass, and there are few enough to run them all.
func ExampleReport() {
	r, err := sim.Config{Name: "room for all", Strategy: scheduler.Exhaustive()}.Explore(func(t *sim.T) {
		results := make(chan int, 2)
		for i := range 2 {
			go func() { results <- i }()
		}
		<-results
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(r.OK(), r.Complete, r.Bounded)
	// Output: true true false
}

// The usual form. Sometimes makes sure that the test explores what it is about.
func ExampleTest() {
	_ = func(t *testing.T) { // TestFirstWins
		sim.Test(t, func(t *sim.T) {
			results := make(chan int, 2)
			for i := range 2 {
				go func() { results <- i }()
			}
			t.Sometimes(<-results == 1, "the second was first")
		})
	}
}
