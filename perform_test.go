package lastcall

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/lastcall-go/lastcall/loop"
)

// A stage is where a program is performed: a loop, and the notes that are taken.
type stage struct {
	Program
	h      *history
	l      *loop.Loop
	unit   time.Duration // of the durations in calls
	others sync.WaitGroup
	cancel []context.CancelFunc
}

var (
	errWork   = errors.New("the work's own error")
	errParent = errors.New("the parent's cause")
	errGone   = errors.New("its goroutine was taken away")
	quiet     = slog.New(noHandler{})
)

// noHandler takes all that a logger is told.
type noHandler struct{}

func (noHandler) Enabled(context.Context, slog.Level) bool  { return true }
func (noHandler) Handle(context.Context, slog.Record) error { return nil }
func (h noHandler) WithAttrs([]slog.Attr) slog.Handler      { return h }
func (h noHandler) WithGroup(string) slog.Handler           { return h }

// perform performs the program and returns when all of it has ended, the loop included.
func (p Program) perform(h *history, unit time.Duration) {
	s := &stage{Program: p, h: h, unit: unit, cancel: make([]context.CancelFunc, 0, recordsMax)}
	opts := []loop.Option{loop.Workers(p.Workers), loop.QueueLimit(p.Queue), loop.OnDrop(h.drop), loop.OnError(s.fault), loop.Logger(quiet)}
	if p.FailFast {
		opts = append(opts, loop.FailFast())
	}
	s.l = loop.New(opts...)
	if p.Runner {
		s.aside(func() { s.run(outside) })
	}
	if len(p.First) > 0 {
		s.act(p.First)
	}
	s.act(p.Actors...)
	s.end()
	<-s.l.Closed()
	s.others.Wait()
	for _, cancel := range s.cancel {
		cancel()
	}
	s.results()
	h.stats(s.l)
	h.finish(s.l.Stats())
}

// act has actors make their calls, and waits for them. Each has a goroutine of its own, since a callback that calls Goexit takes that with it which
// runs the loop.
func (s *stage) act(actors ...[]Call) {
	var all sync.WaitGroup
	for _, calls := range actors {
		all.Go(func() {
			for _, c := range calls {
				s.from(c)
			}
		})
	}
	all.Wait()
}

// end ends the loop, if it is not over. As for actors, the goroutine is another, and there may be another try.
func (s *stage) end() {
	last := actShutdown
	if s.Close {
		last = actClose
	}
	for ended := s.over(); !ended; {
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			s.ending(last, outside, 0)
			ended = true
		}()
		<-gone
	}
}

// aside runs f on a goroutine that is waited for at the end only.
func (s *stage) aside(f func()) { s.others.Go(f) }

func (s *stage) fault(error) { s.h.fault() }

func (s *stage) span(n byte) time.Duration { return time.Duration(n%4) * s.unit }

// from makes a call from its place.
func (s *stage) from(c Call) {
	call := func() { s.do(c) }
	switch c.From {
	case outside:
		call()
	case inCallback:
		s.post(call)
	case inTimer:
		s.after(s.span(c.N), call)
	case inOnDone:
		if w := s.submit(Call{N: 4 * byte(returns)}, call); w != nil {
			s.onDone(w, call)
		}
	case inWork:
		s.submit(Call{N: 4 * byte(calls)}, call)
	case inOtherLoop:
		other := loop.New()
		other.Post(call)
		other.Stop()
		other.Run()
	}
}

// do makes a call where it is.
func (s *stage) do(c Call) {
	switch c.Do {
	case actPost:
		s.post(nothing)
	case actPostPanics:
		s.postPanics()
	case actPostExits:
		s.post(runtime.Goexit)
	case actAfter:
		s.after(s.span(c.N), nothing)
	case actAfterFour:
		for range 4 {
			s.after(s.span(c.N), nothing)
		}
	case actStopTimer:
		s.stopTimer(c.N)
	case actReset:
		s.reset(c.N)
	case actSubmit:
		s.submit(c, nothing)
	case actCancel:
		s.cancelWork(c.N)
	case actWait:
		s.wait(c)
	case actOnDone:
		if w := s.h.future(c.N); w != nil {
			s.onDone(w, nothing)
		}
	case actAwait:
		s.await(c)
	case actRun:
		if c.From == outside {
			s.aside(func() { s.run(outside) })
		} else {
			s.run(c.From)
		}
	case actStop:
		s.l.Stop()
	case actStopShutdown:
		s.l.Stop()
		s.ending(actShutdown, c.From, 0)
	case actStats:
		s.h.stats(s.l)
	case actSleep:
		time.Sleep(s.span(c.N))
	case actShutdown, actShutdownImpatient, actClose:
		s.ending(c.Do, c.From, s.span(c.N))
	}
}

func nothing() {}

func (s *stage) post(f func()) {
	c := s.h.callback(posted)
	c.answer(s.l.Post(func() {
		c.begin()
		defer c.end()
		f()
	}))
}

func (s *stage) postPanics() {
	c := s.h.callback(posted)
	c.panics = true
	c.answer(s.l.Post(func() {
		c.begin()
		defer c.end()
		panic("on purpose")
	}))
}

func (s *stage) after(d time.Duration, f func()) {
	c := s.h.callback(timed)
	c.delay = d
	t, err := s.l.After(d, func() {
		c.begin()
		defer c.end()
		f()
	})
	if err == nil {
		c.setTimer(t)
	}
	c.answer(err)
}

func (s *stage) stopTimer(n byte) {
	if c := s.h.timer(n); c != nil && c.timer.Stop() {
		c.stopped()
	}
}

// reset resets a timer, a few times at most: one that resets itself at once would go on for ever.
func (s *stage) reset(n byte) {
	if c := s.h.timer(n / 4); c != nil && c.resetting(s.span(n)) {
		c.reset(c.timer.Reset(s.span(n)))
	}
}

// submit submits work that turns out as c says, and makes call on the way where it says so. It returns nil if the work was refused.
func (s *stage) submit(c Call, call func()) *work {
	w := s.h.work(turnout(c.N/4) % turnoutsAll)
	if w.turnout == calls && c.Do == actSubmit {
		w.turnout = returns
	}
	ctx := context.Background()
	if w.turnout == hurries {
		w.parent = true
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, s.span(c.N+1), errParent)
		s.keep(cancel)
		w.late = ctx.Err() != nil
	}
	w.accept(loop.Submit(s.l, ctx, func(ctx context.Context) (value int, err error) {
		w.begin()
		defer func() {
			w.check()
			w.end(causeOf(ctx), value, err)
		}()
		return s.work(ctx, w, s.span(c.N), call)
	}))
	if w.future == nil {
		return nil
	}
	return w
}

// causeOf is context.Cause, which in Go 1.25 looks for a cause and then whether the context has ended: where it ends in between, it says
// "context canceled" and no more. Go 1.26 looks the other way round.
func causeOf(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}

func (w *work) accept(f *loop.Future[int], err error) { w.answer(f, err) }

//go:norace
func (s *stage) keep(cancel context.CancelFunc) {
	defer s.h.lock()()
	s.cancel = append(s.cancel, cancel)
}

// work is what a worker does. It ends within some units, whatever becomes of it.
func (s *stage) work(ctx context.Context, w *work, span time.Duration, call func()) (int, error) {
	switch w.turnout {
	case fails:
		return 0, errWork
	case panics:
		panic("on purpose")
	case exits:
		runtime.Goexit()
	case obeys, hurries:
		select {
		case <-ctx.Done():
			return w.id, ctx.Err()
		case <-time.After(span + s.unit):
		}
	case ignores:
		time.Sleep(span)
	case nests:
		if inner := s.submit(Call{N: 4 * byte(returns)}, nothing); inner != nil {
			inner.saw(inner.future.Wait(context.Background()))
		}
	case calls:
		call()
	}
	return w.id, nil
}

func (s *stage) cancelWork(n byte) {
	if w := s.h.future(n); w != nil {
		i := w.cancelling()
		w.cancelled(i, w.future.Cancel())
	}
}

func (s *stage) onDone(w *work, f func()) {
	c := s.h.callback(done)
	c.answer(w.future.OnDone(func(g *loop.Future[int]) {
		c.begin()
		defer c.end()
		w.saw(g.Result())
		f()
	}))
}

// wait waits for work, except in work, where two could wait for each other.
func (s *stage) wait(c Call) {
	w := s.h.future(c.N)
	if w == nil || c.From == inWork {
		return
	}
	switch c.N % 3 {
	case 0:
		<-w.future.Done()
		w.saw(w.future.Result())
	case 1:
		w.saw(w.future.Wait(context.Background()))
	case 2:
		ended, pending, err := loop.WaitFirstError(context.Background(), w.future)
		if len(ended) != 1 || len(pending) != 0 {
			s.h.complain("WaitFirstError of one future returned before it had ended")
		} else if v, got := w.future.Result(); err != nil && err != got {
			s.h.complain("WaitFirstError returned another error than the future")
		} else {
			w.saw(v, got)
		}
	}
}

func (s *stage) await(c Call) {
	w := s.h.future(c.N)
	if w == nil {
		return
	}
	r := s.h.waiting(actAwait, c.From)
	value, err := loop.Await(s.l, w.future)
	r.over = s.over()
	r.answer(err)
	switch err {
	case loop.ErrStopped, loop.ErrClosed, loop.ErrRunning, loop.ErrInCallback: // ErrClosed may be the future's own, too
	default:
		w.saw(value, err)
	}
}

func (s *stage) run(from Place) {
	r := s.h.waiting(actRun, from)
	err := errGone // by Goexit, in a callback
	defer func() { r.answer(err) }()
	err = s.l.Run()
	r.over = s.over()
}

func (s *stage) over() bool {
	select {
	case <-s.l.Closed():
		return true
	default:
		return false
	}
}

func (s *stage) ending(a Act, from Place, span time.Duration) {
	e := s.h.ending(a, from)
	switch a {
	case actShutdown:
		e.answer(s.l.Shutdown(context.Background()))
	case actShutdownImpatient:
		ctx, cancel := context.WithTimeout(context.Background(), span)
		defer cancel()
		e.answer(s.l.Shutdown(ctx))
	case actClose:
		e.answer(s.l.Close())
	}
}

// results looks at all futures once more.
func (s *stage) results() {
	for _, w := range s.h.works {
		if w.future != nil {
			w.saw(w.future.Result())
		}
	}
}
