package loop

import (
	"context"
	"sync/atomic"
	"time"
)

// A workContext is the context of work: derived from Submit's, and cancelled by the loop. Most work asks it nothing, so what there is behind it is
// made on demand. That saves Submit its registration with the parent, and two of its three allocations.
//
// Who asks for Done or Value gets those of a context of package context, so deriving from it and [context.Cause] work as ever.
type workContext struct {
	parent context.Context
	state  atomic.Pointer[contextState] // nil: neither asked nor cancelled
}

// A contextState does not change. It is replaced once: one that says that the context was cancelled before somebody asked, by one that has a context.
type contextState struct {
	ctx    context.Context // nil if nobody has asked
	cancel context.CancelCauseFunc
	cause  error // of the cancellation that came first
}

var _ context.Context = (*workContext)(nil)

// How contexts end that nobody has asked.
var (
	stateCanceled = &contextState{cause: ErrCanceled}
	stateClosed   = &contextState{cause: ErrClosed}
	stateReturned = &contextState{cause: context.Canceled}
)

// end cancels the context: s is one of the states above. Nothing is made if nobody has asked, and if the parent ended earlier its reason stands.
//
// It must be called without the loop's mutex held, since the parent may be code of the user's.
func (c *workContext) end(s *contextState) {
	p := c.state.Load()
	if p == nil {
		if c.parent.Err() != nil || c.state.CompareAndSwap(nil, s) {
			return
		}
		p = c.state.Load()
	}
	if p.ctx != nil {
		p.cancel(s.cause)
	}
}

// real makes the context, if that has not been done.
func (c *workContext) real() *contextState {
	for {
		p := c.state.Load()
		if p != nil && p.ctx != nil {
			return p
		}
		parent := c.parent
		if p != nil {
			parent = context.WithoutCancel(parent) // whatever became of it since
		}
		made := new(contextState)
		made.ctx, made.cancel = context.WithCancelCause(parent)
		if p != nil {
			made.cancel(p.cause)
		}
		if c.state.CompareAndSwap(p, made) {
			return made
		}
		made.cancel(nil) // another was quicker
	}
}

// Deadline is the parent's.
func (c *workContext) Deadline() (time.Time, bool) { return c.parent.Deadline() }

func (c *workContext) Done() <-chan struct{} { return c.real().ctx.Done() }

func (c *workContext) Value(key any) any { return c.real().ctx.Value(key) }

// Err makes nothing while there is nothing to say.
func (c *workContext) Err() error {
	if c.state.Load() == nil && c.parent.Err() == nil {
		return nil
	}
	return c.real().ctx.Err()
}

func (c *workContext) String() string { return "loop.Submit" }
