package asyncio

// Context is what an exception handler gets: the dict of base_events.BaseEventLoop.call_exception_handler.
type Context struct {
	Message   string
	Exception error
	Handle    *Handle
	Task      *Task
	Context   *Context
}

// SetExceptionHandler is base_events.BaseEventLoop.set_exception_handler. nil is None. What the handler returns it raises.
func (l *Loop) SetExceptionHandler(handler func(*Loop, *Context) error) { l.exceptionHandler = handler }

// DefaultExceptionHandler is base_events.BaseEventLoop.default_exception_handler: a line for the message, and one for each other
// key, in order.
func (l *Loop) DefaultExceptionHandler(c *Context) {
	text := c.Message
	if text == "" {
		text = "Unhandled exception in event loop"
	}
	if c.Context != nil {
		text += "\ncontext: " + c.Context.String()
	}
	if c.Handle != nil {
		text += "\nhandle: " + c.Handle.String()
	}
	if c.Task != nil {
		text += "\ntask: " + c.Task.String()
	}
	l.interpreter.logger(text, c.Exception)
}

// String is repr of the dict.
func (c *Context) String() string {
	s := "{'message': " + reprString(c.Message) + ", 'exception': " + repr(c.Exception)
	if c.Handle != nil {
		s += ", 'handle': " + c.Handle.String()
	}
	if c.Task != nil {
		s += ", 'task': " + c.Task.String()
	}
	return s + "}"
}

// CallExceptionHandler is base_events.BaseEventLoop.call_exception_handler. It returns what a handler of the program's own raised if
// that leaves run_forever; everything else ends here.
func (l *Loop) CallExceptionHandler(c *Context) error {
	if l.exceptionHandler == nil {
		l.DefaultExceptionHandler(c)
		return nil
	}
	err := l.exceptionHandler(l, c)
	if err == nil || leaves(err) {
		return err
	}
	l.DefaultExceptionHandler(&Context{Message: "Unhandled error in exception handler", Exception: err, Context: c})
	return nil
}
