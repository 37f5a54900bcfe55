//go:build lastcall

package kernel

import _ "unsafe" // for go:linkname

// Enabled reports whether this is an instrumented binary.
const Enabled = true

// world mirrors the first fields of the runtime's lcWorld.
type world struct {
	choices []Op
	pending []Op
	events  []Event
	status  Status
	verdict int32
	vg      int32
	live    int32
	steps   int64
	limit   int64
	now     int64
	clockTo int64
	grace   int64
	lag     int64
	seed    uint64
	vmsg    string
	varg    any
	vpcs    []uintptr
	maxEv   int32
	armed   uint32
	mainEnd bool
	trace   bool
	home    bool
	homes   []uint64
	killing bool
	dead    bool
}

// The runtime's side of each is in internal/toolchain/overlay/runtime.

//go:linkname lcNewWorld runtime.lcNewWorld
func lcNewWorld() *world

//go:linkname lcStart runtime.lcStart
func lcStart(w *world, f func())

//go:linkname lcStep runtime.lcStep
func lcStep(w *world, choice int) Status

//go:linkname lcReap runtime.lcReap
func lcReap(w *world) int32

//go:linkname lcFinish runtime.lcFinish
func lcFinish(w *world)

//go:linkname lcRefresh runtime.lcRefresh
func lcRefresh(w *world) int

//go:linkname lcAbandon runtime.lcAbandon
func lcAbandon(w *world, verdict, g int32) bool

//go:linkname lcPeek runtime.lcPeek
func lcPeek(w *world) (progress uint64, g int32, status uint32, reason string)

//go:linkname lcGoroutines runtime.lcGoroutines
func lcGoroutines(w *world, buf []Goroutine) int

//go:linkname lcStack runtime.lcStack
func lcStack(w *world, g int32, pcs []uintptr) int

//go:linkname lcVerdict runtime.lcVerdict
func lcVerdict(verdict int32, msg string) bool

//go:linkname lcHalt runtime.lcHalt
func lcHalt()

//go:linkname lcSelf runtime.lcSelf
func lcSelf() int32

//go:linkname lcQuiet runtime.lcQuiet
func lcQuiet(d int32)

//go:linkname lcTakeRaces runtime.lcTakeRaces
func lcTakeRaces(n int)

//go:linkname lcSteps runtime.lcSteps
func lcSteps() int64

//go:linkname lcAtEnd runtime.lcAtEnd
func lcAtEnd(f func() string)
