package loop

import (
	"log/slog"
	"runtime"
)

type config struct {
	workersMax int
	queueMax   int // of work that waits for a worker; 0 means no limit
	failFast   bool
	onError    func(error)
	onDrop     func(n int)
	logger     *slog.Logger
}

// An Option is given to [New].
type Option func(*config)

// Workers bounds the goroutines that run work. They are started on demand and end as soon as there is nothing queued.
// The default, also for n < 1, is that of asyncio's executor: the number of CPUs and 4, at most 32.
func Workers(n int) Option { return func(c *config) { c.workersMax = n } }

// QueueLimit bounds the work that waits for a worker. [Submit] beyond it blocks until there is room, its context ends
// or the loop closes. The default, also for n < 1, is no limit.
func QueueLimit(n int) Option { return func(c *config) { c.queueMax = max(n, 0) } }

// FailFast makes [Submit] beyond [QueueLimit] return [ErrQueueFull] instead of blocking.
func FailFast() Option { return func(c *config) { c.failFast = true } }

// OnError is told of each panic in a callback, as a [*PanicError], on the goroutine that runs the loop, which goes on
// afterwards. Without it they are logged as errors, by [Logger] or by [slog.Default].
func OnError(f func(error)) Option { return func(c *config) { c.onError = f } }

// OnDrop is told how many accepted callbacks will not run, each time some are dropped, on the goroutine that caused
// it and before its call returns. In f the rules of a callback hold: Shutdown and Close return [ErrInCallback].
func OnDrop(f func(n int)) Option { return func(c *config) { c.onDrop = f } }

// Logger is told of dropped callbacks and unfinished shutdowns as warnings, of panics that OnError does not take as
// errors, and of the beginning of a shutdown at debug level. Without it the loop is quiet, panics apart.
func Logger(l *slog.Logger) Option { return func(c *config) { c.logger = l } }

func newConfig(opts []Option) config {
	var c config
	for _, opt := range opts {
		if opt != nil {
			opt(&c)
		}
	}
	if c.workersMax < 1 {
		c.workersMax = min(32, runtime.NumCPU()+4)
	}
	return c
}
