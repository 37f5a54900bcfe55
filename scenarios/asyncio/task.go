package asyncio

import (
	"fmt"
	"iter"
	"strings"
)

// Coroutine is an async function. It runs in its task's steps, on the loop's thread, and waits with [Task.Await]. What it is
// cancelled with comes out of there as ErrCancelled, which it had better return.
type Coroutine func(t *Task) (any, error)

func (c Coroutine) ensureFuture(l *Loop) (*Future, error) {
	t, err := l.CreateTask(c)
	if err != nil {
		return nil, err
	}
	return &t.Future, nil
}

// Task is tasks.Task.
type Task struct {
	Future
	name       string
	coro       Coroutine
	next       func() (*Future, bool)
	stop       func()
	yield      func(*Future) bool
	started    bool
	inside     bool  // the coroutine runs
	thrown     error // what the coroutine gets where it waits
	result     any   // what it returned
	raised     error
	waiter     *Future // _fut_waiter
	mustCancel bool
	cancels    int // _num_cancels_requested
}

// CreateTask is base_events.BaseEventLoop.create_task with tasks.Task.__init__.
func (l *Loop) CreateTask(coro Coroutine) (*Task, error) {
	if err := l.checkClosed(); err != nil {
		return nil, err
	}
	t := &Task{Future: Future{loop: l}, name: l.interpreter.taskName(), coro: coro}
	t.Future.task = t
	t.next, t.stop = iter.Pull(t.body)
	if err := t.callStep(nil); err != nil {
		return nil, err
	}
	l.tasks = append(l.tasks, t)
	return t, nil
}

// taskName is tasks._task_name_counter.
func (py *Interpreter) taskName() string { return fmt.Sprintf("Task-%d", py.tasksNamed.Add(1)) }

// repr is base_tasks._task_repr. What the coroutine is called is left out.
func (t *Task) repr() string {
	state, rest, more := strings.Cut(t.reprInfo(), " ")
	cancelling := t.cancels > 0 && state == "pending"
	if t.loop.interpreter.version <= V2018 { // until 3.10
		cancelling = t.mustCancel
	}
	if cancelling {
		state = "cancelling"
	}
	s := "<Task " + state + " name=" + reprString(t.name) + " coro=<coroutine>"
	if t.waiter != nil {
		s += " wait_for=" + t.waiter.String()
	}
	if more {
		s += " " + rest
	}
	return s + ">"
}

// body is the coroutine's frame.
func (t *Task) body(yield func(*Future) bool) {
	t.loop.interpreter.coroutines.Store(goroutine(), t)
	t.yield = yield
	t.result, t.raised = t.coro.call(t)
}

// call runs the coroutine's function. StopIteration cannot come out of it (PEP 479).
func (c Coroutine) call(t *Task) (any, error) {
	result, err := c(t)
	if err != nil && className(err) == "StopIteration" {
		err = Raise("RuntimeError", "coroutine raised StopIteration")
	}
	return result, err
}

// Await is what "await" does: _asyncio.Future.__await__. A coroutine is not made a task but called.
func (t *Task) Await(a Awaitable) (any, error) {
	var f *Future
	switch a := a.(type) {
	case Coroutine:
		return a.call(t)
	case *Task:
		f = &a.Future
	case *Future:
		f = a
	}
	for !f.Done() {
		if f.blocking {
			return nil, Raise("RuntimeError", "await wasn't used with future")
		}
		f.blocking = true
		if err := t.suspend(f); err != nil {
			return nil, err
		}
	}
	return f.Result()
}

// Yield is tasks.__sleep0: it lets the loop turn once.
func (t *Task) Yield() error { return t.suspend(nil) }

// suspend hands f to the step and returns what the next step throws.
func (t *Task) suspend(f *Future) error {
	if !t.yield(f) {
		return Raise("GeneratorExit", "")
	}
	return t.thrown
}

// callStep is call_soon(self.__step, exc).
func (t *Task) callStep(exc error) error {
	_, err := t.loop.CallSoon(Callback{"<TaskStepMethWrapper object>", func() error { return t.step(exc) }})
	return err
}

// step is tasks.Task.__step: the coroutine runs to where it waits next, or to its end.
func (t *Task) step(exc error) error {
	if t.Done() {
		return Raise("InvalidStateError", "__step(): already done: "+t.String()+" "+repr(exc))
	}
	if t.mustCancel {
		exc = ErrCancelled
		t.mustCancel = false
	}
	t.waiter = nil
	f, ok := t.resume(exc)
	if !ok {
		return t.finish()
	}
	if f == nil {
		return t.callStep(nil)
	}
	return t.waitFor(f)
}

// resume is coro.send(None), or coro.throw(exc), which never enters what has not begun.
func (t *Task) resume(exc error) (f *Future, ok bool) {
	t.thrown = exc
	if exc != nil && !t.started {
		t.raised = exc
		t.stop()
		return nil, false
	}
	t.started, t.inside = true, true
	f, ok = t.next()
	t.inside = false
	return f, ok
}

// finish is what __step does when the coroutine has returned or raised.
func (t *Task) finish() error {
	switch err := t.raised; {
	case err == nil && t.mustCancel:
		t.mustCancel = false
		_, err := t.Future.cancel()
		return err
	case err == nil:
		return t.end(&outcome{result: t.result})
	case err == ErrCancelled:
		_, err := t.Future.cancel()
		return err
	case leaves(err):
		if e := t.end(&outcome{exception: err}); e != nil {
			return e
		}
		return err
	default:
		return t.end(&outcome{exception: err})
	}
}

// waitFor is what __step does with a future that the coroutine waits for.
func (t *Task) waitFor(f *Future) error {
	switch {
	case f.loop != t.loop:
		return t.callStep(Raise("RuntimeError", "Task "+t.String()+" got Future "+f.String()+" attached to a different loop"))
	case f == &t.Future:
		return t.callStep(Raise("RuntimeError", "Task cannot await on itself: "+t.String()))
	}
	f.blocking = false
	if err := f.AddDoneCallback(&DoneCallback{t.wakeupName(), t.wakeup}); err != nil {
		return err
	}
	t.waiter = f
	if t.mustCancel {
		ok, err := f.Cancel()
		if ok {
			t.mustCancel = false
		}
		return err
	}
	return nil
}

// wakeup is tasks.Task.__wakeup.
func (t *Task) wakeup(f *Future) error {
	_, err := f.Result()
	return t.step(err)
}

// wakeupName is what a future's repr calls its task's __wakeup.
func (t *Task) wakeupName() string {
	if t.loop.interpreter.version <= V2018 {
		return "<TaskWakeupMethWrapper object>"
	}
	return "Task.task_wakeup"
}

// cancel is tasks.Task.cancel: the coroutine gets a CancelledError where it waits, in a later turn.
func (t *Task) cancel() (bool, error) {
	if t.Done() {
		return false, nil
	}
	t.cancels++
	if t.waiter != nil {
		if ok, err := t.waiter.Cancel(); ok || err != nil {
			return ok, err
		}
	}
	t.mustCancel = true
	return true, nil
}

// destroyTasks is tasks.Task.__del__ of each task that is pending still.
func (l *Loop) destroyTasks() {
	for _, t := range l.tasks {
		if !t.Done() {
			t.destroy()
			l.CallExceptionHandler(&Context{Message: "Task was destroyed but it is pending!", Task: t})
		}
	}
}

// destroy is coro.close() where the coroutine waits.
func (t *Task) destroy() {
	if !t.inside {
		t.stop()
	}
}
