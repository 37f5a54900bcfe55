package asyncio

// gathering is tasks._GatheringFuture's part of a Future.
type gathering struct {
	children        []*Future
	cancelRequested bool
}

// cancel is tasks._GatheringFuture.cancel.
func (g *gathering) cancel(outer *Future) (bool, error) {
	if outer.Done() {
		return false, nil
	}
	any := false
	for _, c := range g.children {
		ok, err := c.Cancel()
		if err != nil {
			return any, err
		}
		any = any || ok
	}
	g.cancelRequested = g.cancelRequested || any
	return any, nil
}

// Gather is tasks.gather. With returnExceptions what the futures end with is a result like any other.
func Gather(loop *Loop, fs []*Future, returnExceptions bool) (*Future, error) {
	outer := NewFuture(loop)
	if len(fs) == 0 {
		return outer, outer.SetResult([]any{})
	}
	g := &gathering{children: fs}
	outer.gathering = g
	finished := 0
	name := "gather.<locals>._done_callback"
	if loop.interpreter.version == V2018 { // in 3.8 and 3.9
		name = "_" + name
	}
	done := &DoneCallback{name, func(f *Future) error {
		finished++
		switch o := f.outcome.Load(); {
		case outer.Done():
			return nil
		case !returnExceptions && o.cancelled:
			return outer.SetException(ErrCancelled)
		case !returnExceptions && o.exception != nil:
			return outer.SetException(o.exception)
		case finished < len(fs):
			return nil
		case g.cancelRequested:
			return outer.SetException(ErrCancelled)
		}
		return outer.SetResult(results(fs))
	}}
	var already []*Future // since 3.12 these are not waited for
	for _, f := range fs {
		if loop.interpreter.version >= V2025 && f.Done() {
			already = append(already, f)
		} else if err := f.AddDoneCallback(done); err != nil {
			return nil, err
		}
	}
	for _, f := range already {
		if err := done.Call(f); err != nil {
			return nil, err
		}
	}
	return outer, nil
}

// results is what gather returns: for each future its result, or what it ended with.
func results(fs []*Future) []any {
	var rs []any
	for _, f := range fs {
		r, err := f.Result()
		if err != nil {
			r = err
		}
		rs = append(rs, r)
	}
	return rs
}
