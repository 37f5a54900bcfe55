package toolchain

// syncEdits make the operations of package sync points.
var syncEdits = []Edit{
	{
		File:    "sync/mutex.go",
		Anchor:  "func (m *Mutex) Lock() {\n",
		Replace: "func (m *Mutex) Lock() {\n	lcPoint(lcKLock, unsafe.Pointer(m), unsafe.Pointer(m), lcBitClear, sys.GetCallerPC())\n",
		Why:     "Mutex.Lock is an operation",
	},
	{
		File:    "sync/mutex.go",
		Anchor:  "	return m.mu.TryLock()\n",
		Replace: "	lcPoint(lcKTryLock, unsafe.Pointer(m), nil, lcAlways, sys.GetCallerPC())\n	ok := m.mu.TryLock()\n	lcTried(unsafe.Pointer(m), ok)\n	return ok\n",
		Why:     "Mutex.TryLock is an operation",
	},
	{
		File:    "sync/mutex.go",
		Anchor:  "func (m *Mutex) Unlock() {\n",
		Replace: "func (m *Mutex) Unlock() {\n	lcPoint(lcKUnlock, unsafe.Pointer(m), nil, lcAlways, sys.GetCallerPC())\n",
		Why:     "Mutex.Unlock is an operation",
	},
	{
		File:    "sync/mutex.go",
		Anchor:  "import (\n	isync \"internal/sync\"\n)\n",
		Replace: "import (\n	\"internal/runtime/sys\"\n	isync \"internal/sync\"\n	\"unsafe\"\n)\n",
		Why:     "imports",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "import (\n",
		Replace: "import (\n	\"internal/runtime/sys\"\n",
		Why:     "imports",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "func (rw *RWMutex) RLock() {\n",
		Replace: "func (rw *RWMutex) RLock() {\n	lcPoint(lcKRLock, unsafe.Pointer(rw), unsafe.Pointer(&rw.readerCount), lcNonNeg, sys.GetCallerPC())\n",
		Why:     "RWMutex.RLock is an operation",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "func (rw *RWMutex) TryRLock() bool {\n",
		Replace: "func (rw *RWMutex) TryRLock() (lcok bool) {\n	lcPoint(lcKTryRLock, unsafe.Pointer(rw), nil, lcAlways, sys.GetCallerPC())\n	if lcControlled() {\n		defer func() { lcTried(unsafe.Pointer(rw), lcok) }()\n	}\n",
		Why:     "RWMutex.TryRLock is an operation",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "func (rw *RWMutex) RUnlock() {\n",
		Replace: "func (rw *RWMutex) RUnlock() {\n	lcPoint(lcKRUnlock, unsafe.Pointer(rw), nil, lcAlways, sys.GetCallerPC())\n",
		Why:     "RWMutex.RUnlock is an operation",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "func (rw *RWMutex) Lock() {\n",
		Replace: "func (rw *RWMutex) Lock() {\n	lcPoint(lcKWRequest, unsafe.Pointer(rw), unsafe.Pointer(&rw.w), lcBitClear, sys.GetCallerPC())\n",
		Why:     "RWMutex.Lock announces itself, which holds new readers off",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "	rw.w.Lock()\n",
		Replace: "	rw.w.mu.Lock()\n",
		Why:     "the mutex inside a RWMutex is no operation of its own",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "	if r != 0 && rw.readerWait.Add(r) != 0 {\n",
		Replace: "	if r != 0 && rw.readerWait.Add(r) != 0 {\n		lcPoint(lcKWLock, unsafe.Pointer(rw), unsafe.Pointer(&rw.readerWait), lcZero, sys.GetCallerPC())\n",
		Why:     "RWMutex.Lock acquires when the readers are gone",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "func (rw *RWMutex) TryLock() bool {\n",
		Replace: "func (rw *RWMutex) TryLock() (lcok bool) {\n	lcPoint(lcKTryWLock, unsafe.Pointer(rw), nil, lcAlways, sys.GetCallerPC())\n	if lcControlled() {\n		defer func() { lcTried(unsafe.Pointer(rw), lcok) }()\n	}\n",
		Why:     "RWMutex.TryLock is an operation",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "	if !rw.w.TryLock() {\n",
		Replace: "	if !rw.w.mu.TryLock() {\n",
		Why:     "the mutex inside a RWMutex is no operation of its own",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "rw.w.Unlock()\n",
		Replace: "rw.w.mu.Unlock()\n",
		Count:   2,
		Why:     "the mutex inside a RWMutex is no operation of its own",
	},
	{
		File:    "sync/rwmutex.go",
		Anchor:  "func (rw *RWMutex) Unlock() {\n",
		Replace: "func (rw *RWMutex) Unlock() {\n	lcPoint(lcKWUnlock, unsafe.Pointer(rw), nil, lcAlways, sys.GetCallerPC())\n",
		Why:     "RWMutex.Unlock is an operation",
	},
	{
		File:    "sync/cond.go",
		Anchor:  "import (\n",
		Replace: "import (\n	\"internal/runtime/sys\"\n",
		Why:     "imports",
	},
	{
		File:    "sync/cond.go",
		Anchor:  "	t := runtime_notifyListAdd(&c.notify)\n	c.L.Unlock()\n	runtime_notifyListWait(&c.notify, t)\n",
		Replace: "	lcPoint2(lcKCondWait, unsafe.Pointer(c), lcData(&c.L), nil, lcAlways, sys.GetCallerPC())\n	lcQuiet(1)\n	t := runtime_notifyListAdd(&c.notify)\n	c.L.Unlock()\n	lcQuiet(-1)\n	runtime_notifyListWait(&c.notify, t)\n",
		Why:     "Cond.Wait unlocks and stands in line in one operation",
	},
	{
		File:    "sync/cond.go",
		Anchor:  "	runtime_notifyListNotifyOne(&c.notify)\n",
		Replace: "	lcPoint(lcKCondSignal, unsafe.Pointer(c), unsafe.Pointer(&c.notify), lcSignal, sys.GetCallerPC())\n	runtime_notifyListNotifyOne(&c.notify)\n",
		Why:     "Cond.Signal is an operation, each waiter an alternative",
	},
	{
		File:    "sync/cond.go",
		Anchor:  "	runtime_notifyListNotifyAll(&c.notify)\n",
		Replace: "	lcPoint(lcKCondBroadcast, unsafe.Pointer(c), nil, lcAlways, sys.GetCallerPC())\n	runtime_notifyListNotifyAll(&c.notify)\n",
		Why:     "Cond.Broadcast is an operation",
	},
	{
		File:    "sync/waitgroup.go",
		Anchor:  "import (\n",
		Replace: "import (\n	\"internal/runtime/sys\"\n",
		Why:     "imports",
	},
	{
		File:    "sync/waitgroup.go",
		Anchor:  "func (wg *WaitGroup) Add(delta int) {\n",
		Replace: "func (wg *WaitGroup) Add(delta int) {\n	lcPointN(lcKWGAdd, unsafe.Pointer(wg), delta, sys.GetCallerPC())\n",
		Why:     "WaitGroup.Add is an operation",
	},
	{
		File:    "sync/waitgroup.go",
		Anchor:  "func (wg *WaitGroup) Wait() {\n",
		Replace: "func (wg *WaitGroup) Wait() {\n	lcPoint(lcKWGWait, unsafe.Pointer(wg), unsafe.Pointer(&wg.state), lcWGZero, sys.GetCallerPC())\n",
		Why:     "WaitGroup.Wait is an operation",
	},
	{
		File:    "sync/once.go",
		Anchor:  "import (\n",
		Replace: "import (\n	\"internal/runtime/sys\"\n	\"unsafe\"\n",
		Why:     "imports",
	},
	{
		File:    "sync/once.go",
		Anchor:  "func (o *Once) Do(f func()) {\n",
		Replace: "func (o *Once) Do(f func()) {\n	pc := sys.GetCallerPC()\n	lcPoint(lcKOnceDo, unsafe.Pointer(o), unsafe.Pointer(&o.done), lcOnce, pc)\n",
		Why:     "Once.Do is an operation",
	},
	{
		File:    "sync/once.go",
		Anchor:  "		o.doSlow(f)\n",
		Replace: "		o.doSlow(f, pc)\n",
		Why:     "the end of a Once's function belongs to the caller of Do",
	},
	{
		File:    "sync/once.go",
		Anchor:  "func (o *Once) doSlow(f func()) {\n",
		Replace: "func (o *Once) doSlow(f func(), pc uintptr) {\n",
		Why:     "the end of a Once's function belongs to the caller of Do",
	},
	{
		File:    "sync/once.go",
		Anchor:  "	o.m.Lock()\n	defer o.m.Unlock()\n",
		Replace: "	o.m.mu.Lock()\n	defer o.m.mu.Unlock()\n",
		Why:     "the mutex inside a Once is no operation of its own",
	},
	{
		File:    "sync/once.go",
		Anchor:  "		defer o.done.Store(true)\n",
		Replace: "		defer o.done.Store(true)\n		defer lcPoint(lcKOnceEnd, unsafe.Pointer(o), nil, lcAlways, pc)\n",
		Why:     "the end of a Once's function is an operation, and only then is the Once done",
	},
	{
		File:    "sync/pool.go",
		Anchor:  "func (p *Pool) Put(x any) {\n",
		Replace: "func (p *Pool) Put(x any) {\n	if lcControlled() {\n		return\n	}\n",
		Why:     "a Pool gives nothing back in a world",
	},
	{
		File:    "sync/pool.go",
		Anchor:  "func (p *Pool) Get() any {\n",
		Replace: "func (p *Pool) Get() any {\n	if lcControlled() {\n		if p.New != nil {\n			return p.New()\n		}\n		return nil\n	}\n",
		Why:     "a Pool gives nothing back in a world",
	},
	{
		File:    "os/proc.go",
		Anchor:  "func Exit(code int) {\n",
		Replace: "func Exit(code int) {\n	lcExit(code)\n",
		Why:     "os.Exit is a verdict",
	},
	{
		File:    "testing/testing.go",
		Anchor:  "func (t *T) Run(name string, f func(t *T)) bool {\n",
		Replace: "func (t *T) Run(name string, f func(t *T)) bool {\n	if lcControlled() {\n		panic(\"testing: t.Run called inside a schedule of sim.Test, which has no subtests; call t.Run outside and sim.Test in each subtest\")\n	}\n",
		Why:     "a subtest started inside a world would run outside control",
	},
	{
		File:    "testing/testing.go",
		Anchor:  "func (m *M) after() {\n",
		Replace: "func (m *M) after() {\n	if complaint := lcComplaint(); complaint != \"\" && m.exitCode == 0 {\n		fmt.Fprintln(os.Stderr, complaint)\n		m.exitCode = 1\n	}\n",
		Why:     "a token that no exploration took fails the process, whoever runs the tests",
	},
	{
		File:    "testing/testing.go",
		Anchor:  "race.Errors()",
		Replace: "lcRaceErrors(race.Errors)",
		Count:   -1,
		Why:     "a data race that belongs to a schedule does not fail the enclosing test twice",
	},
}

// mapEdits are package sync's Map, whose file has another name in each release.
var mapEdits = mapMethods()

func mapMethods() []Edit {
	var out []Edit
	file := map[string]string{"1.25": "sync/hashtriemap.go", "1.26": "sync/map.go"}
	for _, release := range []string{"1.25", "1.26"} {
		f := file[release]
		one := []string{release}
		out = append(out, Edit{File: f, Releases: one, Why: "imports",
			Anchor:  "import (\n	isync \"internal/sync\"\n)\n",
			Replace: "import (\n	\"internal/runtime/sys\"\n	isync \"internal/sync\"\n	\"unsafe\"\n)\n"})
		for _, m := range []struct{ sig, kind string }{
			{"func (m *Map) Load(key any) (value any, ok bool) {\n", "lcKMapRead"},
			{"func (m *Map) Store(key, value any) {\n", "lcKMapWrite"},
			{"func (m *Map) Clear() {\n", "lcKMapWrite"},
			{"func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool) {\n", "lcKMapWrite"},
			{"func (m *Map) LoadAndDelete(key any) (value any, loaded bool) {\n", "lcKMapWrite"},
			{"func (m *Map) Delete(key any) {\n", "lcKMapWrite"},
			{"func (m *Map) Swap(key, value any) (previous any, loaded bool) {\n", "lcKMapWrite"},
			{"func (m *Map) CompareAndSwap(key, old, new any) (swapped bool) {\n", "lcKMapWrite"},
			{"func (m *Map) CompareAndDelete(key, old any) (deleted bool) {\n", "lcKMapWrite"},
			{"func (m *Map) Range(f func(key, value any) bool) {\n", "lcKMapRead"},
		} {
			out = append(out, Edit{File: f, Releases: one, Why: "an operation of sync.Map is one of the program",
				Anchor:  m.sig,
				Replace: m.sig + "	lcPoint(" + m.kind + ", unsafe.Pointer(m), nil, lcAlways, sys.GetCallerPC())\n"})
		}
	}
	return out
}
