package asyncio_test

import (
	"github.com/lastcall-go/lastcall/scenarios/asyncio"
)

// What operations do to handles and futures.

func (a *actor) onHandle(name string, o *op) (any, error) {
	h, ok := pick(a.handles, o)
	switch {
	case !ok:
		return nil, nil
	case name == "cancel":
		h.Cancel()
		return nil, nil
	case name == "cancelled":
		return repr(h.Cancelled()), nil
	}
	return h.String(), nil
}

func (a *actor) onFuture(name string, o *op) (any, error) {
	f, ok := pick(a.futures, o)
	if !ok {
		return nil, nil
	}
	var cb *asyncio.DoneCallback
	if len(a.callbacks) > 0 {
		cb = a.callbacks[o.V%len(a.callbacks)]
	}
	switch name {
	case "add":
		called := a.callback(o, "")
		cb = &asyncio.DoneCallback{Name: called.Name, Call: func(*asyncio.Future) error { return called.Call() }}
		a.callbacks = append(a.callbacks, cb)
		return nil, f.AddDoneCallback(cb)
	case "again", "remove":
		if cb == nil {
			return nil, nil
		}
		if name == "again" {
			return nil, f.AddDoneCallback(cb)
		}
		return f.RemoveDoneCallback(cb), nil
	case "set_result":
		return nil, f.SetResult(o.V)
	case "set_exception":
		return nil, f.SetException(exception(o))
	case "cancel":
		ok, err := f.Cancel()
		return repr(ok), err
	case "exception":
		exc, err := f.Exception()
		return repr(exc), err
	case "result":
		return reprOf(f.Result())
	case "repr":
		return f.String(), nil
	case "done":
		return repr(f.Done()), nil
	case "cancelled":
		return repr(f.Cancelled()), nil
	}
	panic("no such operation: " + o.Kind)
}

func (a *actor) onConcurrent(name string, o *op) (any, error) {
	c, ok := pick(a.concurrents, o)
	if !ok {
		return nil, nil
	}
	switch name {
	case "add":
		cb := a.callback(o, "")
		c.AddDoneCallback(func(*asyncio.ConcurrentFuture) error { return cb.Call() })
		return nil, nil
	case "set_result":
		return nil, c.SetResult(o.V)
	case "set_exception":
		return nil, c.SetException(exception(o))
	case "start":
		ok, err := c.SetRunningOrNotifyCancel()
		return repr(ok), err
	case "result":
		if !c.Done() {
			return "not done", nil
		}
		return reprOf(c.Result())
	case "repr":
		return c.String(), nil
	case "cancel":
		return repr(c.Cancel()), nil
	case "done":
		return repr(c.Done()), nil
	case "running":
		return repr(c.Running()), nil
	case "cancelled":
		return repr(c.Cancelled()), nil
	}
	panic("no such operation: " + o.Kind)
}
