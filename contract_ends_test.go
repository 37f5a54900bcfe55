package lastcall

import (
	"context"
	"errors"
	"time"

	"github.com/lastcall-go/lastcall/loop"
	"github.com/lastcall-go/lastcall/scheduler"
)

// The rest of the properties: points 4 to 6 of the contract, and what is promised beside it.

func shutdownJoins(h *history) string {
	for _, e := range h.endings {
		if e.act == actClose || e.err != nil || !e.returned.came() {
			continue
		}
		for _, w := range h.works {
			if w.begins > 0 && !w.ended.before(e.returned) {
				return bad("%s returned nil before work %d had returned", actNames[e.act], w.id)
			}
		}
	}
	return ""
}

// shutdownDrains: nil says that every callback has run but those of timers that were not due.
func shutdownDrains(h *history) string {
	for _, e := range h.endings {
		if e.act == actClose || e.err != nil || !e.returned.came() {
			continue
		}
		for i, c := range h.callbacks {
			if c.accepted() && c.begins+c.stops == 0 && (c.from != timed || c.dueAt(h.firstEnding())) {
				return bad("%s returned nil, and callback %d has not run", actNames[e.act], i)
			}
		}
	}
	return ""
}

// firstEnding is when the first call of Shutdown or Close was made: a timer that was due then was due when the end began.
func (h *history) firstEnding() moment {
	var first moment
	for _, e := range h.endings {
		if !first.came() || e.called.before(first) {
			first = e.called
		}
	}
	return first
}

// dueAt tells whether the timer, set but once, was due at m.
func (c *callback) dueAt(m moment) bool {
	return c.maybeReset == 0 && c.answered.before(m) && c.answered.at+c.delay <= m.at
}

// runCarriesOut: the goroutine in Run, if it is the only one that can have the runner's role, leaves when the loop is over.
func runCarriesOut(h *history) string {
	if len(h.waits) != 1 {
		return ""
	}
	r := h.waits[0]
	for _, e := range h.endings {
		if e.act != actShutdown || !e.from.ofTheLoop() || !e.returned.before(r.returned) || r.err != nil || r.over {
			continue
		}
		alone := true
		for _, f := range h.endings {
			alone = alone && (f.from.ofTheLoop() && f.act == actShutdown || r.returned.before(f.called))
		}
		if alone {
			return "Run returned while the Shutdown that a callback had begun was not over"
		}
	}
	return ""
}

func shutdownNames(h *history) string {
	for _, e := range h.endings {
		u := e.unfinished()
		if u == nil {
			continue
		}
		var during, atMost int // work that ran all the time, and that may have run at some
		for _, w := range h.works {
			if w.begun.before(e.called) && !w.ended.before(e.returned) {
				during++
			}
			if w.called.before(e.returned) {
				atMost++
			}
		}
		callback := false
		for _, c := range h.callbacks {
			callback = callback || c.begun.before(e.called) && !c.ended.before(e.returned)
		}
		switch {
		case len(u.Running) < during, len(u.Running) > atMost:
			return bad("%d ran all the time: %v", during, u)
		case callback && !u.Callback:
			return bad("a callback ran all the time: %v", u)
		case !errors.Is(u, context.DeadlineExceeded) && u.Cause != loop.ErrClosed:
			return bad("its context had a deadline: %v", u)
		case u.Dropped > h.dropped && h.finished:
			return bad("OnDrop was told of %d: %v", h.dropped, u)
		}
	}
	return ""
}

func cancelPrevents(h *history) string {
	for _, w := range h.works {
		for _, c := range w.cancels {
			if c.prevented && w.begins > 0 {
				return bad("Cancel returned true, and work %d ran", w.id)
			}
			if c.prevented && w.seen && w.gotErr != context.Canceled {
				return bad("Cancel returned true, and the future of work %d says %v", w.id, w.gotErr)
			}
		}
	}
	return ""
}

func cancelEndsContext(h *history) string {
	for _, w := range h.works {
		for _, c := range w.cancels {
			if w.begun.before(c.called) && c.returned.before(w.checked) && w.cause == nil && w.ended.came() {
				return bad("Cancel returned while work %d ran, and its context did not end", w.id)
			}
		}
	}
	return ""
}

// endEndsContext: when every call that could be the one that began the end has returned, the contexts have ended.
func endEndsContext(h *history) string {
	begun := h.begunEnd()
	for _, w := range h.works {
		if w.begun.before(begun) && begun.before(w.checked) && w.cause == nil && w.ended.came() {
			return bad("the end had begun while work %d ran, and its context did not end", w.id)
		}
	}
	return ""
}

// begunEnd is the first moment after a call of Shutdown or Close at which no such call was in progress.
func (h *history) begunEnd() moment {
	for _, e := range h.endings {
		open := !e.returned.came()
		for _, f := range h.endings {
			open = open || f.called.before(e.returned) && !f.returned.before(e.returned) && f != e
		}
		if !open {
			return e.returned
		}
	}
	return moment{}
}

func causeIsTrue(h *history) string {
	for _, w := range h.works {
		switch {
		case w.cause == nil:
		case w.cause == loop.ErrCanceled && w.cancelledBy(w.ended):
		case w.cause == loop.ErrClosed && h.firstEnding().before(w.ended):
		case w.cause == errParent && w.parent:
		default:
			return bad("the context of work %d ended with the cause %v", w.id, w.cause)
		}
	}
	return ""
}

func noCallHangs(h *history) string {
	switch h.kind {
	case scheduler.KindDeadlock, scheduler.KindStepLimit, scheduler.KindSpin, scheduler.KindBlockedOutside:
		return h.kind + ": " + h.message
	}
	return ""
}

// noPanicEscapes: and OnError is told of each.
func noPanicEscapes(h *history) string {
	switch h.kind {
	case scheduler.KindPanic, scheduler.KindFatal, scheduler.KindExit, scheduler.KindAssertion, scheduler.KindDivergence:
		return h.kind + ": " + h.message
	}
	panicked := 0
	for _, c := range h.callbacks {
		if c.panics {
			panicked += c.begins
		}
	}
	if h.finished && panicked != h.faults {
		return bad("%d callbacks panicked, and OnError was told of %d", panicked, h.faults)
	}
	return ""
}

func nothingIsLeft(h *history) string {
	switch {
	case h.kind == scheduler.KindLeak:
		return h.kind + ": " + h.message
	case h.finished && h.final.Workers > 0:
		return bad("the loop is over and has %d workers", h.final.Workers)
	}
	return ""
}

// refusedInside: in a callback or in work, of any loop, what would wait for it is refused; elsewhere it is not.
func refusedInside(h *history) string {
	for _, e := range h.endings {
		if e.returned.came() && (e.err == loop.ErrInCallback) != (e.from != outside) {
			return bad("%s%s returned %v", actNames[e.act], placeNames[e.from], e.err)
		}
	}
	for _, w := range h.waits {
		inside := w.err == loop.ErrInCallback
		if w.act == actRun { // refused for another reason first, where there is one
			inside = inside || w.from != outside && (w.err == loop.ErrRunning || w.err == loop.ErrClosed)
		}
		if w.returned.came() && inside != (w.from != outside) {
			return bad("%s%s returned %v", actNames[w.act], placeNames[w.from], w.err)
		}
	}
	return ""
}

func oneAtATime(h *history) string {
	if h.overlap != nil {
		return "a callback began during another"
	}
	return ""
}

// runsInTime: the virtual clock moves when nobody can go on. So where it moves past a callback that is due, and before the end, nobody is in Run or
// another callback blocks.
func runsInTime(h *history) string {
	if h.mu != nil || h.running != nil {
		return ""
	}
	for i, c := range h.callbacks {
		due, begun := c.answered.at+c.delay, c.begun
		if !begun.came() {
			begun = h.firstEnding()
		}
		if c.accepted() && c.from != done && c.maybeReset+c.stops == 0 && begun.at > due && h.runnerFree(due, begun) {
			return bad("callback %d was due at %v, and at %v it had not begun", i, due, begun.at)
		}
	}
	return ""
}

// runnerFree tells whether somebody was in Run from due to end, and no callback in progress at any time between.
func (h *history) runnerFree(due time.Duration, end moment) bool {
	for _, c := range h.callbacks {
		if c.begun.came() && c.begun.at < end.at && c.ended.at > due {
			return false
		}
	}
	for _, r := range h.waits {
		if r.act == actRun && r.called.at <= due && r.err == nil && !r.returned.before(end) && r.called.before(end) {
			return true
		}
	}
	return false
}

// postsInOrder: one that was accepted before another was posted begins before it.
func postsInOrder(h *history) string {
	for i, a := range h.callbacks {
		for j, b := range h.callbacks {
			if a.from == posted && b.from == posted && a.accepted() && a.answered.before(b.called) && b.begun.came() && !a.begun.before(b.begun) {
				return bad("callback %d was accepted before %d was posted, and began after it", i, j)
			}
		}
	}
	return ""
}

// timersInOrder: none begins before its time and, on the virtual clock, of two with one deadline the one that was set first begins first.
func timersInOrder(h *history) string {
	for i, a := range h.callbacks {
		if a.from != timed || !a.begun.came() {
			continue
		}
		delay := a.delay
		if a.maybeReset > 0 {
			delay = min(delay, a.lowest)
		}
		if a.begun.at < a.called.at+delay {
			return bad("timer %d was set at %v for %v, and began at %v", i, a.called.at, delay, a.begun.at)
		}
		for j, b := range h.callbacks {
			if b.from == timed && a.answered.before(b.called) && a.maybeReset+b.maybeReset == 0 && h.mu == nil &&
				a.called.at+a.delay == b.called.at+b.delay && b.begun.before(a.begun) {
				return bad("timer %d was set before %d, for the same moment, and began after it", i, j)
			}
		}
	}
	return ""
}
