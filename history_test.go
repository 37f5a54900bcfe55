package lastcall

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lastcall-go/lastcall/loop"
)

// A history is what happened in one run of a program, on one time line: every note takes the next number of a common count, a tick. A call has
// a tick before it and one after it, since what it does lies somewhere between.
//
// Under control only one goroutine runs at a time, and a lock would be a step of the program: so there is none, and the functions that
// touch a history are hidden from the race detector. On the real scheduler there is one.
//
// A search with reduction runs one of those schedules that differ in the order of independent steps alone, and notes are not steps. There the
// notes touch a variable that the search sees, in such a way that what is compared is dependent: those that a call has returned write it, the rest read it.
type history struct {
	mu     sync.Locker // nil under control
	seen   bool        // a search with reduction is to see the notes
	mark   atomic.Int64
	origin time.Time
	ticks  int

	callbacks []*callback
	works     []*work // those that Submit has answered
	made      int     // works, ever
	timers    []*callback
	endings   []*ending
	waits     []*waiting
	running   *callback // the one that is in progress
	overlap   *callback // began while another was in progress

	dropped   int // as OnDrop was told
	faults    int // as OnError was told
	badStats  *loop.Stats
	lastStats loop.Stats
	complaint string // of the performer

	finished bool // the program has come to its end
	final    loop.Stats
	kind     string // the verdict
	message  string
}

const recordsMax = 512 // of each kind; room for any program

func newHistory(mu sync.Locker) *history {
	return &history{
		mu: mu, origin: time.Now(),
		callbacks: make([]*callback, 0, recordsMax), works: make([]*work, 0, recordsMax), timers: make([]*callback, 0, recordsMax),
		endings: make([]*ending, 0, recordsMax), waits: make([]*waiting, 0, recordsMax),
	}
}

//go:norace
func (h *history) lock() func() {
	if h.mu == nil {
		if h.seen {
			h.mark.Load()
		}
		return func() {}
	}
	h.mu.Lock()
	return h.mu.Unlock
}

// returned is lock for a note that others are held to.
//
//go:norace
func (h *history) returned() func() {
	if h.seen {
		h.mark.Add(1)
		return func() {}
	}
	return h.lock()
}

//go:norace
func (h *history) tick() int { h.ticks++; return h.ticks }

func (h *history) since() time.Duration { return time.Since(h.origin) }

// A moment is a tick, and the time at it.
type moment struct {
	tick int
	at   time.Duration
}

//go:norace
func (h *history) moment() moment { return moment{h.tick(), h.since()} }

// before tells whether a came, and before b.
func (a moment) before(b moment) bool { return a.tick > 0 && a.tick < b.tick }

func (a moment) came() bool { return a.tick > 0 }

// A kind of callback.
type origin uint8

const (
	posted origin = iota
	timed
	done // a future's OnDone function
)

// A callback is one that the loop was asked for.
type callback struct {
	h        *history
	from     origin
	panics   bool
	delay    time.Duration // of a timer
	called   moment        // Post, After or OnDone
	answered moment
	refused  error
	timer    *loop.Timer

	begins     int
	begun      moment // the first time
	ended      moment
	resets     int // accepted
	maybeReset int // called
	stops      int // that returned true
	firstReset moment
	lowest     time.Duration // the least delay that a Reset gave
}

//go:norace
func (h *history) callback(from origin) *callback {
	defer h.lock()()
	c := &callback{h: h, from: from, called: h.moment()}
	h.callbacks = append(h.callbacks, c)
	return c
}

//go:norace
func (c *callback) answer(err error) {
	defer c.h.lock()()
	c.answered, c.refused = c.h.moment(), err
}

//go:norace
func (c *callback) setTimer(t *loop.Timer) {
	defer c.h.lock()()
	c.timer = t
	c.h.timers = append(c.h.timers, c)
}

//go:norace
func (c *callback) begin() {
	defer c.h.lock()()
	h := c.h
	if c.begins++; c.begins == 1 {
		c.begun = h.moment()
	}
	if h.running != nil {
		h.overlap = c
	}
	h.running = c
}

//go:norace
func (c *callback) end() {
	defer c.h.lock()()
	c.ended = c.h.moment()
	c.h.running = nil
}

//go:norace
func (c *callback) resetting(d time.Duration) bool {
	defer c.h.lock()()
	if c.maybeReset == 3 {
		return false
	}
	if c.maybeReset++; c.maybeReset == 1 {
		c.firstReset, c.lowest = c.h.moment(), d
	}
	c.lowest = min(c.lowest, d)
	return true
}

//go:norace
func (c *callback) reset(err error) {
	defer c.h.lock()()
	if err == nil {
		c.resets++
	}
}

//go:norace
func (c *callback) stopped() {
	defer c.h.lock()()
	c.stops++
}

// timer returns one of the timers, or nil.
//
//go:norace
func (h *history) timer(n byte) *callback {
	defer h.lock()()
	if len(h.timers) == 0 {
		return nil
	}
	return h.timers[int(n)%len(h.timers)]
}

// accepted tells whether the loop has taken the callback.
func (c *callback) accepted() bool { return c.answered.came() && c.refused == nil }

// An ending is a call of Shutdown or Close.
type ending struct {
	h        *history
	act      Act
	from     Place
	called   moment
	returned moment
	err      error
}

//go:norace
func (h *history) ending(a Act, from Place) *ending {
	defer h.lock()()
	e := &ending{h: h, act: a, from: from, called: h.moment()}
	h.endings = append(h.endings, e)
	return e
}

//go:norace
func (e *ending) answer(err error) {
	defer e.h.returned()()
	e.returned, e.err = e.h.moment(), err
}

// unfinished is e's error, where it is one that names what is left.
func (e *ending) unfinished() *loop.UnfinishedError {
	var u *loop.UnfinishedError
	errors.As(e.err, &u)
	return u
}

// A waiting is a call that takes or awaits the runner's role: Run and Await.
type waiting struct {
	h        *history
	act      Act
	from     Place
	called   moment
	returned moment
	err      error
	over     bool // the loop was, when Run had returned
}

//go:norace
func (h *history) waiting(a Act, from Place) *waiting {
	defer h.lock()()
	w := &waiting{h: h, act: a, from: from, called: h.moment()}
	h.waits = append(h.waits, w)
	return w
}

//go:norace
func (w *waiting) answer(err error) {
	defer w.h.lock()()
	w.returned, w.err = w.h.moment(), err
}

//go:norace
func (h *history) drop(n int) {
	defer h.lock()()
	h.dropped += n
}

//go:norace
func (h *history) fault() {
	defer h.lock()()
	h.faults++
}

// stats looks at a sample. It is called with the sample taken under lock, where there is one, so that samples come in order.
//
//go:norace
func (h *history) stats(l *loop.Loop) {
	defer h.lock()()
	s := l.Stats()
	last := h.lastStats
	ok := s.Accepted == s.Ran+s.Cancelled+s.Dropped+s.Pending &&
		s.Submitted == s.Returned+s.Withdrawn+s.Queued+s.Working &&
		min(s.Pending, s.Queued, s.Working) >= 0 && s.Workers >= s.Working &&
		s.Accepted >= last.Accepted && s.Ran >= last.Ran && s.Cancelled >= last.Cancelled && s.Dropped >= last.Dropped &&
		s.Submitted >= last.Submitted && s.Returned >= last.Returned && s.Withdrawn >= last.Withdrawn
	if !ok && h.badStats == nil {
		h.badStats = &s
	}
	h.lastStats = s
}

//go:norace
func (h *history) complain(text string) {
	defer h.lock()()
	h.complaint = text
}

//go:norace
func (h *history) finish(s loop.Stats) {
	defer h.lock()()
	h.final, h.finished = s, true
}
