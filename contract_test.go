package lastcall

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lastcall-go/lastcall/loop"
	"github.com/lastcall-go/lastcall/scheduler"
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

var turnoutNames = [turnoutsAll]string{"returns", "fails", "panics", "exits", "obeys", "ignores", "nests", "hurries", "makes a call"}

// controlledUnit is the unit of the durations in programs on the virtual clock, and realUnit on the real one.
const (
	controlledUnit = time.Millisecond
	realUnit       = 20 * time.Microsecond
)
