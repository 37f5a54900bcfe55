package matrix

import (
	"context"
	"errors"
	"time"

	"github.com/lastcall-go/lastcall/sim"
)

// play is one schedule of a row's program on a column: what the program calls, and the ledger that watches it.
type play struct {
	ledger
	sys system
}

var errBoom = errors.New("boom")

// must fails the schedule where the main thread gets an error that the program does not expect.
func (p *play) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("%s: the main thread got %v", Uncaught, err)
	}
}

// submit hands a job to a worker.
func (p *play) submit(name string, fn func(ctx context.Context) error) *tracked {
	j := p.hire(name)
	var err error
	j.job, err = p.sys.submit(func(ctx context.Context) error {
		p.jobBegins(j)
		err := fn(ctx)
		p.jobReturns(j)
		return err
	})
	p.must(err)
	return j
}

func (p *play) cancel(j *tracked) { p.jobCancelled(j, j.job.cancel()) }

func (p *play) firstError(jobs ...*tracked) { p.must(p.sys.firstError(jobsOf(jobs)...)) }

// all waits for all jobs. A loop that somebody else has closed says so, and that is an answer.
func (p *play) all(jobs ...*tracked) error { return p.sys.all(jobsOf(jobs)...) }

func jobsOf(all []*tracked) []job {
	jobs := make([]job, len(all))
	for i, j := range all {
		jobs[i] = j.job
	}
	return jobs
}

// callback is f under the ledger's eyes.
func (p *play) callback(e *posted, f func()) func() {
	return func() {
		p.begin(e)
		defer p.end()
		f()
	}
}

// post posts f the way it is given, and notes what came of it.
func (p *play) post(by func(func()) error, f func()) error {
	e := p.give()
	err := by(p.callback(e, f))
	p.taken(e, err)
	return err
}

func (p *play) after(d time.Duration, f func()) {
	p.must(p.post(func(f func()) error { return p.sys.after(d, f) }, f))
}

// ask has the loop call a function, and waits until it has.
func (p *play) ask(ctx context.Context, by func(context.Context, func()) error) error {
	return p.post(func(f func()) error { return by(ctx, f) }, nothing)
}

// turn gives the loop one batch.
func (p *play) turn() { p.must(p.sys.turn()) }

// close closes the loop. A refusal is an answer.
func (p *play) close() error {
	err := p.sys.close()
	if err == nil {
		p.hasClosed()
	}
	return err
}

// finish ends a program: it closes the loop, which nobody runs, ends the process, and looks at what is left.
func (p *play) finish() {
	p.must(p.close())
	p.sys.exit()
	p.audit(p.sys)
}

// body makes the body of an exploration.
func body(c *column, pr *program, strict bool, lost *losses) func(t *sim.T) {
	return func(t *sim.T) {
		p := &play{ledger: ledger{t: t, silent: c.silent, strict: strict, lost: lost.take()}}
		p.sys = c.open(p, pr.workers)
		pr.run(p)
	}
}

func nothing() {}
