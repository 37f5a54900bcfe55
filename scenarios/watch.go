package scenarios

import (
	"fmt"
	"sync/atomic"

	"github.com/lastcall-go/lastcall/scheduler"
)

// watched is a strategy that tells of each schedule as it begins.
type watched struct {
	scheduler.Strategy
	call func(schedule int)
	n    atomic.Int64
}

var _ scheduler.Unwrapper = (*watched)(nil)

// wrap makes w the strategy around m's.
func (w *watched) wrap(m scheduler.Maker) scheduler.Maker {
	if m == nil {
		m = scheduler.Portfolio
	}
	return func(seed uint64) scheduler.Strategy {
		w.Strategy = m(seed)
		return w
	}
}

// Next returns the next run of the strategy within.
func (w *watched) Next() (scheduler.Run, bool) {
	run, ok := w.Strategy.Next()
	if n := w.n.Add(1); ok && w.call != nil {
		w.call(int(n))
	}
	return run, ok
}

// Unwrap returns the strategy within.
func (w *watched) Unwrap() scheduler.Strategy { return w.Strategy }

// name is the strategy's own name for itself, or what is given where another was used.
func (w *watched) name(otherwise string) string {
	if s, ok := w.Strategy.(fmt.Stringer); ok {
		return s.String()
	}
	return otherwise
}
