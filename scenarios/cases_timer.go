package scenarios

import (
	"context"
	"time"
)

// Cases of timers that are due as something else happens.

const due = time.Millisecond

func timerCases() []Case {
	return []Case{
		{
			Name:   "a timer is cleared as it fires",
			What:   "A timer is due at the instant at which it is cleared, and another is not cleared. What was cleared does not run, the other does, once.",
			lacks:  noAfter,
			script: clearTimer,
		},
		{
			Name:   "a timer fires as the subject is closed",
			What:   "A timer of the subject's is due at the instant of the Close.",
			lacks:  noAfter,
			script: timerAgainstClose,
		},
		{
			Name: "a timer posts at the instant of the Close",
			What: "time.AfterFunc posts a task at the instant at which the subject is closed. It is taken or late.",
			Need: "what becomes of a Post after Close", promised: saysPostAfterClose,
			script: timedPostAgainstClose,
		},
	}
}

// after sets a timer. It returns what clears it.
func (x *trial) after(j *job) (clear func()) {
	var stop func() bool
	x.handOver(j, func() (err error) {
		stop, err = x.s.After(due, func() { x.run(j) })
		return err
	})
	return func() {
		x.excuse(j)
		if stop != nil && stop() {
			x.judgeCleared(j)
		}
	}
}

func clearTimer(x *trial) {
	cleared, kept := x.timer("cleared timer"), x.timer("timer")
	x.turn()
	clear := x.setTimers(cleared, kept)
	x.start("the clearing of a timer", func() {
		time.Sleep(due)
		clear()
	})
	x.settle()
	x.shut()
}

func timerAgainstClose(x *trial) {
	a, b := x.timer("timer 1"), x.timer("timer 2")
	x.turn()
	x.setTimers(a, b)
	x.start("Close", func() {
		time.Sleep(due)
		x.close(context.Background())
	})
	x.settle()
}

// setTimers sets timers that are due at one instant, and returns what clears the first.
func (x *trial) setTimers(js ...*job) (clear func()) {
	c := x.start("After", func() {
		clear = x.after(js[0])
		for _, j := range js[1:] {
			x.after(j)
		}
	})
	if !x.until(c.done) {
		x.judgeSettled()
	}
	return clear
}

// timer makes a job for After, which no Close has to wait for.
func (x *trial) timer(name string) *job {
	j := x.job(name)
	j.mayBeDropped()
	return j
}

func timedPostAgainstClose(x *trial) {
	j, other := x.job("task"), x.job("other task")
	x.turn()
	for _, j := range []*job{j, other} {
		posted := make(chan struct{})
		time.AfterFunc(due, func() {
			x.post(j)
			close(posted)
		})
		x.start("Post of "+j.name, func() { <-posted })
	}
	x.start("Close", func() {
		time.Sleep(due)
		x.close(context.Background())
	})
	x.settle()
}
