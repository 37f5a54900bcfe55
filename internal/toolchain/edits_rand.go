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
	{
		File:    "internal/sync/hashtriemap.go",
		Anchor:  "	ht.seed = uintptr(runtime_rand())\n",
		Replace: "	ht.seed = lcSeed\n",
		Why:     "the order of a sync.Map's entries does not hang on chance",
	},
	{
		File:    "internal/sync/hashtriemap.go",
		Anchor:  "	ht.keyHash = mapType.Hasher\n",
		Replace: "	ht.keyHash = lcHasher(mapType.Key, mapType.Hasher)\n",
		Why:     "the order of a sync.Map's entries does not hang on addresses",
	},
	{
		File:    "runtime/mheap.go",
		Anchor:  "	case _KindSpecialBubble:\n",
		Replace: "	case _KindSpecialBubble, lcKindSpecial:\n",
		Why:     "what a pointer is hashed by goes with its object",
	},
}

// hashEdits let keys that hold pointers be hashed by what does not change from run to run.
var hashEdits = hashes()

func hashes() []Edit {
	var out []Edit
	for _, f := range []struct {
		name    string
		release []string
	}{
		{"map.go", nil}, {"table.go", nil},
		{"runtime.go", []string{"1.26"}}, {"runtime_fast32.go", []string{"1.26"}}, {"runtime_fast64.go", []string{"1.26"}},
		{"runtime_swiss.go", []string{"1.25"}}, {"runtime_fast32_swiss.go", []string{"1.25"}}, {"runtime_fast64_swiss.go", []string{"1.25"}},
	} {
		out = append(out, Edit{File: "internal/runtime/maps/" + f.name, Releases: f.release, Count: -1,
			Anchor: "typ.Hasher(", Replace: "lcHash(typ.Key, typ.Hasher, ",
			Why: "the order of a map's entries does not hang on addresses"})
	}
	return out
}
