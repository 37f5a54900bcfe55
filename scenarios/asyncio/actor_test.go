package asyncio_test

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
)

// actor runs a program on the rendering, as Program in testdata/driver.py does on the real thing.
type actor struct {
	events      []string
	loops       []*asyncio.Loop
	handles     []*asyncio.Handle
	futures     []*asyncio.Future
	concurrents []*asyncio.ConcurrentFuture
	callbacks   []*asyncio.DoneCallback
	pools       []*pool
}

const (
	idle  = 1000.0    // seconds between two looks of the one who stops loops that wait
	shift = 1.0 / 512 // so that no timer is due when it looks
)

// act returns what happens when a program runs. It must be called in a bubble.
func act(version asyncio.Version, ops []*op) []string {
	a := &actor{}
	py := asyncio.Start(version, func(message string, err error) {
		a.say("log", message, show(err))
	})
	for range 2 {
		a.loops = append(a.loops, py.NewEventLoop())
	}
	for i := range 3 {
		p := &pool{executor: py.NewThreadPoolExecutor(1), gate: make(chan struct{})}
		a.pools = append(a.pools, p)
		if i < len(a.loops) {
			a.loops[i].SetDefaultExecutor(p.executor)
		}
	}
	done := make(chan struct{})
	stopped := make(chan struct{})
	go a.stopIdle(done, stopped)
	a.run(ops)
	for _, p := range a.pools {
		p.release()
		p.executor.Shutdown(true)
	}
	close(done)
	<-stopped
	return a.events
}

// stopIdle stops the loop that waits, after a long time.
func (a *actor) stopIdle(done, stopped chan struct{}) {
	defer close(stopped)
	for {
		now := a.loops[0].Time()
		looks := math.Floor((now-shift)/idle)*idle + idle + shift
		select {
		case <-done:
			return
		case <-time.After(time.Duration((looks - now) * 1e9)):
		}
		for _, l := range a.loops {
			if l.IsRunning() {
				l.CallSoonThreadsafe(asyncio.Callback{Name: "stop", Call: l.Stop})
			}
		}
	}
}

func (a *actor) say(words ...any) {
	a.events = append(a.events, strings.TrimSuffix(fmt.Sprintln(words...), "\n"))
}

func show(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// run carries operations out. It returns what one of them is to raise.
func (a *actor) run(ops []*op) error {
	for _, o := range ops {
		if o.Kind == "raise" {
			return exception(o)
		}
		a.tell(o, a.do, nil)
	}
	return nil
}

// tell carries one operation out and says what came of it.
func (a *actor) tell(o *op, do func(*op, *asyncio.Task) (any, error), t *asyncio.Task) error {
	result, err := do(o, t)
	switch {
	case err != nil:
		a.say(o.ID, o.Kind, "raised", show(err))
	case result != nil:
		a.say(o.ID, o.Kind, result)
	}
	return err
}

// body makes a coroutine of operations. It waits for older futures only, since a ring of tasks that wait for one another cannot be cancelled.
func (a *actor) body(ops []*op) asyncio.Coroutine {
	older := len(a.futures)
	await := func(o *op, t *asyncio.Task) (any, error) { return a.await(o, t, older) }
	return func(t *asyncio.Task) (any, error) {
		for _, o := range ops {
			if o.Kind == "raise" {
				return nil, exception(o)
			}
			err := a.tell(o, await, t)
			if err != nil && awaits[o.Kind] && !o.Catch {
				return nil, err
			}
		}
		if len(ops) == 0 {
			return nil, nil
		}
		return ops[len(ops)-1].ID, nil
	}
}

var awaits = map[string]bool{"await": true, "sleep": true, "yield": true, "wait": true, "gather": true}

func (a *actor) await(o *op, t *asyncio.Task, older int) (any, error) {
	switch o.Kind {
	case "await":
		f, ok := pick(a.futures[:older], o)
		if !ok {
			return nil, nil
		}
		return reprOf(t.Await(f))
	case "sleep":
		_, err := t.Await(asyncio.Sleep(o.D))
		return "slept", err
	case "yield":
		return "yielded", t.Yield()
	case "wait":
		return a.wait(o, t, older)
	case "gather":
		fs := a.several(o, older)
		if len(fs) == 0 {
			return nil, nil
		}
		f, err := asyncio.Gather(a.loops[o.Loop], fs, o.Catch)
		if err != nil {
			return nil, err
		}
		return reprOf(t.Await(f))
	}
	return a.do(o, t)
}

func (a *actor) wait(o *op, t *asyncio.Task, older int) (any, error) {
	fs := a.several(o, older)
	if len(fs) == 0 {
		return nil, nil
	}
	coro := asyncio.Wait(fs, asyncio.ReturnWhen(o.V%3))
	if o.D != 0 {
		coro = asyncio.WaitWithin(fs, asyncio.ReturnWhen(o.V%3), o.D)
	}
	w, err := t.Await(coro)
	if err != nil {
		return nil, err
	}
	waited := w.(*asyncio.Waited)
	return fmt.Sprintf("%d done, %d pending", len(waited.Done), len(waited.Pending)), nil
}

func (a *actor) several(o *op, older int) []*asyncio.Future {
	var fs []*asyncio.Future
	for _, f := range a.futures[:min(o.T, older)] {
		if f.Loop() == a.loops[o.Loop] {
			fs = append(fs, f)
		}
	}
	return fs
}

func (a *actor) do(o *op, _ *asyncio.Task) (any, error) {
	loop := a.loops[o.Loop]
	switch o.Kind {
	case "call_soon":
		return a.handle(loop.CallSoon(a.callback(o, "")))
	case "call_soon_threadsafe":
		return a.handle(loop.CallSoonThreadsafe(a.callback(o, "")))
	case "call_later":
		return a.handle(loop.CallLater(o.D, a.callback(o, "")))
	case "burst":
		return nil, a.burst(loop, o)
	case "stop":
		return nil, loop.Stop()
	case "close":
		return nil, loop.Close()
	case "run_forever":
		return "ran", loop.RunForever()
	case "run_until_complete":
		f, ok := pick(a.futures, o)
		if !ok {
			return nil, nil
		}
		r, err := reprOf(loop.RunUntilComplete(f))
		return fmt.Sprint("ran ", r), err
	case "handler":
		loop.SetExceptionHandler([]func(*asyncio.Loop, *asyncio.Context) error{nil, a.handler, a.failing}[o.V%3])
		return nil, nil
	case "state":
		return fmt.Sprintf("%s %s %d %s", repr(loop.IsRunning()), repr(loop.IsClosed()), loop.Ready(), repr(loop.Time())), nil
	case "future":
		a.futures = append(a.futures, asyncio.NewFuture(loop))
		return nil, nil
	case "task":
		t, err := loop.CreateTask(a.body(o.Body))
		if err == nil {
			a.futures = append(a.futures, &t.Future)
		}
		return nil, err
	case "threadsafe":
		c, err := asyncio.RunCoroutineThreadsafe(a.body(o.Body), loop)
		if err == nil {
			a.concurrents = append(a.concurrents, c)
		}
		return nil, err
	case "concurrent":
		a.concurrents = append(a.concurrents, loop.Interpreter().NewConcurrentFuture())
		return nil, nil
	case "wrap":
		c, ok := pick(a.concurrents, o)
		if !ok {
			return nil, nil
		}
		f, err := asyncio.WrapFuture(c, loop)
		if err == nil {
			a.futures = append(a.futures, f)
		}
		return nil, err
	}
	switch o.Kind {
	case "job":
		return nil, a.job(loop, o)
	case "release":
		a.pools[o.T%3].release()
		return nil, nil
	case "pool_shutdown":
		a.pools[o.T%3].executor.Shutdown(false)
		return nil, nil
	}
	switch kind, name := o.Kind[:2], o.Kind[2:]; kind {
	case "h_":
		return a.onHandle(name, o)
	case "f_":
		return a.onFuture(name, o)
	case "c_":
		return a.onConcurrent(name, o)
	}
	panic("no such operation: " + o.Kind)
}

func (a *actor) handle(h *asyncio.Handle, err error) (any, error) {
	if err == nil {
		a.handles = append(a.handles, h)
	}
	return nil, err
}

func (a *actor) callback(o *op, prefix string) asyncio.Callback {
	name := fmt.Sprint("cb", prefix, o.ID)
	return asyncio.Callback{Name: name, Call: func() error {
		a.say(name)
		return a.run(o.Body)
	}}
}

func (a *actor) burst(loop *asyncio.Loop, o *op) error {
	var handles []*asyncio.Handle
	for i := range o.V {
		h, err := loop.CallLater(o.D*float64(i*7%5), a.callback(o, fmt.Sprint(i, ".")))
		if err != nil {
			return err
		}
		handles = append(handles, h)
	}
	for i, h := range handles {
		if i%3 != o.T%3 {
			h.Cancel()
		}
	}
	return nil
}

func (a *actor) handler(_ *asyncio.Loop, c *asyncio.Context) error {
	a.say("handler", c.Message, show(c.Exception))
	return nil
}

func (a *actor) failing(_ *asyncio.Loop, c *asyncio.Context) error {
	a.say("failing handler", c.Message)
	return asyncio.Raise("ZeroDivisionError", "handler")
}

func exception(o *op) error {
	class := o.S
	if class == "" {
		class = "ValueError"
	}
	return asyncio.Raise(class, fmt.Sprint("e", o.V))
}

func pick[T any](of []T, o *op) (T, bool) {
	if len(of) == 0 {
		var none T
		return none, false
	}
	return of[o.T%len(of)], true
}

func reprOf(v any, err error) (any, error) { return repr(v), err }
