package matrix

import (
	"github.com/lastcall-go/lastcall/sim"
)

// A ledger keeps what was accepted, what ran and what has ended in one schedule, and holds it to the oracles.
//
// Its methods are no operations, so they add no interleavings, and they are hidden from the race detector, which would
// take them for races of the program's.
type ledger struct {
	t      *sim.T
	silent bool // the column's post says nothing of whether it was accepted
	strict bool // losses fail the schedule; else they are counted
	lost   *losses

	closed  bool
	running int // callbacks that have begun and not ended
	posts   []*posted
	jobs    []*tracked
}

// losses counts what was lost in the schedules of an exploration: those that its strategy asked for, and not those that are run again to
// minimise and to explain a failure.
type losses struct {
	armed     bool
	schedules int // in which something was lost
	most      int // in one of them
}

// arm says that the next schedule counts.
//
//go:norace
func (l *losses) arm() { l.armed = true }

// take returns l if the schedule counts, else losses that nobody looks at.
//
//go:norace
func (l *losses) take() *losses {
	if !l.armed {
		return new(losses)
	}
	l.armed = false
	return l
}

// posted is a callback that was given to the column.
type posted struct {
	late     bool // close had returned before
	accepted bool
	ran      bool
}

// tracked is a job that was given to the column.
type tracked struct {
	name      string
	job       job
	began     bool
	returned  bool
	cancelled bool // the column said that it will not run
}

//go:norace
func (l *ledger) give() *posted {
	e := &posted{late: l.closed}
	l.posts = append(l.posts, e)
	return e
}

// taken notes what the column said of a post.
//
//go:norace
func (l *ledger) taken(e *posted, err error) {
	_, accepted := err.(unanswered)
	e.accepted = err == nil || accepted
	if e.accepted && e.late && !l.silent {
		l.t.Errorf("%s: a post was accepted after close had returned", AfterClose)
	}
}

//go:norace
func (l *ledger) begin(e *posted) {
	if e.ran {
		l.t.Errorf("%s: a callback ran twice", Once)
	}
	if l.closed {
		l.t.Errorf("%s: a callback began after close had returned", AfterClose)
	}
	e.ran = true
	l.running++
}

//go:norace
func (l *ledger) end() { l.running-- }

// hasClosed notes that close has returned without an error.
//
//go:norace
func (l *ledger) hasClosed() {
	if l.running > 0 {
		l.t.Errorf("%s: a callback was running when close returned", AfterClose)
	}
	l.closed = true
}

//go:norace
func (l *ledger) hire(name string) *tracked {
	j := &tracked{name: name}
	l.jobs = append(l.jobs, j)
	return j
}

//go:norace
func (l *ledger) jobBegins(j *tracked) {
	if j.began {
		l.t.Errorf("%s: job %s ran twice", Once, j.name)
	}
	if j.cancelled {
		l.t.Errorf("%s: job %s began although cancel had said that it would not", Once, j.name)
	}
	j.began = true
}

//go:norace
func (l *ledger) jobReturns(j *tracked) { j.returned = true }

//go:norace
func (l *ledger) jobCancelled(j *tracked, ok bool) { j.cancelled = ok }

// uncaught notes what was raised where nobody catches it.
func (l *ledger) uncaught(message string, err error) {
	if message != "" {
		message += ": "
	}
	l.t.Errorf("%s: %s%v", Uncaught, message, err)
}

// audit is for when everything is over.
//
//go:norace
func (l *ledger) audit(s system) {
	if n := s.left(); n > 0 && !l.silent {
		l.t.Errorf("%s: a closed loop's queue holds %d", AfterClose, n)
		return
	}
	callbacks := l.unrun() - s.told()
	jobs := l.unended()
	n := callbacks + jobs
	if n == 0 {
		return
	}
	if l.strict {
		l.t.Errorf("%s: accepted, and neither run nor its owner told: %d callbacks, %d results of jobs", Lost, callbacks, jobs)
		return
	}
	l.lost.schedules++
	l.lost.most = max(l.lost.most, n)
}

//go:norace
func (l *ledger) unrun() int {
	n := 0
	for _, e := range l.posts {
		if e.accepted && !e.ran {
			n++
		}
	}
	return n
}

//go:norace
func (l *ledger) unended() int {
	n := 0
	for _, j := range l.jobs {
		ended, err := j.job.ended()
		if !ended {
			n++
		} else if err == nil && !j.returned {
			l.t.Errorf("%s: job %s has a result and has not returned", Once, j.name)
		}
	}
	return n
}
