package matrix

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/scenarios/shapes"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

func itoa(n int) string { return strconv.Itoa(n) }

func nameOf(t *testing.T, token string) string {
	t.Helper()
	s, err := scheduler.ParseToken(token)
	if err != nil {
		t.Fatal(err)
	}
	return s.Name
}

// wrong is a sound loop, but for what a test replaces.
type wrong struct {
	shapeSystem
	onClose func(err error) error
	onPost  func(f func()) error
	onJob   func(j job) job
	onTold  int
}

func (w *wrong) close() error {
	err := w.shapeSystem.close()
	if w.onClose != nil {
		return w.onClose(err)
	}
	return err
}

func (w *wrong) post(f func()) error {
	if w.onPost != nil {
		return w.onPost(f)
	}
	return w.shapeSystem.post(f)
}

func (w *wrong) outside() func(func()) error { return w.post }

func (w *wrong) told() int { return w.onTold }

func (w *wrong) submit(fn func(context.Context) error) (job, error) {
	j, err := w.shapeSystem.submit(fn)
	if w.onJob != nil {
		j = w.onJob(j)
	}
	return j, err
}

// promised says that it is cancelled, and is not.
type promised struct{ job }

func (promised) cancel() bool { return true }

// early ends with a result before it has run.
type early struct{ job }

func (early) ended() (bool, error) { return true, nil }

// TestOracles: each oracle fires at what it is for, and none at the sound loop. What is wrong is done to a loop that is clean in the same program.
func TestOracles(t *testing.T) {
	for _, tt := range []struct {
		name    string
		program func(p *play)
		workers int
		break_  func(p *play, w *wrong)
		want    Oracle
		message string
	}{
		{"accepts late", postFromOutside, 1, func(p *play, w *wrong) {
			w.onPost = func(f func()) error { w.Post(f); return nil }
		}, AfterClose, "a post was accepted after close had returned"},
		{"queues late", postFromOutside, 1, func(p *play, w *wrong) {
			w.Shape = shapes.NewCheckThenPost(1, func(error) {})
		}, AfterClose, "a closed loop's queue holds 1"},
		{"runs late", postInTheDrain, 1, func(p *play, w *wrong) {
			kept := make(chan func(), 2)
			w.onPost = func(f func()) error { kept <- f; return nil }
			w.onClose = func(err error) error { go func() { (<-kept)() }(); return err }
		}, AfterClose, "a callback began after close had returned"},
		{"runs on", postInTheDrain, 1, func(p *play, w *wrong) {
			over := make(chan struct{})
			w.onPost = func(f func()) error {
				p.posts = p.posts[:0]
				go func() { e := p.give(); p.callback(e, func() { <-over })() }()
				return nil
			}
			w.onClose = func(err error) error { return err }
			p.t.Cleanup(func() { close(over) })
		}, AfterClose, "a callback was running when close returned"},
		{"runs twice", postInTheDrain, 1, func(p *play, w *wrong) {
			w.onPost = func(f func()) error { return w.Post(func() { f(); f() }) }
		}, Once, "a callback ran twice"},
		{"forgets", postInTheDrain, 1, func(p *play, w *wrong) {
			w.onPost = func(func()) error { return nil }
		}, Lost, "1 callbacks, 0 results"},
		{"breaks its promise", cancelQueued, 1, func(p *play, w *wrong) {
			w.onJob = func(j job) job { return promised{j} }
		}, Once, "job b began although cancel had said that it would not"},
		{"makes a result up", cancelQueued, 1, func(p *play, w *wrong) {
			w.onJob = func(j job) job { return early{j} }
		}, Once, "job b has a result and has not returned"},
		{"waits", closeFromWorker, 1, func(p *play, w *wrong) { w.Shape = shapes.NewJoin(1, func(error) {}) }, Waits, "nothing can run"},
		{"leaves a thread", postFromOutside, 1, func(p *play, w *wrong) {
			w.onClose = func(err error) error { go func() { select {} }(); return err }
		}, Running, "were left when the body returned"},
		{"panics", postFromOutside, 1, func(p *play, w *wrong) {
			w.onClose = func(error) error { panic("send on closed channel") }
		}, Uncaught, "send on closed channel"},
		{"fails unheard", postFromOutside, 1, func(p *play, w *wrong) {
			w.onClose = func(err error) error { p.uncaught("somewhere", errBoom); return err }
		}, Uncaught, "somewhere: boom"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			find := func(break_ func(*play, *wrong)) *sim.Report {
				r, err := sim.Config{Strategy: scheduler.Exhaustive(scheduler.Preemptions(1)), Schedules: 5000, KeepGoing: true}.Explore(func(t *sim.T) {
					p := &play{ledger: ledger{t: t, strict: true, lost: new(losses)}}
					w := &wrong{shapeSystem: shapeSystem{shapes.NewLockAndDrain(tt.workers, func(error) {})}}
					p.sys = w
					if break_ != nil {
						break_(p, w)
					}
					tt.program(p)
				})
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			if r := find(nil); !r.OK() || !r.Complete {
				t.Errorf("the sound loop: complete %v, %v", r.Complete, r.Failures)
			}
			r := find(tt.break_)
			if !slices.ContainsFunc(r.Failures, func(f *sim.Failure) bool {
				return oracleOf(f) == tt.want && strings.Contains(f.Message, tt.message)
			}) {
				t.Errorf("no %s: … %q among the failures of %d schedules", tt.want, tt.message, r.Schedules)
				for _, f := range r.Failures {
					t.Errorf("%s: %s", oracleOf(f), f.Message)
				}
			}
		})
	}
}

// TestSilent: of a column whose post says nothing, what was accepted after close cannot be asked, and the rest is.
func TestSilent(t *testing.T) {
	for _, silent := range []bool{true, false} {
		r, err := sim.Config{Strategy: scheduler.Exhaustive(scheduler.Preemptions(1)), Schedules: 5000}.Explore(func(t *sim.T) {
			p := &play{ledger: ledger{t: t, silent: silent, lost: new(losses)}}
			p.sys = &shapeSystem{shapes.NewSwallow(1, func(error) {})}
			postFromOutside(p)
		})
		if err != nil || r.OK() != silent {
			t.Errorf("silent %v: %v %v", silent, err, r.Failures)
		}
	}
}
