package loop

import (
	"context"
	"log/slog"
	"runtime/debug"
)

// runHook calls a function of the user's that is neither a callback nor work, and returns its panic. It is a mark on the stack.
//
//go:noinline
func runHook(f func()) (fault *PanicError) {
	defer func() {
		if v := recover(); v != nil {
			fault = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	f()
	return nil
}

// reportPanic tells of a panic in a callback. One that OnError itself raises is logged, and one in the logger is where it ends.
func (l *Loop) reportPanic(fault *PanicError) {
	if l.onError != nil {
		second := runHook(func() { l.onError(fault) })
		if second == nil {
			return
		}
		l.logPanic("loop: OnError panicked", second)
	}
	l.logPanic("loop: callback panicked", fault)
}

func (l *Loop) logPanic(msg string, fault *PanicError) {
	logger := l.logger
	if logger == nil {
		logger = slog.Default()
	}
	runHook(func() { logger.Error(msg, "value", fault.Value, "stack", string(fault.Stack)) })
}

func (l *Loop) log(level slog.Level, msg string, args ...any) {
	if l.logger != nil {
		runHook(func() { l.logger.Log(context.Background(), level, msg, args...) })
	}
}

// reportDrop tells of n dropped callbacks. reporting was raised in the critical section that dropped them, so that neither Close
// returns nor the loop is over before it has been told.
func (l *Loop) reportDrop(n int) {
	defer func() { // runtime.Goexit in OnDrop included
		l.mu.Lock()
		l.reporting--
		l.settleOverLocked()
		l.broadcastLocked()
		l.mu.Unlock()
	}()
	l.log(slog.LevelWarn, "loop: callbacks dropped", "n", n)
	if l.onDrop == nil {
		return
	}
	if fault := runHook(func() { l.onDrop(n) }); fault != nil {
		l.reportPanic(fault)
	}
}

// tellsDrops tells whether anybody wants to know of dropped callbacks.
func (l *Loop) tellsDrops() bool { return l.onDrop != nil || l.logger != nil }
