package scenarios

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing/synctest"
	"time"

	"github.com/lastcall-go/lastcall/sim"
)

// trial is one schedule of a case. The case's script runs on the bubble's main goroutine; each call of the subject that may wait is made
// by a goroutine of its own, so that the script can tell what hangs.
type trial struct {
	t *sim.T
	s Subject
	c Contract
	ledger
	patience time.Duration
	actors   []*actor
	tolerate func() // what is left when the case ends is no leak
}

// actor is a goroutine of the case.
type actor struct {
	what     string
	finished bool
	runs     bool // the subject, until it is closed
}

// rounds is how often patience is tried. A strategy may let the clock overtake goroutines that could go on; each round ends when
// everybody stands still, so that a hang is never a matter of who was slow.
const rounds = 4

// taskPanic is what a task panics with where a case has it do so.
type taskPanic struct{}

func (taskPanic) Error() string { return "the task panics, as the case has it" }

// job makes a job. The script makes all of them before anything runs.
func (x *trial) job(name string) *job {
	j := &job{name: name}
	x.jobs = append(x.jobs, j)
	return j
}

// queued makes n tasks that wait for gates, as many as a small subject has workers or more, and n that do not. Posted in
// that order, some of them are queued.
func (x *trial) queued(n int) (gated, all []*job) {
	for i := range n {
		gated = append(gated, x.gated(fmt.Sprintf("task %d", i+1)))
	}
	return gated, append(slices.Clip(gated), x.jobsOf(n, "queued task")...)
}

// gated makes a job that waits for a gate, which the script or an actor opens.
func (x *trial) gated(name string) *job {
	j := x.job(name)
	j.gate = make(chan struct{})
	return j
}

// jobsOf makes n jobs.
func (x *trial) jobsOf(n int, name string) []*job {
	js := make([]*job, n)
	for i := range js {
		js[i] = x.job(fmt.Sprintf("%s %d", name, i+1))
	}
	return js
}

// start has a goroutine do something, and x.settle wait for its end.
func (x *trial) start(what string, f func()) *actor {
	a := &actor{what: what}
	x.actors = append(x.actors, a)
	go func() {
		f()
		a.finish()
	}()
	return a
}

//go:norace
func (a *actor) finish() { a.finished = true }

//go:norace
func (a *actor) done() bool { return a.finished }

// run is what the subject is given.
func (x *trial) run(j *job) {
	x.visible()
	x.begin(j)
	x.judgeBegin(j)
	if j.body != nil {
		j.body()
	}
	if j.gate != nil {
		<-j.gate
	}
	x.visible()
	x.end(j)
	if j.finale != nil {
		j.finale()
	}
}

// post calls Post.
func (x *trial) post(j *job) { x.handOver(j, func() error { return x.s.Post(func() { x.run(j) }) }) }

// work calls Go.
func (x *trial) work(ctx context.Context, j *job) {
	j.mayBeDropped()
	x.handOver(j, func() error { return x.s.Go(ctx, func(context.Context) { x.run(j) }) })
}

func (x *trial) handOver(j *job, f func() error) {
	x.posting(j)
	err, panicked := x.guarded(x.c.PostAfterClose == Panic, f)
	if panicked && !x.wasCloseCalled() {
		x.t.Errorf("panic: Post of %s panicked (%v), and nobody has called Close", j, err)
	}
	x.posted(j, err, panicked)
	x.judgePosted(j)
}

// guarded calls f, and takes a panic for an outcome where the contract has it as one.
func (x *trial) guarded(may bool, f func() error) (err error, panicked bool) {
	if may {
		defer func() {
			switch v := recover().(type) {
			case nil:
			case taskPanic:
				panic(v)
			default:
				err, panicked = fmt.Errorf("panic: %v", v), true
			}
		}()
	}
	return f(), false
}

// close calls Close. It reports what came of it.
func (x *trial) close(ctx context.Context) (err error, panicked bool) {
	x.closing(false)
	err, panicked = x.guarded(x.c.CloseTwice == Panic, func() error { return x.s.Close(ctx) })
	x.visible()
	switch {
	case panicked && !x.closedTwice():
		x.t.Errorf("panic: Close panicked (%v), and nobody has called it before%s", err, x.account())
	case err == nil && !panicked:
		x.closed()
		x.judgeClosed()
	case ctx.Err() != nil:
		x.gaveUp()
	}
	return err, panicked
}

// closeInTask calls Close on the goroutine of a task.
func (x *trial) closeInTask() {
	x.closing(true)
	_ = x.s.Close(context.Background()) // whatever it says of being called from there
}

// Actors: what goes on at the same time.

func (x *trial) posts(js ...*job) *actor {
	return x.start("Post of "+names(js), func() {
		for _, j := range js {
			x.post(j)
		}
	})
}

func (x *trial) works(ctx context.Context, j *job) *actor {
	return x.start("Go of "+j.name, func() { x.work(ctx, j) })
}

// fill posts tasks one after the other, each by a goroutine of its own. When it returns, each Post has returned or waits within the subject, and
// the first task has begun: what follows is late for none of them.
func (x *trial) fill(js []*job) {
	for _, j := range js {
		x.posts(j)
		synctest.Wait()
	}
	x.until(js[0].hasBegun)
}

func (x *trial) closer(ctx context.Context) *actor {
	return x.start("Close", func() { x.close(ctx) })
}

// opener opens the gates of js.
func (x *trial) opener(js ...*job) *actor {
	return x.start("the opening of a gate", func() {
		for _, j := range js {
			close(j.gate)
		}
	})
}

// turn has somebody run the subject, if it needs that, and waits until it stands still.
func (x *trial) turn() {
	if x.s.Run == nil {
		return
	}
	x.runner()
	synctest.Wait()
}

// runner runs the subject.
func (x *trial) runner() *actor {
	a := x.start("Run", func() { _ = x.s.Run() }) // the error of a Run that a Close came before is its own affair
	a.runs = true
	return a
}

// reopen makes a closed subject usable again.
func (x *trial) reopen() {
	x.forgive()
	x.reopened()
	if x.s.Reopen == nil {
		return
	}
	err := fmt.Errorf("it has not returned")
	if c := x.start("Reopen", func() { err = x.s.Reopen() }); !x.until(c.done) || err != nil {
		x.t.Fatalf("contract: the subject cannot be used again: Reopen: %v", err)
	}
}

// until waits until cond holds and everybody stands still; false says that it came to nothing, although time has passed.
func (x *trial) until(cond func() bool) bool {
	for range rounds {
		synctest.Wait()
		if cond() {
			return true
		}
		time.Sleep(x.patience / rounds)
	}
	synctest.Wait()
	return cond()
}

// settle waits for every call and every job, and says what became of them where that is wrong.
func (x *trial) settle() {
	x.until(x.settled)
	x.judgeSettled()
}

// shut closes the subject as a case ends.
func (x *trial) shut() {
	x.closer(context.Background())
	x.settle()
}

func (x *trial) settled() bool {
	if x.waiting() != "" {
		return false
	}
	for _, j := range x.jobs {
		if j.running() || x.mustRun(j) && !j.hasEnded() {
			return false
		}
	}
	return true
}

// waiting names the calls that have not returned.
func (x *trial) waiting() string {
	var what []string
	for _, a := range x.actors {
		if !a.done() && (x.wasCloseCalled() || !a.runs) {
			what = append(what, a.what)
		}
	}
	return strings.Join(what, ", ")
}

func names(js []*job) string {
	s := make([]string, len(js))
	for i, j := range js {
		s[i] = j.name
	}
	return strings.Join(s, " and ")
}
