package toolchain

// schedEdits give a world's goroutines to the world instead of the run queues.
var schedEdits = []Edit{
	{
		File:   "runtime/runtime2.go",
		Anchor: "	bubble  *synctestBubble\n",
		Replace: "	bubble  *synctestBubble\n" +
			"	lc      *lcG // what its world knows of it, nil outside\n",
		Why: "a goroutine knows its world",
	},
	{
		File:    "runtime/synctest.go",
		Anchor:  "	waiting bool   // true if a goroutine is calling synctest.Wait\n",
		Replace: "	lc      *lcWorld // nil in an ordinary bubble\n	waiting bool   // true if a goroutine is calling synctest.Wait\n",
		Why:     "a bubble knows its world",
	},
	{
		File:    "runtime/synctest.go",
		Anchor:  "	totalDelta := 0\n	wasRunning := true\n",
		Replace: "	if bubble.lc != nil {\n		return\n	}\n	totalDelta := 0\n	wasRunning := true\n",
		Why:     "a world counts its goroutines itself",
	},
	{
		File:    "runtime/synctest.go",
		Anchor:  "func (bubble *synctestBubble) incActive() {\n",
		Replace: "func (bubble *synctestBubble) incActive() {\n	if bubble.lc != nil {\n		return\n	}\n",
		Why:     "a world counts its goroutines itself",
	},
	{
		File:    "runtime/synctest.go",
		Anchor:  "func (bubble *synctestBubble) decActive() {\n",
		Replace: "func (bubble *synctestBubble) decActive() {\n	if bubble.lc != nil {\n		return\n	}\n",
		Why:     "a world counts its goroutines itself",
	},
	{
		File:   "runtime/synctest.go",
		Anchor: "		panic(\"goroutine is not in a bubble\")\n	}\n",
		Replace: "		panic(\"goroutine is not in a bubble\")\n	}\n" +
			"	if gp.lc != nil {\n		lcPoint(lcKSynctestWait, nil, nil, lcAllIdle, 0)\n" +
			"		if raceenabled {\n			raceacquireg(gp, gp.bubble.raceaddr())\n		}\n		return\n	}\n",
		Why: "synctest.Wait in a world waits until nothing else can be carried out",
	},
	{
		File:    "runtime/synctest.go",
		Anchor:  "	return getg().bubble != nil\n",
		Replace: "	gp := getg()\n	return gp.bubble != nil && gp.bubble.lc == nil\n",
		Why:     "WaitGroups are not tied to a world's bubble, so that one in a package variable may be used by the next",
	},
	{
		File:   "runtime/proc.go",
		Anchor: "	if gp.bubble != nil {\n		systemstack(func() {\n			gp.bubble.changegstatus(gp, oldval, newval)\n",
		Replace: "	if gp.bubble != nil && gp.bubble.lc == nil {\n		systemstack(func() {\n" +
			"			gp.bubble.changegstatus(gp, oldval, newval)\n",
		Why: "a change of status costs no switch of stacks in a world",
	},
	{
		File:    "runtime/proc.go",
		Anchor:  "// Mark gp ready to run.\nfunc ready(gp *g, traceskip int, next bool) {\n",
		Replace: "// Mark gp ready to run.\nfunc ready(gp *g, traceskip int, next bool) {\n	if gp.lc != nil && lcReady(gp) {\n		return\n	}\n",
		Why:     "a goroutine that is woken runs on when its world says so",
	},
	{
		File:    "runtime/proc.go",
		Anchor:  "	// can't do anything that might move the G between Ms here.\n	mcall(park_m)\n}\n\n// Puts the current goroutine into a waiting state and unlocks the lock.",
		Replace: "	// can't do anything that might move the G between Ms here.\n	mcall(park_m)\n	if getg().lc != nil { // no call for others: a collector's worker must not be preempted here\n		lcParked()\n	}\n}\n\n// Puts the current goroutine into a waiting state and unlocks the lock.",
		Why:     "a goroutine that waits when its world is reaped ends",
	},
	{
		File:    "runtime/proc.go",
		Anchor:  "	// N.B. Not using casGToWaiting here because the waitreason is\n	// set by park_m's caller.\n",
		Replace: "	lcw := lcPark(gp)\n	// N.B. Not using casGToWaiting here because the waitreason is\n	// set by park_m's caller.\n",
		Why:     "a goroutine that waits leaves its world to the others",
	},
	{
		File:    "runtime/proc.go",
		Anchor:  "			casgstatus(gp, _Gwaiting, _Grunnable)\n			if bubble != nil {\n				bubble.decActive()\n			}\n",
		Replace: "			if lcw != nil {\n				lcUnpark(gp)\n			}\n			casgstatus(gp, _Gwaiting, _Grunnable)\n			if bubble != nil {\n				bubble.decActive()\n			}\n",
		Why:     "a goroutine that need not wait after all goes on",
	},
	{
		File:    "runtime/proc.go",
		Anchor:  "	if bubble != nil {\n		bubble.decActive()\n	}\n\n	schedule()\n}\n\nfunc goschedImpl(",
		Replace: "	if bubble != nil {\n		bubble.decActive()\n	}\n	if lcw != nil {\n		lcNext(lcw)\n	}\n\n	schedule()\n}\n\nfunc goschedImpl(",
		Why:     "when a goroutine waits its world goes on",
	},
	{
		File:    "runtime/proc.go",
		Anchor:  "func Gosched() {\n	checkTimeouts()\n",
		Replace: "func Gosched() {\n	checkTimeouts()\n	if getg().lc != nil && lcYields(sys.GetCallerPC()) {\n		return\n	}\n",
		Why:     "Gosched is an operation",
	},
	{
		File:    "runtime/mgcmark.go",
		Anchor:  "			Gosched()\n			goto retry",
		Replace: "			mcall(gosched_m)\n			goto retry",
		Why:     "the collector's yield is not the program's",
	},
	{
		File:    "runtime/proc.go",
		Anchor:  "func goschedImpl(gp *g, preempted bool) {\n",
		Replace: "func goschedImpl(gp *g, preempted bool) {\n	if preempted && gp.lc != nil && gp.lc.w.dead {\n		gp.waitreason = waitReasonZero\n		casgstatus(gp, _Grunning, _Gwaiting)\n		dropg()\n		schedule() // given up: it never runs again\n	}\n",
		Why:     "a goroutine that spins without an operation is given up",
	},
	{
		File:    "runtime/proc.go",
		Anchor:  "	gdestroy(gp)\n	schedule()\n}\n\nfunc gdestroy(",
		Replace: "	lcs := gp.lc\n	if lcs != nil && gp.lockedm != 0 {\n		lcUnlockThread(gp)\n	}\n	gdestroy(gp)\n	if lcs != nil {\n		lcExited(lcs)\n	}\n	schedule()\n}\n\nfunc gdestroy(",
		Why:     "when a goroutine ends its world goes on",
	},
	{
		File:    "runtime/proc.go",
		Anchor:  "	gp.timer = nil\n	gp.bubble = nil\n",
		Replace: "	gp.timer = nil\n	gp.bubble = nil\n	gp.lc = nil\n",
		Why:     "a goroutine that has ended has no world",
	},
	{
		File:    "runtime/proc.go",
		Anchor:  "func goexit1() {\n",
		Replace: "func goexit1() {\n	lcEnd()\n",
		Why:     "the end of a goroutine is an operation",
	},
	{
		File: "runtime/proc.go",
		Anchor: "	pc := sys.GetCallerPC()\n	systemstack(func() {\n		newg := newproc1(fn, gp, pc, false, waitReasonZero)\n\n" +
			"		pp := getg().m.p.ptr()\n",
		Replace: "	pc := sys.GetCallerPC()\n	if gp.lc != nil {\n		lcPoint(lcKGo, nil, nil, lcAlways, pc)\n	}\n	systemstack(func() {\n" +
			"		newg := newproc1(fn, gp, pc, lcParks(gp), waitReasonZero)\n		if lcStarted(gp, newg) {\n			return\n		}\n\n" +
			"		pp := getg().m.p.ptr()\n",
		Why: "a go statement is an operation, and what it starts runs on when its world says so",
	},
	{
		File:    "runtime/coro.go",
		Anchor:  "	if exit {\n		// The M might have a non-zero OS thread lock count",
		Replace: "	lcs := gp.lc\n	gp.lc = nil\n	if exit {\n		// The M might have a non-zero OS thread lock count",
		Why:     "a coroutine is its caller's goroutine as far as the world is concerned",
	},
	{
		File:    "runtime/coro.go",
		Anchor:  "	// Switch to gnext. Does not return.\n	gogo(&gnext.sched)\n",
		Replace: "	if lcs != nil {\n		lcs.gp = gnext\n		gnext.lc = lcs\n		if exit {\n			lcCoroEnded(lcs.w, c)\n		}\n	}\n	// Switch to gnext. Does not return.\n	gogo(&gnext.sched)\n",
		Why:     "a coroutine is its caller's goroutine as far as the world is concerned",
	},
	{
		File:    "runtime/coro.go",
		Anchor:  "	c.gp.set(gp)\n	return c\n",
		Replace: "	c.gp.set(gp)\n	lcCoroMade(c)\n	return c\n",
		Why:     "a coroutine that is switched out when its world is reaped ends",
	},
	{
		File:    "runtime/coro.go",
		Anchor:  "func coroswitch(c *coro) {\n	gp := getg()\n	gp.coroarg = c\n	mcall(coroswitch_m)\n",
		Replace: "func coroswitch(c *coro) {\n	if lcCoroGone(c) {\n		Goexit()\n	}\n	gp := getg()\n	gp.coroarg = c\n	mcall(coroswitch_m)\n	if lcCoroEnds(c) {\n		Goexit()\n	}\n",
		Why:     "a coroutine that is switched out when its world is reaped ends",
	},
	{
		File:    "runtime/coro.go",
		Anchor:  "func coroexit(c *coro) {\n",
		Replace: "func coroexit(c *coro) {\n	if lcCoroGone(c) {\n		return // and end as any goroutine does\n	}\n	if raceenabled {\n		racegoend() // which Go forgets: 6 KB each\n	}\n",
		Why:     "a coroutine that is switched out when its world is reaped ends",
	},
	{
		File:    "iter/iter.go",
		Anchor:  "		if pull.done {\n			race.Release(unsafe.Pointer(&pull.racer))\n			return\n		}\n",
		Replace: "		if pull.done || lcCoroEnds(c) {\n			pull.done = true\n			race.Release(unsafe.Pointer(&pull.racer))\n			return\n		}\n",
		Count:   2,
		Why:     "a coroutine that has not begun when its world is reaped does not begin",
	},
	{
		File:    "runtime/panic.go",
		Anchor:  "	// If we're tracing, flush the current generation to make the trace more\n	// readable.\n",
		Replace: "	if gp.lc != nil {\n		lcPanicked(gp, &p)\n	}\n	// If we're tracing, flush the current generation to make the trace more\n	// readable.\n",
		Why:     "a panic is a verdict",
	},
	{
		File:    "runtime/panic.go",
		Anchor:  "func sync_fatal(s string) {\n",
		Replace: "func sync_fatal(s string) {\n	if lcFatal(s) {\n		return\n	}\n",
		Why:     "a fatal error of package sync is a verdict",
	},
	{
		File:    "runtime/panic.go",
		Anchor:  "func internal_sync_fatal(s string) {\n",
		Replace: "func internal_sync_fatal(s string) {\n	if lcFatal(s) {\n		return\n	}\n",
		Why:     "a fatal error of package sync is a verdict",
	},
	{
		File:    "runtime/panic.go",
		Anchor:  "func maps_fatal(s string) {\n",
		Replace: "func maps_fatal(s string) {\n	if lcFatal(s) {\n		return\n	}\n",
		Why:     "a fatal error of maps is a verdict",
	},
	{
		File:    "runtime/debug.go",
		Anchor:  "	ret := int(gomaxprocs)\n	if n <= 0 {\n		unlock(&sched.lock)\n",
		Replace: "	ret := int(gomaxprocs)\n	if n <= 0 {\n		unlock(&sched.lock)\n		if getg().lc != nil {\n			return lcCores\n		}\n",
		Why:     "a schedule does not depend on the machine",
	},
	{
		File:    "runtime/debug.go",
		Anchor:  "	return int(numCPUStartup)\n",
		Replace: "	if getg().lc != nil {\n		return lcCores\n	}\n	return int(numCPUStartup)\n",
		Why:     "a schedule does not depend on the machine",
	},
	{
		File:    "runtime/debug.go",
		Anchor:  "func NumGoroutine() int {\n",
		Replace: "func NumGoroutine() int {\n	if s := getg().lc; s != nil {\n		return int(s.w.live)\n	}\n",
		Why:     "a schedule does not depend on the rest of the process",
	},
}
