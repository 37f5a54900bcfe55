package lastcall

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lastcall-go/lastcall/loop"
)

// A property is a part of loop's contract that a history must have.
type property struct {
	name     string
	contract int                     // the point of the contract; 0 for what is promised beside it
	broken   func(h *history) string // says how h breaks it, "" where it does not
}

// properties are what loop promises. None asks for a history that is whole: what must not happen must not have happened by then, either.
var properties = []property{
	{"a callback runs once", 1, runsOnce},
	{"what is refused does not run", 1, refusedDoesNotRun},
	{"every accepted callback is accounted for", 1, accountedFor},
	{"Stats add up at every moment", 1, statsAddUp},
	{"a stopped timer does not run", 1, stoppedTimerDoesNotRun},
	{"a future ends, and once", 2, futureEndsOnce},
	{"a future says what became of its work", 2, futureIsTrue},
	{"nothing is accepted once an end has begun", 3, nothingAcceptedAfterwards},
	{"no callback runs after the end", 3, nothingRunsAfterwards},
	{"work whose context has ended does not begin", 2, endedContext},
	{"a late result goes to its future alone", 3, lateResult},
	{"Shutdown joins the workers", 4, shutdownJoins},
	{"Shutdown runs what was accepted", 4, shutdownDrains},
	{"Run carries out a Shutdown from inside", 4, runCarriesOut},
	{"a Shutdown that gives up names what runs", 4, shutdownNames},
	{"Cancel keeps queued work from running", 5, cancelPrevents},
	{"Cancel ends the context of running work", 5, cancelEndsContext},
	{"an end ends the context of running work", 5, endEndsContext},
	{"work is told why its context ended", 5, causeIsTrue},
	{"no call hangs", 6, noCallHangs},
	{"no panic escapes", 6, noPanicEscapes},
	{"nothing is left running", 6, nothingIsLeft},
	{"what would wait for itself is refused", 6, refusedInside},
	{"callbacks run one at a time", 0, oneAtATime},
	{"what is due runs as soon as the loop is free", 0, runsInTime},
	{"posts run in order", 0, postsInOrder},
	{"timers run in order and not early", 0, timersInOrder},
}

// bad formats what is wrong.
func bad(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func runsOnce(h *history) string {
	for i, c := range h.callbacks {
		if c.begins+c.stops > 1+c.resets {
			return bad("callback %d was accepted %d times; it began %d times and was stopped %d times", i, 1+c.resets, c.begins, c.stops)
		}
	}
	for _, w := range h.works {
		if w.begins > 1 {
			return bad("work %d began %d times", w.id, w.begins)
		}
	}
	return ""
}

func refusedDoesNotRun(h *history) string {
	for i, c := range h.callbacks {
		if c.refused != nil && c.begins > 0 {
			return bad("callback %d was refused (%v), and ran", i, c.refused)
		}
	}
	for _, w := range h.works {
		if w.refused != nil && w.begins > 0 {
			return bad("work %d was refused (%v), and ran", w.id, w.refused)
		}
	}
	return ""
}

func accountedFor(h *history) string {
	if !h.finished {
		return ""
	}
	var accepted, resets, ran, stopped int
	for _, c := range h.callbacks {
		if c.accepted() {
			accepted++
		}
		resets += c.resets // accepted another time, or moved the one before
		ran += c.begins
		stopped += c.stops
	}
	s := h.final
	switch {
	case s.Accepted < accepted, s.Accepted > accepted+resets:
		return bad("%d callbacks and %d resets were accepted: %+v", accepted, resets, s)
	case s.Ran != ran, s.Cancelled != stopped, s.Dropped != h.dropped:
		return bad("%d ran, %d were stopped, OnDrop was told of %d: %+v", ran, stopped, h.dropped, s)
	case s.Pending != 0:
		return bad("the loop is over: %+v", s)
	}
	return ""
}

func statsAddUp(h *history) string {
	if h.badStats != nil {
		return bad("%+v, after %+v", *h.badStats, h.lastStats)
	}
	return ""
}

func stoppedTimerDoesNotRun(h *history) string {
	for i, c := range h.callbacks {
		if c.stops > 0 && c.begins > 0 && c.maybeReset == 0 {
			return bad("timer %d was stopped, and ran", i)
		}
	}
	return ""
}

func futureEndsOnce(h *history) string {
	for _, w := range h.works {
		switch {
		case w.differs:
			return bad("work %d: two saw different results, one of them (%d, %v)", w.id, w.got, w.gotErr)
		case h.finished && w.future != nil && w.gotErr == loop.ErrPending:
			return bad("work %d: its future has not ended, and the loop is over", w.id)
		}
	}
	if h.complaint != "" {
		return h.complaint
	}
	return ""
}

// futureIsTrue: the result is that of the work or, if that never began, the reason.
func futureIsTrue(h *history) string {
	for _, w := range h.works {
		if !w.seen {
			continue
		}
		if wrong := w.wrongResult(h); wrong != "" {
			return bad("work %d, which %s: its future has (%d, %v): %s", w.id, turnoutNames[w.turnout], w.got, w.gotErr, wrong)
		}
	}
	return ""
}

func (w *work) wrongResult(h *history) string {
	if w.begins > 0 {
		var p *loop.PanicError
		switch {
		case !w.ended.came():
			return "it has not returned"
		case w.turnout == exits && w.gotErr != loop.ErrGoexit, w.turnout == panics && !errors.As(w.gotErr, &p):
			return "not what it did"
		case w.turnout != exits && w.turnout != panics && (w.got != w.value || w.gotErr != w.err):
			return bad("it returned (%d, %v)", w.value, w.err)
		}
		return ""
	}
	switch w.gotErr {
	case loop.ErrClosed:
		if !h.firstEnding().before(w.sawAt) {
			return "nobody had ended the loop"
		}
	case context.Canceled:
		if !w.cancelledBy(w.sawAt) {
			return "nobody had cancelled it"
		}
	case context.DeadlineExceeded:
		if !w.parent {
			return "its context has no deadline"
		}
	default:
		return "it never began"
	}
	return ""
}

// cancelledBy tells whether Cancel was called before m.
func (w *work) cancelledBy(m moment) bool {
	for _, c := range w.cancels {
		if c.called.before(m) {
			return true
		}
	}
	return false
}

func endedContext(h *history) string {
	for _, w := range h.works {
		if w.late && w.begins > 0 {
			return bad("the context of work %d had ended when it was submitted, and it began", w.id)
		}
	}
	return ""
}

func nothingAcceptedAfterwards(h *history) string {
	for _, e := range h.endings {
		for i, c := range h.callbacks {
			if e.returned.before(c.called) && c.accepted() {
				return bad("%s had returned (%v), and callback %d was accepted", actNames[e.act], e.err, i)
			}
		}
		for _, w := range h.works {
			if e.returned.before(w.called) && w.future != nil {
				return bad("%s had returned (%v), and work %d was accepted", actNames[e.act], e.err, w.id)
			}
		}
	}
	return ""
}

// isOver tells whether e says, by how it returned, that no callback runs any more.
func (e *ending) isOver() bool {
	u := e.unfinished()
	return e.returned.came() && (e.err == nil || u != nil && u.Cause == loop.ErrClosed)
}

func nothingRunsAfterwards(h *history) string {
	for _, e := range h.endings {
		if u := e.unfinished(); u != nil && !e.isOver() {
			// One may have been on its way, and the error says so.
			if n := h.begunAfter(e.returned); n > 1 || n == 1 && !u.Callback {
				return bad("%s had returned (%v), and %d callbacks began", actNames[e.act], e.err, n)
			}
		}
		if !e.isOver() {
			continue
		}
		for i, c := range h.callbacks {
			switch {
			case e.returned.before(c.begun):
				return bad("%s had returned (%v), and callback %d began", actNames[e.act], e.err, i)
			case c.begun.before(e.returned) && !c.ended.before(e.returned):
				return bad("%s returned (%v) during callback %d", actNames[e.act], e.err, i)
			}
		}
	}
	return ""
}

func (h *history) begunAfter(m moment) (n int) {
	for _, c := range h.callbacks {
		if m.before(c.begun) {
			n++
		}
	}
	return n
}

// lateResult: of work that returned after a Close had, the future knows, and the loop does not.
func lateResult(h *history) string {
	for _, e := range h.endings {
		if !e.isOver() {
			continue
		}
		for _, w := range h.works {
			if w.begun.before(e.returned) && e.returned.before(w.ended) && h.finished && !w.seen {
				return bad("work %d returned after %s, and its future has not ended", w.id, actNames[e.act])
			}
		}
	}
	if h.finished && h.final.Pending+h.final.Queued+h.final.Working > 0 {
		return bad("the loop is over and has %+v", h.final)
	}
	return ""
}

var turnoutNames = [turnoutsAll]string{"returns", "fails", "panics", "exits", "obeys", "ignores", "nests", "hurries", "makes a call"}

// controlledUnit is the unit of the durations in programs on the virtual clock, and realUnit on the real one.
const (
	controlledUnit = time.Millisecond
	realUnit       = 20 * time.Microsecond
)
