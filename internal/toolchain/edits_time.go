package toolchain

// timeEdits make the operations on timers points, and the clock a participant.
var timeEdits = []Edit{
	{
		File:    "runtime/time.go",
		Anchor:  "	rand    uint32 // randomizes order of timers at same instant; only set when isFake\n",
		Replace: "	rand    uint32 // randomizes order of timers at same instant; only set when isFake\n	lcID    uint64 // identity: who armed it, and his how-manyeth\n	lcG     int32\n	lcN     uint32 // goroutines started by it\n	lcBy    int32  // the step in which it was armed\n	lcSeq   uint32 // and the how-manyeth of the world's that was\n",
		Why:     "what a timer starts has an identity",
	},
	{
		File:    "runtime/time.go",
		Anchor:  "			t.rand = cheaprand()\n",
		Replace: "			t.rand = lcOrder()\n",
		Why:     "which of several timers of one instant fires first is a decision",
	},
	{
		File:    "runtime/time.go",
		Anchor:  "	t.modify(when, period, f, arg, 0)\n	t.init = true\n",
		Replace: "	if getg().lc != nil {\n		lcTimerPoint(lcKTimerStart, &t.timer, sys.GetCallerPC())\n	}\n	t.modify(when, period, f, arg, 0)\n	t.init = true\n",
		Why:     "starting a timer is an operation",
	},
	{
		File:    "runtime/time.go",
		Anchor:  "	if t.isFake && getg().bubble == nil {\n		fatal(\"stop of synctest timer from outside bubble\")\n	}\n",
		Replace: "	if getg().lc != nil {\n		lcTimerPoint(lcKTimerStop, &t.timer, sys.GetCallerPC())\n	}\n	if t.isFake && getg().bubble == nil && lcForeignTimer(&t.timer) {\n		fatal(\"stop of synctest timer from outside bubble\")\n	}\n",
		Why:     "stopping a timer is an operation",
	},
	{
		File:    "runtime/time.go",
		Anchor:  "	if t.isFake && getg().bubble == nil {\n		fatal(\"reset of synctest timer from outside bubble\")\n	}\n",
		Replace: "	if getg().lc != nil {\n		lcTimerPoint(lcKTimerReset, &t.timer, sys.GetCallerPC())\n	}\n	if t.isFake && getg().bubble == nil && lcForeignTimer(&t.timer) {\n		fatal(\"reset of synctest timer from outside bubble\")\n	}\n",
		Why:     "resetting a timer is an operation",
	},
	{
		File:    "runtime/time.go",
		Anchor:  "	var now int64\n	if bubble := gp.bubble; bubble != nil {\n		now = bubble.now\n",
		Replace: "	if gp.lc != nil {\n		lcTimerPoint(lcKSleep, t, sys.GetCallerPC())\n	}\n	var now int64\n	if bubble := gp.bubble; bubble != nil {\n		now = bubble.now\n",
		Why:     "a sleep is an operation",
	},
	{
		File:    "runtime/time.go",
		Anchor:  "	if add && t.isFake {\n",
		Replace: "	if add && t.isFake && (getg().bubble == nil || getg().bubble.lc == nil) {\n",
		Why:     "a timer that is set to fire at once is due, and when it fires is a decision; that it hung on what else lies in the heap would be none",
	},
	{
		File:    "runtime/time.go",
		Anchor:  "	if t.isFake && getg().bubble != c.bubble {\n",
		Replace: "	if t.isFake && getg().bubble != c.bubble && lcForeign(c) {\n",
		Why:     "a timer made in one world may be used in the next",
	},
	{
		File:    "runtime/time.go",
		Anchor:  "	if t.isFake && c.bubble != getg().bubble {\n",
		Replace: "	if t.isFake && c.bubble != getg().bubble && lcForeign(c) {\n",
		Why:     "a timer made in one world may be used in the next",
	},
	{
		File:    "runtime/time.go",
		Anchor:  "	if t.isFake {\n		now = getg().bubble.now\n	}\n",
		Replace: "	if t.isFake && getg().bubble != nil {\n		now = getg().bubble.now\n	}\n",
		Why:     "a timer of a world that is over may be looked at",
	},
}
