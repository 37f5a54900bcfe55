package toolchain

// wideEdits are for what the standard library has one of in a process, and which a world that is over must not leave unusable: goroutines that
// serve the process are not started in a world, and nobody waits for a goroutine of a world that is over.
var wideEdits = []Edit{
	{
		File:    "runtime/pprof/pprof.go",
		Anchor:  "func StartCPUProfile(w io.Writer) error {\n",
		Replace: "func StartCPUProfile(w io.Writer) error {\n	if lcControlled() {\n		return fmt.Errorf(\"cpu profiling is the process's and cannot be started in a schedule of sim.Test; start it outside\")\n	}\n",
		Why:     "a profile's goroutine would be ended with the world, and nobody could stop the profile",
	},
	{
		File:    "runtime/trace/subscribe.go",
		Anchor:  "func (t *traceMultiplexer) subscribeTraceStartWriter(w io.Writer) error {\n",
		Replace: "func (t *traceMultiplexer) subscribeTraceStartWriter(w io.Writer) error {\n	if lcControlled() {\n		return errInSchedule\n	}\n",
		Why:     "a trace's goroutines would be ended with the world, and nobody could stop the trace",
	},
	{
		File:    "runtime/trace/subscribe.go",
		Anchor:  "func (t *traceMultiplexer) subscribeFlightRecorder(r *recorder) error {\n",
		Replace: "func (t *traceMultiplexer) subscribeFlightRecorder(r *recorder) error {\n	if lcControlled() {\n		return errInSchedule\n	}\n",
		Why:     "a trace's goroutines would be ended with the world, and nobody could stop the trace",
	},
	{
		File:    "internal/singleflight/singleflight.go",
		Anchor:  "type call struct {\n	wg sync.WaitGroup\n",
		Replace: "type call struct {\n	wg sync.WaitGroup\n	lc uint64 // the run of a world that it belongs to\n",
		Why:     "a lookup that was ended with its world is not waited for by those to come",
	},
	{
		File:    "internal/singleflight/singleflight.go",
		Anchor:  "	if c, ok := g.m[key]; ok {\n",
		Replace: "	if c, ok := g.m[key]; ok && c.lc == lcRun() {\n",
		Count:   2,
		Why:     "a lookup that was ended with its world is not waited for by those to come",
	},
	{
		File:    "internal/singleflight/singleflight.go",
		Anchor:  "	g.m[key] = c\n",
		Replace: "	c.lc = lcRun()\n	g.m[key] = c\n",
		Count:   2,
		Why:     "a lookup that was ended with its world is not waited for by those to come",
	},
	{
		File:    "net/net.go",
		Anchor:  "func acquireThread(ctx context.Context) error {\n",
		Replace: "func acquireThread(ctx context.Context) error {\n	if lcControlled() {\n		return nil\n	}\n",
		Why:     "a lookup that was ended with its world would keep its share of the process's threads",
	},
	{
		File:    "net/net.go",
		Anchor:  "func releaseThread() {\n",
		Replace: "func releaseThread() {\n	if lcControlled() {\n		return\n	}\n",
		Why:     "a lookup that was ended with its world would keep its share of the process's threads",
	},
}
