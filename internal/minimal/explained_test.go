package minimal

import (
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/sim"
)

var number = regexp.MustCompile(`[0-9]+`)

// TestExplained holds the words, with N for each number, since which of several goroutines it is hangs on the schedule found.
func TestExplained(t *testing.T) {
	if kernel.Race {
		t.Skip("with the race detector some of them are data races, which are explained by other pairs")
	}
	late := "Too late from step N on: all N schedules that go on from there, with at most N more preemption, fail; one that leaves before it passes.\n"
	for _, tt := range []struct {
		name string
		body func(t *sim.T)
		want string
	}{
		{"twostage", twoStage(1, 1), "Decisive: lock mutex N (step N, bodies_test.go:N) comes before lock mutex N (of goroutine N, still to come, bodies_test.go:N). " +
			"The other way round this schedule passes.\nUntil the last step there is a way out.\n"},
		{"deadlock", deadlock01, "Decisive: lock mutex N (step N, bodies_test.go:N) comes before lock mutex N (of goroutine N, still to come, bodies_test.go:N). " +
			"The other way round this schedule passes.\nUntil the last step there is a way out.\n"},
		{"lost update", lostUpdate(2), "Decisive: load var N (step N, bodies_test.go:N) comes before store var N (step N, bodies_test.go:N). " +
			"The other way round this schedule passes.\n" + late},
		{"send after close", sendAfterClose, "Decisive: close chan N (step N, bodies_test.go:N) comes before send chan N (step N, bodies_test.go:N). " +
			"The other way round this schedule passes.\n" + late},
		{"leak in any case", func(t *sim.T) { go func() { <-make(chan int) }() },
			"Every schedule fails: all N with at most N preemption were run.\n"},
	} {
		r, err := sim.Config{Name: tt.name}.Explore(tt.body)
		if err != nil {
			t.Fatal(err)
		}
		if r.OK() {
			t.Fatalf("%s: nothing found", tt.name)
		}
		f := r.Failures[0]
		if got := number.ReplaceAllString(f.Why.String(), "N"); got != tt.want {
			t.Errorf("%s:\n%s\ngot  %s\nwant %s", tt.name, f.Trace, got, tt.want)
		}
		again, err := sim.Config{Name: tt.name, Replay: f.Token}.Explore(tt.body)
		if err != nil {
			t.Fatal(err)
		}
		if again.OK() || again.Failures[0].Why.String() != f.Why.String() {
			t.Errorf("%s: replayed, it is explained as %v", tt.name, again.Failures)
		}
	}
}

// TestNoPair: a worker sleeps longer than its owner waits, in whatever order they take their turns.
func TestNoPair(t *testing.T) {
	r, err := sim.Config{Name: "late"}.Explore(func(t *sim.T) {
		var mu sync.Mutex
		closed := false
		for range 2 {
			go func() {
				time.Sleep(2 * time.Second)
				mu.Lock()
				defer mu.Unlock()
				if closed {
					t.Error("closed")
				}
			}()
		}
		look := func() { mu.Lock(); defer mu.Unlock() }
		go look()
		look()
		time.Sleep(time.Second)
		mu.Lock()
		closed = true
		mu.Unlock()
		time.Sleep(time.Hour)
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "No two of these operations decide: the one pair that can come the other way round does, and it fails as well.\n"
	if got := number.ReplaceAllString(r.Failures[0].Why.String(), "N"); !strings.HasPrefix(got, want) {
		t.Errorf("%s\n%s", r.Failures[0].Trace, got)
	}
}
