package sim

import (
	"fmt"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/scheduler"
)

// phrases say what an operation does and to what. Without a noun the object, where there is one, is not named.
var phrases = [...]struct{ verb, noun string }{
	kernel.Start: {"start", ""}, kernel.End: {"end", ""}, kernel.Go: {"go", ""}, kernel.Gosched: {"yield", ""},
	kernel.Lock: {"lock", "mutex"}, kernel.Unlock: {"unlock", "mutex"}, kernel.TryLock: {"try to lock", "mutex"},
	kernel.RLock: {"rlock", "rwmutex"}, kernel.RUnlock: {"runlock", "rwmutex"}, kernel.TryRLock: {"try to rlock", "rwmutex"},
	kernel.WRequest: {"lock", "rwmutex"}, kernel.WLock: {"acquire", "rwmutex"},
	kernel.WUnlock: {"unlock", "rwmutex"}, kernel.TryWLock: {"try to lock", "rwmutex"},
	kernel.Send: {"send", "chan"}, kernel.Recv: {"receive", "chan"}, kernel.TrySend: {"try to send", "chan"}, kernel.TryRecv: {"try to receive", "chan"},
	kernel.Close: {"close", "chan"}, kernel.Len: {"len", "chan"}, kernel.Cap: {"cap", "chan"},
	kernel.Select: {"select", "chan"}, kernel.TrySelect: {"select with default", "chan"},
	kernel.CondWait: {"wait for", "cond"}, kernel.CondSignal: {"signal", "cond"}, kernel.CondBroadcast: {"broadcast", "cond"},
	kernel.WGAdd: {"add to", "waitgroup"}, kernel.WGWait: {"wait for", "waitgroup"},
	kernel.OnceDo: {"do", "once"}, kernel.OnceEnd: {"end of", "once"},
	kernel.MapRead: {"read", "map"}, kernel.MapWrite: {"write", "map"},
	kernel.AtomicLoad: {"load", "var"}, kernel.AtomicStore: {"store", "var"}, kernel.AtomicRMW: {"update", "var"}, kernel.AtomicCAS: {"compare-and-swap", "var"},
	kernel.CtxDone: {"Done of", "context"}, kernel.CtxErr: {"Err of", "context"}, kernel.CtxCancel: {"cancel", "context"},
	kernel.CtxLeave: {"leave", "context"}, kernel.CtxCause: {"Cause of", "context"}, kernel.CtxEnd: {"end", "context"},
	kernel.TimerStart: {"start", "timer"}, kernel.TimerStop: {"stop", "timer"}, kernel.TimerReset: {"reset", "timer"},
	kernel.Sleep: {"sleep", ""}, kernel.ClockMove: {"the clock fires", "timer"}, kernel.TimerFire: {"the clock fires", "timer"},
	kernel.SynctestWait: {"synctest wait", ""},
}

// describeOp is an operation and its object in words.
func describeOp(op *scheduler.Op) string {
	if int(op.Kind) >= len(phrases) || phrases[op.Kind].verb == "" {
		return op.Kind.String()
	}
	switch p := phrases[op.Kind]; {
	case p.noun == "":
		return p.verb
	case op.Obj != 0:
		return fmt.Sprintf("%s %s %d", p.verb, p.noun, op.Obj)
	case op.Kind == kernel.Send || op.Kind == kernel.Recv:
		return p.verb + " on a nil chan"
	default:
		return p.verb
	}
}

// describeEvent is an operation that was carried out, with how it turned out.
func describeEvent(e *scheduler.Event) string {
	s := describeOp(&e.Op)
	switch {
	case e.Flags&scheduler.Blocked != 0:
		return s + ", waits"
	case e.Flags&scheduler.Read == 0:
		return s
	}
	switch e.Kind {
	case kernel.TryLock, kernel.TryRLock, kernel.TryWLock, kernel.TrySend, kernel.TryRecv, kernel.AtomicCAS:
		return s + ", fails"
	case kernel.OnceDo:
		return s + ", done already"
	}
	return s
}
