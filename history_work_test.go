package lastcall

import "github.com/lastcall-go/lastcall/loop"

// A turnout is how work turns out.
type turnout uint8

const (
	returns turnout = iota
	fails
	panics
	exits
	obeys   // returns when its context ends, or after a while
	ignores // returns after a while
	nests   // waits for work that it submits
	hurries // obeys, and its parent's context ends early
	calls   // makes a call of the program's
	turnoutsAll
)

// A work is what Submit was asked for.
type work struct {
	h        *history
	id       int
	turnout  turnout
	parent   bool // its parent's context ends
	late     bool // it had ended before Submit was called
	called   moment
	answered moment
	refused  error
	future   *loop.Future[int]

	begins  int
	begun   moment
	checked moment // when cause was asked for
	cause   error
	ended   moment
	value   int
	err     error // as it returned
	cancels []cancel
	seen    bool   // a result, by anybody
	sawAt   moment // first
	got     int
	gotErr  error
	differs bool // two saw different results
}

// A cancel is a call of Cancel.
type cancel struct {
	called, returned moment
	prevented        bool
}

//go:norace
func (h *history) work(o turnout) *work {
	defer h.lock()()
	h.made++
	w := &work{h: h, id: h.made, turnout: o, called: h.moment(), cancels: make([]cancel, 0, 64)}
	return w
}

// answer notes what Submit returned; from here on others find the work.
//
//go:norace
func (w *work) answer(f *loop.Future[int], err error) {
	defer w.h.lock()()
	w.answered, w.refused, w.future = w.h.moment(), err, f
	w.h.works = append(w.h.works, w)
}

//go:norace
func (w *work) begin() {
	defer w.h.lock()()
	if w.begins++; w.begins == 1 {
		w.begun = w.h.moment()
	}
}

//go:norace
func (w *work) check() {
	defer w.h.lock()()
	w.checked = w.h.moment()
}

//go:norace
func (w *work) end(cause error, value int, err error) {
	defer w.h.lock()()
	w.cause, w.value, w.err = cause, value, err
	w.ended = w.h.moment()
}

//go:norace
func (w *work) cancelling() int {
	defer w.h.lock()()
	w.cancels = append(w.cancels, cancel{called: w.h.moment()})
	return len(w.cancels) - 1
}

//go:norace
func (w *work) cancelled(i int, prevented bool) {
	defer w.h.returned()()
	w.cancels[i].returned, w.cancels[i].prevented = w.h.moment(), prevented
}

// saw notes a result that somebody got from the future.
//
//go:norace
func (w *work) saw(value int, err error) {
	defer w.h.lock()()
	if !w.seen {
		w.sawAt = w.h.moment()
		w.seen, w.got, w.gotErr = true, value, err
	} else if w.got != value || w.gotErr != err {
		w.differs = true
	}
}

// future returns one of the futures' work, or nil.
//
//go:norace
func (h *history) future(n byte) *work {
	defer h.lock()()
	for i := range h.works {
		if w := h.works[(int(n)+i)%len(h.works)]; w.future != nil {
			return w
		}
	}
	return nil
}
