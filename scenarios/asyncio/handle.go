package asyncio

// Callback is a Python callable with its arguments bound: the name that messages show, and what it does. What it returns it raises.
type Callback struct {
	Name string
	Call func() error
}

// Do makes a Callback of what raises nothing.
func Do(name string, f func()) Callback {
	return Callback{name, func() error { f(); return nil }}
}

// Handle is events.Handle, and events.TimerHandle where it has a time. It belongs to its loop's thread.
type Handle struct {
	loop      *Loop
	name      string
	argument  *Future // the callback's, or nil
	callback  func() error
	cancelled bool
	timer     bool
	when      float64
	scheduled bool // in the heap
}

func newHandle(l *Loop, cb Callback) *Handle {
	return &Handle{loop: l, name: cb.Name, callback: cb.Call}
}

// Cancel is events.Handle.cancel and events.TimerHandle.cancel. The handle stays where it is and is passed over.
func (h *Handle) Cancel() {
	if h.cancelled {
		return
	}
	if h.timer && h.scheduled { // base_events.BaseEventLoop._timer_handle_cancelled
		h.loop.timersCancelled++
	}
	h.cancelled = true
	h.name, h.argument, h.callback = "None", nil, nil
}

// Cancelled is events.Handle.cancelled.
func (h *Handle) Cancelled() bool { return h.cancelled }

// When is events.TimerHandle.when.
func (h *Handle) When() float64 { return h.when }

// String is events.Handle.__repr__ and events.TimerHandle.__repr__, without the place where a function was defined.
func (h *Handle) String() string {
	s := "<Handle"
	if h.timer {
		s = "<TimerHandle"
	}
	if h.cancelled {
		s += " cancelled"
	}
	if h.timer {
		s += " when=" + reprFloat(h.when)
	}
	if !h.cancelled {
		s += " " + h.source()
	}
	return s + ">"
}

// source is format_helpers._format_callback_source, without the place, and since 3.13 without the argument.
func (h *Handle) source() string {
	if h.argument == nil || h.loop.interpreter.version >= V2025 {
		return h.name + "()"
	}
	return h.name + "(" + abbreviated(h.argument.String()) + ")"
}

// run is events.Handle._run. It returns what leaves run_forever; everything else goes to the exception handler.
func (h *Handle) run() error {
	err := h.callback()
	if err == nil || leaves(err) {
		return err
	}
	return h.loop.CallExceptionHandler(&Context{Message: "Exception in callback " + h.source(), Exception: err, Handle: h})
}

// deque is collections.deque, of which each method is one step. A channel has just that, where a mutex would make two of it.
type deque chan *Handle

// dequeRoom is how much a deque holds. Python's has no bound.
const dequeRoom = 1024

func (d deque) append(h *Handle) {
	select {
	case d <- h:
	default:
		panic("asyncio: more handles are ready than the rendering has room for")
	}
}

// popleft reports false where Python raises IndexError.
func (d deque) popleft() (*Handle, bool) {
	select {
	case h := <-d:
		return h, true
	default:
		return nil, false
	}
}

// clear takes more steps than Python's, which nobody can tell: only those who close take out, and what others append
// meanwhile stays, as if it had come after.
func (d deque) clear() {
	for range len(d) {
		d.popleft()
	}
}
