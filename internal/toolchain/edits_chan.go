package toolchain

// chanEdits make the operations on channels points.
var chanEdits = []Edit{
	{
		File:    "runtime/chan.go",
		Anchor:  "func chansend(c *hchan, ep unsafe.Pointer, block bool, callerpc uintptr) bool {\n",
		Replace: "func chansend(c *hchan, ep unsafe.Pointer, block bool, callerpc uintptr) bool {\n	if getg().lc != nil {\n		lcChanSend(c, block, callerpc)\n	}\n",
		Why:     "a send is an operation",
	},
	{
		File:    "runtime/chan.go",
		Anchor:  "	chanrecv(c, elem, true)\n}",
		Replace: "	if getg().lc != nil {\n		lcChanRecv(c, true, sys.GetCallerPC())\n	}\n	chanrecv(c, elem, true)\n}",
		Why:     "a receive is an operation",
	},
	{
		File:    "runtime/chan.go",
		Anchor:  "	_, received = chanrecv(c, elem, true)\n",
		Replace: "	if getg().lc != nil {\n		lcChanRecv(c, true, sys.GetCallerPC())\n	}\n	_, received = chanrecv(c, elem, true)\n",
		Why:     "a receive is an operation",
	},
	{
		File:    "runtime/chan.go",
		Anchor:  "	return chanrecv(c, elem, false)\n",
		Replace: "	if getg().lc != nil {\n		lcChanRecv(c, false, sys.GetCallerPC())\n	}\n	return chanrecv(c, elem, false)\n",
		Why:     "a receive is an operation",
	},
	{
		File:    "runtime/chan.go",
		Anchor:  "	return chansend(c, elem, !nb, sys.GetCallerPC())\n",
		Replace: "	pc := sys.GetCallerPC()\n	if getg().lc != nil {\n		pc = 0 // package reflect sends for its caller\n	}\n	return chansend(c, elem, !nb, pc)\n",
		Why:     "reflect's send is its caller's operation",
	},
	{
		File:    "runtime/chan.go",
		Anchor:  "	return chanrecv(c, elem, !nb)\n",
		Replace: "	if getg().lc != nil {\n		lcChanRecv(c, !nb, 0)\n	}\n	return chanrecv(c, elem, !nb)\n",
		Why:     "reflect's receive is its caller's operation",
	},
	{
		File:    "runtime/chan.go",
		Anchor:  "func closechan(c *hchan) {\n	if c == nil {\n		panic(plainError(\"close of nil channel\"))\n	}\n",
		Replace: "func closechan(c *hchan) {\n	if c == nil {\n		panic(plainError(\"close of nil channel\"))\n	}\n	if getg().lc != nil {\n		lcPoint(lcKClose, unsafe.Pointer(c), nil, lcAlways, sys.GetCallerPC())\n	}\n",
		Why:     "a close is an operation",
	},
	{
		File:    "runtime/chan.go",
		Anchor:  "func chanlen(c *hchan) int {\n	if c == nil {\n		return 0\n	}\n",
		Replace: "func chanlen(c *hchan) int {\n	if c == nil {\n		return 0\n	}\n	if getg().lc != nil {\n		lcPoint(lcKLen, unsafe.Pointer(c), nil, lcAlways, sys.GetCallerPC())\n	}\n",
		Why:     "len of a channel is an operation",
	},
	{
		File:    "runtime/chan.go",
		Anchor:  "	if c.bubble != nil && getg().bubble != c.bubble {\n",
		Replace: "	if c.bubble != nil && getg().bubble != c.bubble && lcForeign(c) {\n",
		Count:   5,
		Why:     "a channel made in one world may be used in the next",
	},
	{
		File:    "runtime/chan.go",
		Anchor:  "	lockInit(&c.lock, lockRankHchan)\n",
		Replace: "	lockInit(&c.lock, lockRankHchan)\n	if getg().lc != nil {\n		lcMadeChan(c)\n	}\n",
		Why:     "a channel is known in every run by who made it",
	},
	{
		File:    "runtime/malloc.go",
		Anchor:  "func mallocgc(size uintptr, typ *_type, needzero bool) unsafe.Pointer {\n",
		Replace: "func mallocgc(size uintptr, typ *_type, needzero bool) unsafe.Pointer {\n	if typ == nil && debug.malloc {\n		lcAllocating(sys.GetCallerPC())\n	}\n",
		Why:     "an object is known in every run by who allocated it",
	},
	{
		File:    "runtime/malloc.go",
		Anchor:  "func postMallocgcDebug(x unsafe.Pointer, elemsize uintptr, typ *_type) {\n",
		Replace: "func postMallocgcDebug(x unsafe.Pointer, elemsize uintptr, typ *_type) {\n	lcAllocated(x, elemsize, typ)\n",
		Why:     "an object is known in every run by who allocated it",
	},
	{
		File:    "runtime/select.go",
		Anchor:  "			if getg().bubble != cas.c.bubble {\n",
		Replace: "			if getg().bubble != cas.c.bubble && lcForeign(cas.c) {\n",
		Why:     "a channel made in one world may be used in the next",
	},
	{
		File:    "runtime/select.go",
		Anchor:  "	cas1 := (*[1 << 16]scase)(unsafe.Pointer(cas0))\n	order1 := ",
		Replace: "	lcalt := -1\n	if gp.lc != nil {\n		lcalt = lcSelectPoint(cas0, nsends, nrecvs, block, sys.GetCallerPC())\n	}\n	cas1 := (*[1 << 16]scase)(unsafe.Pointer(cas0))\n	order1 := ",
		Why:     "a select is an operation, each of its ready cases an alternative",
	},
	{
		File:    "runtime/select.go",
		Anchor:  "		j := cheaprandn(uint32(norder + 1))\n",
		Replace: "		j := uint32(norder)\n		if gp.lc == nil {\n			j = cheaprandn(uint32(norder + 1))\n		} else if i == lcalt {\n			j = 0 // the chosen case is looked at first\n		}\n",
		Why:     "which ready case a select takes is a decision",
	},
	{
		File:    "runtime/select.go",
		Anchor:  "	if debugSelect {\n		for i := 0; i+1 < len(lockorder); i++ {\n",
		Replace: "	if gp.lc != nil {\n		lcLockOrder(scases, lockorder)\n	}\n\n	if debugSelect {\n		for i := 0; i+1 < len(lockorder); i++ {\n",
		Why:     "two cases of one channel stand in line in the order of the source, not of addresses",
	},
	{
		File:    "runtime/select.go",
		Anchor:  "func block() {\n",
		Replace: "func block() {\n	if getg().lc != nil {\n		lcPoint(lcKSelect, nil, nil, lcNever, sys.GetCallerPC())\n	}\n",
		Why:     "a select without cases waits for ever",
	},
	{
		File:    "runtime/sema.go",
		Anchor:  "		if s.g.bubble != nil && getg().bubble != s.g.bubble {\n",
		Replace: "		if s.g.bubble != nil && s.g.lc == nil && getg().bubble != s.g.bubble {\n",
		Count:   2,
		Why:     "a condition variable of a package variable may be used by several worlds",
	},
	{
		File:    "runtime/sema.go",
		Anchor:  "	goparkunlock(&l.lock, waitReasonSyncCondWait, traceBlockCondWait, 3)\n",
		Replace: "	lcCondParks(l)\n	goparkunlock(&l.lock, waitReasonSyncCondWait, traceBlockCondWait, 3)\n	lcCondWoken()\n",
		Why:     "a waiter can be taken out of the list",
	},
	{
		File:    "runtime/sema.go",
		Anchor:  "	// Update the next notify ticket number.\n	atomic.Store(&l.notify, t+1)\n",
		Replace: "	lcSignalPick(l, t)\n	// Update the next notify ticket number.\n	atomic.Store(&l.notify, t+1)\n",
		Why:     "whom Signal wakes is a decision",
	},
	{
		File:    "runtime/sema.go",
		Anchor:  "func semacquire(addr *uint32) {\n	semacquire1(addr, false, 0, 0, waitReasonSemacquire)\n",
		Replace: "func semacquire(addr *uint32) {\n	lcOwnWait(1)\n	semacquire1(addr, false, 0, 0, waitReasonSemacquire)\n	lcOwnWait(-1)\n",
		Why:     "who waits for one of the runtime's own semaphores waits for the collector, for however long that takes",
	},
	{
		File:    "runtime/sema.go",
		Anchor:  "s.ticket = cheaprand() | 1",
		Replace: "s.ticket = lcTicket() | 1",
		Why:     "the shape of the tree of semaphores does not hang on chance",
	},
}
