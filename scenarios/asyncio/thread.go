package asyncio

import (
	"bytes"
	"runtime"
	"strconv"
	"strings"
)

// runningLoop is events._get_running_loop, the loop that this thread runs or nil. That is a thread's own there, so here a thread that
// runs none learns it from its stack alone, which is no step.
func (py *Interpreter) runningLoop() *Loop {
	if !within() {
		return nil
	}
	id := goroutine()
	if t, ok := py.coroutines.Load(id); ok {
		return t.(*Task).loop // a coroutine has a goroutine of its own here, and none there
	}
	for _, l := range py.allLoops() {
		if l.threadID.Load() == id {
			return l
		}
	}
	return nil
}

// within reports whether this goroutine is in run_forever, or in a coroutine's frame.
func within() bool {
	var pcs [64]uintptr
	for skip := 1; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs[:])
		frames := runtime.CallersFrames(pcs[:n])
		for more := n > 0; more; {
			var f runtime.Frame
			f, more = frames.Next()
			if strings.HasSuffix(f.Function, "asyncio.(*Loop).turns") || strings.HasSuffix(f.Function, "asyncio.(*Task).body") {
				return true
			}
		}
		if n < len(pcs) {
			return false
		}
	}
}

// goroutine is the number of this goroutine, which stands for threading.get_ident. Go tells it in stack traces only. It decides
// nothing but who is who.
func goroutine() int64 {
	var buf [64]byte
	s := buf[:runtime.Stack(buf[:], false)]
	s = bytes.TrimPrefix(s, []byte("goroutine "))
	id, err := strconv.ParseInt(string(s[:bytes.IndexByte(s, ' ')]), 10, 64)
	if err != nil {
		panic("asyncio: a stack trace begins otherwise than it did")
	}
	return id
}
