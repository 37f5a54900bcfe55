package shapes

// Lock holds a lock over the look at the door, the append and the wake-up, and Close takes it to shut the door: what
// janus#2 asks of asyncio since 2015.
//
// Each post comes before the close or is refused. What came before and has not run, Close throws away.
type Lock struct {
	core
	isClosed bool // guarded by the queue's lock
}

var _ Shape = (*Lock)(nil)

func NewLock(workers int, report func(error)) *Lock {
	s := new(Lock)
	s.init(s, workers, report)
	return s
}

func (s *Lock) closed() bool {
	s.ready.Lock()
	defer s.ready.Unlock()
	return s.isClosed
}

func (s *Lock) Post(f func()) error {
	s.ready.Lock()
	defer s.ready.Unlock()
	if s.isClosed {
		return ErrClosed
	}
	s.ready.entries = append(s.ready.entries, &entry{f})
	s.wakeUp()
	return nil
}

func (s *Lock) Close() error {
	if err := s.enter(); err != nil {
		return ignoreClosed(err)
	}
	defer s.leave()
	s.shut()
	s.drop()
	return nil
}

func (s *Lock) shut() {
	s.ready.Lock()
	s.isClosed = true
	s.ready.Unlock()
}

// LockAndDrain is Lock, and Close runs what is left. So do trio's EntryQueue ("any call that doesn't raise is guaranteed
// to be fully processed before trio.run() exits") and goja_nodejs's Terminate, whose addAuxJob says whether it took the job.
type LockAndDrain struct{ Lock }

var _ Shape = (*LockAndDrain)(nil)

func NewLockAndDrain(workers int, report func(error)) *LockAndDrain {
	s := new(LockAndDrain)
	s.init(s, workers, report)
	return s
}

func (s *LockAndDrain) Close() error {
	if err := s.enter(); err != nil {
		return ignoreClosed(err)
	}
	defer s.leave()
	s.shut()
	s.drain()
	return nil
}
