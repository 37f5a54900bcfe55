package asyncio

// RunCoroutineThreadsafe is tasks.run_coroutine_threadsafe, since 3.4.4 and 3.5.1: a coroutine is handed to a loop that another thread runs, and
// the future that comes back can be waited for in this one.
func RunCoroutineThreadsafe(coro Coroutine, loop *Loop) (*ConcurrentFuture, error) {
	future := loop.interpreter.NewConcurrentFuture()
	callback := func() error {
		err := chainCoroutine(coro, loop, future)
		if err == nil || leaves(err) {
			return err
		}
		if ok, _ := future.SetRunningOrNotifyCancel(); ok {
			future.SetException(err)
		}
		return err
	}
	if _, err := loop.CallSoonThreadsafe(Callback{"run_coroutine_threadsafe.<locals>.callback", callback}); err != nil {
		return nil, err
	}
	return future, nil
}

func chainCoroutine(coro Coroutine, loop *Loop, future *ConcurrentFuture) error {
	f, err := coro.ensureFuture(loop)
	if err != nil {
		return err
	}
	return chainFuture(loop.interpreter.version, f, future)
}
