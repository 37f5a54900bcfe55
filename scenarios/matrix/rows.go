package matrix

import (
	"context"
	"runtime"
	"time"
)

// A row is what the user's program does.
type row struct {
	name     string
	what     string // in a few words
	programs []program
}

// A program is one form of a row. It is written once, for all columns.
//
// Where a job is to end just as the loop is closed, it meets the main thread on a channel without room before it returns: both go on
// from there, in any order. Nothing sleeps where order is the question.
type program struct {
	variant string // "" where the row has but one
	workers int
	timeout bool // it needs a graceful shutdown with a timeout
	run     func(p *play)
}

// rows returns the rows, in order.
func rows() []row {
	return []row{
		{"R1 cancel, stop, close", "2 jobs, 1 fails; cancel the other, stop, close",
			[]program{{workers: 2, run: cancelStopClose}}},
		{"R2 wait, then close", "2 jobs, 1 fails; set a flag, wait for all, close",
			[]program{{workers: 2, run: waitThenCloseRow}}},
		{"R3 no close", "2 jobs, 1 fails; cancel the other, stop",
			[]program{{workers: 2, run: noCloseRow}}},
		{"R4 cancel, then wait", "2 jobs, 1 fails; cancel the other, wait for all, close",
			[]program{{workers: 2, run: cancelThenWait}}},
		{"R5 cancel queued", "1 job that is queued; cancel it, close at once",
			[]program{{workers: 1, run: cancelQueued}}},
		{"R6 result on its way", "2 jobs, 1 fails; close while the other ends",
			[]program{{workers: 2, run: resultOnItsWay}}},
		{"R7 graceful", "jobs that run; a graceful shutdown, close", []program{
			{variant: "no limit", workers: 2, run: graceful},
			{variant: "timeout", workers: 1, timeout: true, run: gracefulTimeout},
		}},
		{"R8 post from outside", "a thread posts while the loop is closed",
			[]program{{workers: 1, run: postFromOutside}}},
		{"R9 post in the drain", "a callback posts while the loop drains",
			[]program{{workers: 1, run: postInTheDrain}}},
		{"R10 worker asks", "a worker asks the loop while the loop waits for it",
			[]program{{workers: 1, run: workerAsks}}},
		{"R11 two closers", "close while another closes", []program{
			{variant: "at once", workers: 1, run: twoClosers},
			{variant: "callback", workers: 1, run: closeFromCallback},
			{variant: "worker", workers: 1, run: closeFromWorker},
		}},
		{"R12 timer due", "a timer is due at the instant of the close", []program{
			{variant: "stopped then", workers: 1, run: timerAtStop},
			{variant: "closed then", workers: 1, run: timerAtClose},
		}},
		{"R13 caller waits", "a thread asks the loop and waits while it is closed",
			[]program{{workers: 1, run: callerWaits}}},
	}
}

// oneFails submits two jobs, of which the first fails, and returns when it has. The second has begun; it ends when somebody meets it
// at ends.
func (p *play) oneFails() (second *tracked, ends <-chan struct{}) {
	begun, failing, end := make(chan struct{}), make(chan struct{}), make(chan struct{})
	a := p.submit("a", func(context.Context) error {
		<-begun
		close(failing)
		return errBoom
	})
	b := p.submit("b", func(context.Context) error {
		close(begun)
		<-failing
		end <- struct{}{}
		return nil
	})
	p.firstError(a, b)
	return b, end
}

// cancelStopClose is the question's program.
func cancelStopClose(p *play) {
	b, ends := p.oneFails()
	<-ends
	p.cancel(b)
	p.turn()
	p.finish()
}

// waitThenCloseRow is the first answer.
func waitThenCloseRow(p *play) {
	flag := make(chan struct{})
	a := p.submit("a", func(context.Context) error { return errBoom })
	b := p.submit("b", func(context.Context) error { <-flag; return nil })
	p.firstError(a, b)
	close(flag)
	p.must(p.all(a, b))
	p.finish()
}

// noCloseRow is the question's program without close, in a process that lives on.
func noCloseRow(p *play) {
	b, ends := p.oneFails()
	<-ends
	p.cancel(b)
	p.turn()
}

func cancelThenWait(p *play) {
	b, ends := p.oneFails()
	<-ends
	p.cancel(b)
	p.must(p.all(b))
	p.finish()
}

// cancelQueued has one worker, which is busy with something that is not the loop's.
func cancelQueued(p *play) {
	busy, over := make(chan struct{}), make(chan struct{})
	p.sys.occupy(func() { close(busy); <-over })
	<-busy
	b := p.submit("b", func(context.Context) error { return nil })
	p.cancel(b)
	close(over)
	p.finish()
}

func resultOnItsWay(p *play) {
	_, ends := p.oneFails()
	<-ends
	p.finish()
}

func graceful(p *play) {
	_, ends := p.oneFails()
	<-ends
	p.must(p.sys.shutdown(0))
	p.finish()
}

// gracefulTimeout has a job that goes on until the shutdown has given up.
func gracefulTimeout(p *play) {
	begun, over, end := make(chan struct{}), make(chan struct{}), make(chan struct{})
	p.submit("b", func(context.Context) error {
		close(begun)
		<-over
		end <- struct{}{}
		return nil
	})
	<-begun
	p.sys.shutdown(time.Second) // what it returns says that it gave up
	close(over)
	<-end
	p.finish()
}

// beside starts a thread that meets the main one and then does f. What is returned waits for its end.
func beside(f func()) (join func()) {
	meet, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		meet <- struct{}{}
		runtime.Gosched() // or what f does first would be seen as done when they met
		f()
	}()
	<-meet
	return func() { <-over }
}

func postFromOutside(p *play) {
	post := p.sys.outside()
	join := beside(func() { p.post(post, nothing) })
	p.must(p.close())
	join()
	p.finish()
}

func postInTheDrain(p *play) {
	p.must(p.post(p.sys.post, func() { p.post(p.sys.post, nothing) }))
	p.must(p.sys.shutdown(0))
	p.finish()
}

func workerAsks(p *play) {
	ask := p.sys.asker()
	p.submit("b", func(ctx context.Context) error { return p.ask(ctx, ask) })
	p.must(p.sys.shutdown(0))
	p.finish()
}

// twoClosers has a callback in the queue, so that a close that drains takes a while.
func twoClosers(p *play) {
	p.must(p.post(p.sys.post, nothing))
	join := beside(func() { p.close() })
	p.close()
	join()
	p.finish()
}

func closeFromCallback(p *play) {
	p.must(p.post(p.sys.post, func() { p.close() }))
	p.turn()
	p.finish()
}

func closeFromWorker(p *play) {
	over := make(chan struct{})
	b := p.submit("b", func(context.Context) error {
		defer close(over)
		return p.close()
	})
	p.all(b) // or be told that the loop is closed, or about to be
	<-over
	p.finish()
}

// timerAtStop runs the loop, and a thread stops it as the timer is due.
func timerAtStop(p *play) {
	p.after(time.Second, nothing)
	join := beside(func() {
		time.Sleep(time.Second)
		p.sys.stop()
	})
	p.must(p.sys.run())
	join()
	p.finish()
}

// timerAtClose closes a loop that nobody runs as the timer is due.
func timerAtClose(p *play) {
	p.after(time.Second, nothing)
	time.Sleep(time.Second)
	p.finish()
}

func callerWaits(p *play) {
	ask := p.sys.asker()
	join := beside(func() { p.ask(context.Background(), ask) })
	p.must(p.close())
	join()
	p.finish()
}
