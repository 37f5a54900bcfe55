package loop

import (
	"reflect"
	"runtime"
)

// The functions through which all code of the user's is called. None is ever inlined, so each is a mark on the stack.
var (
	markCallbacks = entry(runCallbacks)
	markHook      = entry(runHook)
	markWork      = entry(runWork)
)

// entry returns where the code of a function begins.
func entry(f any) uintptr { return runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Entry() }

// inside tells whether the caller is in a callback (or in one of the loop's hooks), or in work, of any loop.
//
// Go has no goroutine identity. The stack answers the question that matters, who waits for the caller to return, without a registry
// that every loop would have to share; it costs a microsecond or two, and only calls that may wait ask.
func inside() (callback, work bool) {
	pcs := make([]uintptr, 64)
	n := runtime.Callers(2, pcs)
	for n == len(pcs) {
		pcs = make([]uintptr, 2*len(pcs))
		n = runtime.Callers(2, pcs)
	}
	frames := runtime.CallersFrames(pcs[:n])
	for {
		f, more := frames.Next()
		switch f.Entry {
		case markCallbacks, markHook:
			callback = true
		case markWork:
			work = true
		}
		if !more {
			return callback, work
		}
	}
}

func insideAny() bool {
	callback, work := inside()
	return callback || work
}
