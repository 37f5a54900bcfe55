package matrix

import (
	"github.com/lastcall-go/lastcall/scenarios/asyncio"
	"github.com/lastcall-go/lastcall/scenarios/shapes"
)

// A column is how an implementation hands results over.
type column struct {
	name      string
	what      string // in a few words, with where it comes from
	open      func(p *play, workers int) system
	silent    bool // its post says nothing of whether it was accepted
	noTimeout bool // its graceful shutdown takes no timeout
}

// columns returns the columns, in order.
func columns() []column {
	return []column{
		{name: "asyncio 2015", what: "CPython 3.4 to 3.6.5", open: openAsyncio(asyncio.V2015), noTimeout: true},
		{name: "asyncio 2018", what: "CPython 3.6.6 to 3.9", open: openAsyncio(asyncio.V2018), noTimeout: true},
		{name: "asyncio 2022", what: "CPython 3.10.8 to 3.13", open: openAsyncio(asyncio.V2022)},
		{name: "asyncio 2025", what: "CPython 3.14", open: openAsyncio(asyncio.V2025)},
		{name: "second answer", what: "a run_in_executor of the program's own, on asyncio 2018", open: openSecondAnswer, noTimeout: true},
		shape("check then post", "check, then post, as anyio and janus", func(workers int, report func(error)) shapes.Shape {
			return shapes.NewCheckThenPost(workers, report)
		}),
		shape("lock", "a lock around check and post, without a drain", func(workers int, report func(error)) shapes.Shape {
			return shapes.NewLock(workers, report)
		}),
		shape("lock and drain", "a lock around check and post, and a drain, as trio and goja_nodejs", func(workers int, report func(error)) shapes.Shape {
			return shapes.NewLockAndDrain(workers, report)
		}),
		shape("recheck", "post, check again, take out, as Netty and ThreadPoolExecutor", func(workers int, report func(error)) shapes.Shape {
			return shapes.NewRecheck(workers, report)
		}),
		shape("busy count", "the closed bit and a count of posters in one word, as libuv", func(workers int, report func(error)) shapes.Shape {
			return shapes.NewBusyCount(workers, report)
		}),
		shape("reservation", "a count of callbacks to come, as k6", func(workers int, report func(error)) shapes.Shape {
			return shapes.NewReservation(workers, report)
		}),
		shape("join", "shutdown(wait=True), then close", func(workers int, report func(error)) shapes.Shape {
			return shapes.NewJoin(workers, report)
		}),
		shape("quiet period", "a quiet period, as Netty's shutdownGracefully", func(workers int, report func(error)) shapes.Shape {
			return shapes.NewQuietPeriod(workers, report)
		}),
		silent(shape("swallow", "post, and ignore the refusal, as tornado and anyio", func(workers int, report func(error)) shapes.Shape {
			return shapes.NewSwallow(workers, report)
		})),
		{name: "loop", what: "package loop", open: openLoop},
	}
}

// shape is a column of package shapes.
func shape(name, what string, open func(workers int, report func(error)) shapes.Shape) column {
	return column{name: name, what: what, open: func(p *play, workers int) system {
		return &shapeSystem{open(workers, func(err error) { p.uncaught("in a worker", err) })}
	}}
}

func silent(c column) column {
	c.silent = true
	return c
}
