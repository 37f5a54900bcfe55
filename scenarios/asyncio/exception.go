package asyncio

import "strings"

// Exception is what Python raises: the name of its class and what str makes of it.
type Exception struct {
	Type, Message string
}

// Raise returns an exception for a callback, a job or a coroutine to return.
func Raise(class, message string) error { return &Exception{class, message} }

// Error is as in the last line of a traceback.
func (e *Exception) Error() string {
	if e.Message == "" {
		return e.Type
	}
	return e.Type + ": " + e.Message
}

// What is raised in more than one place, or is looked for by those who call.
var (
	// ErrClosed is base_events.BaseEventLoop._check_closed's.
	ErrClosed = Raise("RuntimeError", "Event loop is closed")
	// ErrStopped is base_events.BaseEventLoop.run_until_complete's.
	ErrStopped = Raise("RuntimeError", "Event loop stopped before Future completed.")
	// ErrRunning is base_events.BaseEventLoop._check_running's.
	ErrRunning = Raise("RuntimeError", "This event loop is already running")
	// ErrOtherRunning is base_events.BaseEventLoop._check_running's too.
	ErrOtherRunning = Raise("RuntimeError", "Cannot run the event loop while another loop is running")
	// ErrCloseRunning is base_events.BaseEventLoop.close's.
	ErrCloseRunning = Raise("RuntimeError", "Cannot close a running event loop")
	// ErrShutdown is concurrent.futures.thread.ThreadPoolExecutor.submit's.
	ErrShutdown = Raise("RuntimeError", "cannot schedule new futures after shutdown")
	// ErrInterpreterShutdown is concurrent.futures.thread.ThreadPoolExecutor.submit's too.
	ErrInterpreterShutdown = Raise("RuntimeError", "cannot schedule new futures after interpreter shutdown")
	// ErrExecutorShutdown is base_events.BaseEventLoop._check_default_executor's.
	ErrExecutorShutdown = Raise("RuntimeError", "Executor shutdown has been called")
	// ErrCancelled stands for asyncio.CancelledError and concurrent.futures.CancelledError.
	ErrCancelled = Raise("CancelledError", "")
	// ErrTimeout stands for TimeoutError in all its places.
	ErrTimeout = Raise("TimeoutError", "")
	// ErrInvalidState is _asyncio.Future.set_result's and set_exception's. The version in Python, which was
	// the only one before 3.6, says other things, here and below.
	ErrInvalidState = Raise("InvalidStateError", "invalid state")
	// ErrNotReady is _asyncio.Future.result's.
	ErrNotReady = Raise("InvalidStateError", "Result is not set.")
	// ErrNotSet is _asyncio.Future.exception's.
	ErrNotSet = Raise("InvalidStateError", "Exception is not set.")
)

// errStop is base_events._StopError, which is gone since 3.5.1. Like SystemExit and KeyboardInterrupt it is no Exception.
var errStop = Raise("_StopError", "")

// className is type(err).__name__. An error that is no Exception of ours says it itself: "ValueError: don't like 2".
func className(err error) string {
	if e, ok := err.(*Exception); ok {
		return e.Type
	}
	name, _, ok := strings.Cut(err.Error(), ": ")
	if !ok || strings.Contains(name, " ") {
		return "Exception"
	}
	return name
}

// message is str(err).
func message(err error) string {
	if e, ok := err.(*Exception); ok {
		return e.Message
	}
	if _, m, ok := strings.Cut(err.Error(), className(err)+": "); ok {
		return m
	}
	return err.Error()
}

// leaves reports whether an exception passes through a handle and ends run_forever.
func leaves(err error) bool {
	if err == errStop {
		return true
	}
	name := className(err)
	return name == "SystemExit" || name == "KeyboardInterrupt"
}
