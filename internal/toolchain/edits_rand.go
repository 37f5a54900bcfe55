package toolchain

// randEdits take chance out of what a program can see.
var randEdits = []Edit{
	{
		File:    "runtime/rand.go",
		Anchor:  "	\"internal/goarch\"\n",
		Replace: "	\"internal/goarch\"\n	\"internal/runtime/sys\"\n",
		Why:     "imports",
	},
	{
		File:    "runtime/rand.go",
		Anchor:  "	// Note: We avoid acquirem here so that in the fast path\n	// there is just a getg, an inlined c.Next, and a return.\n",
		Replace: "	if s := getg().lc; s != nil {\n		return lcRand(s, sys.GetCallerPC())\n	}\n	// Note: We avoid acquirem here so that in the fast path\n	// there is just a getg, an inlined c.Next, and a return.\n",
		Why:     "math/rand's global functions draw from the schedule",
	},
	{
		File:    "runtime/rand.go",
		Anchor:  "func maps_rand() uint64 {\n",
		Replace: "func maps_rand() uint64 {\n	if s := getg().lc; s != nil {\n		return lcDraw(s)\n	}\n",
		Why:     "where an iteration starts is drawn from the schedule",
	},
	{
		File:    "runtime/alg.go",
		Anchor:  "	for i := range hashkey {\n		hashkey[i] = uintptr(bootstrapRand())\n	}\n",
		Replace: "	for i := range hashkey {\n		hashkey[i] = uintptr(lcMix(uint64(i), lcMapSeed))\n	}\n",
		Why:     "the order of a map's entries is the same in every process",
	},
	{
		File:    "runtime/alg.go",
		Anchor:  "	useAeshash = true\n",
		Replace: "	for i := range hashkey {\n		hashkey[i] = uintptr(lcMix(uint64(i), lcMapSeed))\n	}\n	return // the portable hash is the same on every machine\n	useAeshash = true\n",
		Why:     "the order of a map's entries is the same on every machine",
	},
	{
		File:    "internal/runtime/maps/map.go",
		Anchor:  "	m.seed = uintptr(rand())\n",
		Replace: "	m.seed = lcSeed\n",
		Count:   4,
		Why:     "the order of a map's entries does not hang on chance",
	},
}
