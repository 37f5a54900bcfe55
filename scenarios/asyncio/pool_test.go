package asyncio_test

import (
	"fmt"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
)

// pool is an executor with one thread, which does something only while the program waits for it: so there is one order only.
type pool struct {
	executor *asyncio.ThreadPoolExecutor
	gate     chan struct{}
	busy     bool // with a job that waits at the gate
}

func (p *pool) release() {
	close(p.gate)
	if p.busy {
		if c, err := p.executor.Submit(job(nil)); err == nil {
			c.Result()
		} else {
			p.executor.Shutdown(true)
		}
	}
	p.gate, p.busy = make(chan struct{}), false
}

// job has a job done by the loop's own executor or by another. It runs, or waits behind the one that does, until its pool is released.
func (a *actor) job(loop *asyncio.Loop, o *op) error {
	p, e := a.pools[2], a.pools[2].executor
	if o.Catch {
		p, e = a.pools[o.Loop], nil
	}
	gate, begun := p.gate, make(chan struct{})
	f, err := loop.RunInExecutor(e, func() (any, error) {
		close(begun)
		<-gate
		a.say(fmt.Sprint("job", o.ID))
		if o.S != "" {
			return nil, exception(o)
		}
		return o.V, nil
	})
	if err != nil {
		return err
	}
	a.futures = append(a.futures, f)
	if !p.busy {
		<-begun
		p.busy = true
	}
	return nil
}
