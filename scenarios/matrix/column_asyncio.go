package matrix

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
)

// asyncioSystem is a loop of package asyncio. What Python logs of an exception, nobody has caught.
type asyncioSystem struct {
	p        *play
	python   *asyncio.Interpreter
	loop     *asyncio.Loop
	executor *asyncio.ThreadPoolExecutor // the loop's default one
}

var _ system = (*asyncioSystem)(nil)

func openAsyncio(version asyncio.Version) func(p *play, workers int) system {
	return func(p *play, workers int) system { return newAsyncio(p, version, workers) }
}

func newAsyncio(p *play, version asyncio.Version, workers int) *asyncioSystem {
	s := &asyncioSystem{p: p}
	s.python = asyncio.Start(version, func(message string, err error) {
		if err == nil {
			p.t.Log(message)
			return
		}
		p.uncaught(message, err)
	})
	p.t.Cleanup(s.python.Destroy)
	s.loop = s.python.NewEventLoop()
	s.executor = s.python.NewThreadPoolExecutor(workers)
	s.loop.SetDefaultExecutor(s.executor)
	return s
}

func blockingCall(fn func(context.Context) error) asyncio.Job {
	return func() (any, error) { return nil, fn(context.Background()) }
}

func (s *asyncioSystem) submit(fn func(context.Context) error) (job, error) {
	f, err := s.loop.RunInExecutor(nil, blockingCall(fn))
	return asyncioJob{s.p, f}, err
}

func (s *asyncioSystem) occupy(fn func()) {
	_, err := s.executor.Submit(func() (any, error) { fn(); return nil, nil })
	s.p.must(err)
}

func (s *asyncioSystem) post(f func()) error {
	_, err := s.loop.CallSoonThreadsafe(asyncio.Do("f", f))
	return err
}

func (s *asyncioSystem) outside() func(func()) error { return s.post }

// asker is run_coroutine_threadsafe(...).result().
func (s *asyncioSystem) asker() func(context.Context, func()) error {
	return func(_ context.Context, f func()) error {
		coro := func(*asyncio.Task) (any, error) { f(); return nil, nil }
		answer, err := asyncio.RunCoroutineThreadsafe(coro, s.loop)
		if err != nil {
			return err
		}
		_, err = answer.Result()
		return err
	}
}

func (s *asyncioSystem) after(d time.Duration, f func()) error {
	_, err := s.loop.CallLater(d.Seconds(), asyncio.Do("f", f))
	return err
}

func (s *asyncioSystem) run() error { return s.loop.RunForever() }

// stop is for any thread: loop.call_soon_threadsafe(loop.stop).
func (s *asyncioSystem) stop() {
	_, err := s.loop.CallSoonThreadsafe(asyncio.Callback{Name: "stop", Call: s.loop.Stop})
	s.p.must(err)
}

func (s *asyncioSystem) turn() error {
	if err := s.loop.Stop(); err != nil {
		return err
	}
	return s.loop.RunForever()
}

func (s *asyncioSystem) firstError(jobs ...job) error { return s.wait(jobs, asyncio.FirstException) }
func (s *asyncioSystem) all(jobs ...job) error        { return s.wait(jobs, asyncio.AllCompleted) }

func (s *asyncioSystem) wait(jobs []job, when asyncio.ReturnWhen) error {
	fs := make([]*asyncio.Future, len(jobs))
	for i, j := range jobs {
		fs[i] = j.(asyncioJob).f
	}
	_, err := s.loop.RunUntilComplete(asyncio.Wait(fs, when))
	return err
}

// shutdown is shutdown_default_executor. Before 3.9 there was but the executor's own shutdown, which holds up the loop.
func (s *asyncioSystem) shutdown(timeout time.Duration) error {
	if s.python.Version() == asyncio.V2015 {
		s.executor.Shutdown(true)
		return nil
	}
	coro := s.loop.ShutdownDefaultExecutor()
	if timeout > 0 {
		coro = s.loop.ShutdownDefaultExecutorWithin(timeout.Seconds())
	}
	_, err := s.loop.RunUntilComplete(coro)
	return err
}

// close may be refused while the loop runs. Nobody expects anything else of it.
func (s *asyncioSystem) close() error {
	err := s.loop.Close()
	if err != nil && err != asyncio.ErrCloseRunning {
		s.p.uncaught("close", err)
	}
	return err
}

func (s *asyncioSystem) exit()     { s.python.Exit() }
func (s *asyncioSystem) told() int { return 0 }
func (s *asyncioSystem) left() int { return s.loop.Ready() }

type asyncioJob struct {
	p *play
	f *asyncio.Future
}

func (j asyncioJob) cancel() bool {
	ok, err := j.f.Cancel()
	j.p.must(err)
	return ok
}

func (j asyncioJob) ended() (bool, error) {
	if !j.f.Done() {
		return false, nil
	}
	_, err := j.f.Result()
	return true, err
}

// secondAnswer is the question's second answer: a run_in_executor of the program's own, in terms of what is public. The worker
// looks at a flag, which the loop sets when the future is cancelled, and posts if it is not set.
type secondAnswer struct{ *asyncioSystem }

func openSecondAnswer(p *play, workers int) system {
	return secondAnswer{newAsyncio(p, asyncio.V2018, workers)}
}

func (s secondAnswer) submit(fn func(context.Context) error) (job, error) {
	work, err := s.executor.Submit(blockingCall(fn))
	if err != nil {
		return nil, err
	}
	var cancelled atomic.Bool
	aio := asyncio.NewFuture(s.loop)
	publish := func() error {
		result, err := work.Result()
		switch {
		case aio.Done():
			return nil
		case err != nil:
			return aio.SetException(err)
		}
		return aio.SetResult(result)
	}
	work.AddDoneCallback(func(*asyncio.ConcurrentFuture) error {
		if cancelled.Load() {
			return nil
		}
		_, err := s.loop.CallSoonThreadsafe(asyncio.Callback{Name: "publish", Call: publish})
		return err
	})
	err = aio.AddDoneCallback(&asyncio.DoneCallback{Name: "cancel", Call: func(f *asyncio.Future) error {
		if f.Cancelled() {
			cancelled.Store(true)
			work.Cancel()
		}
		return nil
	}})
	return asyncioJob{s.p, aio}, err
}
