package sim

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

// An exhaustive search is shared between processes by parts of its tree ([scheduler.Divider]). Each process goes through the top of the tree by
// itself and asks for the number of the part that it is to run next. What comes of a part hangs on the part alone, and parts are taken up in the
// order of their numbers: so it makes no difference how many processes there are.

// part is what came of one part.
type part struct {
	Number  int // among those of this shard
	Begun   bool
	Window  window
	Passed  int
	Last    bool // the search has come to its end
	Partial bool // something was left out, here or before
}

// ask is what a worker says: that a part is done, that it wants the number of another, or that it ends, why if there is a reason.
type ask struct {
	Done *part
	End  bool
	Err  string
}

// runParts runs the parts whose numbers next gives, until that is -1, and hands over what came of each. Between is called between two schedules
// and may end it all.
func (x *explorer) runParts(next func() int, done func(part), between func() (goOn bool)) error {
	d, _ := scheduler.As[scheduler.Divider](x.strategy)
	p := part{Number: next()}
	shard := x.c.shard
	d.Divide(scheduler.Parts(shard.n), func(number int) bool {
		if shard.n > 1 {
			if number%shard.n != shard.i {
				return false
			}
			number /= shard.n
		}
		if p.Begun {
			p.Partial = d.Partial()
			done(p)
			p = part{Number: next()}
		}
		p.Begun = number == p.Number
		return p.Begun
	})
	for p.Number >= 0 && between() {
		run, ok := x.strategy.Next()
		if !ok {
			p.Last, p.Partial = true, d.Partial()
			done(p)
			break
		}
		if x.run(run, false); x.result.Passed {
			p.Passed++
			continue
		}
		end, err := x.note(&p.Window)
		if err != nil {
			return err
		}
		if end {
			p.Window.Held = x.sometimes()
			done(p)
			break
		}
	}
	return nil
}

// board is where the first process keeps what is done by whom.
type board struct {
	mu      sync.Mutex
	all     bool         // also after a failure
	issued  int          // the number of the next part
	end     int          // how many parts there are, -1 while that is not known
	over    bool         // nothing more is to be run
	partial bool         // something was left out
	waiting map[int]part // done and not taken up; looked up, never ranged over
	next    int          // all parts before have been taken up
	err     error
	news    chan struct{}
}

// issue gives the number of the next part to be run.
func (b *board) issue() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.over || b.end >= 0 && b.issued >= b.end {
		return -1
	}
	b.issued++
	return b.issued - 1
}

// done takes what came of a part.
func (b *board) done(p part) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.partial = b.partial || p.Partial
	if p.Begun {
		b.waiting[p.Number] = p
	}
	if p.Last {
		if b.end = p.Number; p.Begun {
			b.end++
		}
	}
	b.over = b.over || p.Window.Skipped || len(p.Window.Failed) > 0 && !b.all
	b.tell()
}

func (b *board) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil && !b.over {
		b.err = err
	}
	b.over = true
	b.tell()
}

// died notes that nothing comes from a worker, unless it was ended because nothing is wanted any more.
func (b *board) died(i int, w *worker, err error) {
	b.mu.Lock()
	over := b.over
	b.mu.Unlock()
	if !over {
		b.fail(w.died(i, err))
	}
}

func (b *board) tell() {
	select {
	case b.news <- struct{}{}:
	default:
	}
}

func (b *board) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = true
}

// take returns the part whose turn is to be taken up, if it is done.
func (b *board) take() (p part, ok bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p, ok = b.waiting[b.next]; ok {
		delete(b.waiting, b.next)
		b.next++
	}
	return p, ok, b.err
}

func (b *board) complete() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err == nil && b.end >= 0 && b.next == b.end && !b.partial
}

// takeUp takes up the parts whose turn is.
func (x *explorer) takeUp(b *board) (goOn bool, err error) {
	for {
		p, ok, err := b.take()
		if !ok || err != nil {
			return err == nil && x.goesOn(), err
		}
		x.report.Passed += p.Passed
		x.begun = x.report.Schedules
		if err := x.join([]window{p.Window}); err != nil {
			return false, err
		}
	}
}

// attend answers a worker until it ends.
func (b *board) attend(i int, w *worker) {
	for {
		var a ask
		if err := w.receive.Decode(&a); err != nil {
			b.died(i, w, err)
			return
		}
		switch {
		case a.Err != "":
			b.fail(fmt.Errorf("lastcall: worker process %d: %s", i, a.Err))
			return
		case a.End:
			return
		case a.Done != nil:
			b.done(*a.Done)
		default:
			if err := w.send.Encode(b.issue()); err != nil {
				b.died(i, w, err)
				return
			}
		}
	}
}

// shareParts runs an exhaustive search on several processes. This one runs parts, too.
func (x *explorer) shareParts() (err error) {
	if x.progressFile != "" {
		return errors.New("lastcall: an exhaustive search on several processes cannot be stopped and taken up again; unset SIM_RESUME or SIM_PROCS")
	}
	workers, err := x.startWorkers()
	b := &board{all: x.c.KeepGoing, end: -1, waiting: make(map[int]part), news: make(chan struct{}, 1)}
	var attending sync.WaitGroup
	defer func() {
		b.stop()
		endWorkers(workers)
		attending.Wait()
	}()
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	for i, w := range workers {
		attending.Go(func() { b.attend(i+1, w) })
	}
	go func() {
		attending.Wait()
		close(ended)
	}()
	goOn := true
	between := func() bool {
		if goOn && err == nil {
			goOn, err = x.takeUp(b)
		}
		return goOn && err == nil
	}
	if errRun := x.runParts(b.issue, b.done, between); errRun != nil {
		return errRun
	}
	for left := true; left && between(); {
		select {
		case <-b.news:
		case <-ended:
			between()
			left = false
		case <-time.After(100 * time.Millisecond): // an interrupt or the deadline
		}
	}
	if err != nil {
		return err
	}
	x.finish()
	x.report.Complete = b.complete()
	if x.report.Complete || len(x.report.Failures) > 0 && !x.c.KeepGoing {
		x.report.Stopped = ""
	}
	return nil
}

// serveParts runs the parts that another process tells of, and ends the process.
func (x *explorer) serveParts(w *worker) {
	next := func() (n int) {
		if w.send.Encode(ask{}) != nil || w.receive.Decode(&n) != nil {
			os.Exit(0)
		}
		return n
	}
	done := func(p part) {
		if w.send.Encode(ask{Done: &p}) != nil {
			os.Exit(0)
		}
	}
	end := ask{End: true}
	if err := x.runParts(next, done, func() bool { return true }); err != nil {
		end.Err = err.Error()
	}
	w.send.Encode(end)
	w.receive.Decode(new(int)) // until there is nobody any more
	os.Exit(0)
}
