//go:build !lastcall

package kernel

import "time"

// Enabled reports whether this is an instrumented binary.
const Enabled = false

// A World is a bubble under control. There is none in a plain build.
type World struct{}

// Config is what a run may do.
type Config struct {
	Steps int
	Grace time.Duration
	Seed  uint64
	Lag   time.Duration
	Trace bool
	Homes bool
}

const plain = "lastcall: this binary is not instrumented, so its goroutines cannot be controlled"

// Made is not called in a plain build.
var Made func()

// New panics: a plain build has no control.
func New() *World { panic(plain) }

func (k *World) Start(func(), Config)    { panic(plain) }
func (k *World) Step(int) Status         { panic(plain) }
func (k *World) Choices() []Op           { panic(plain) }
func (k *World) Pending() []Op           { panic(plain) }
func (k *World) Events() []Event         { panic(plain) }
func (k *World) Homes() []uint64         { panic(plain) }
func (k *World) Forget()                 { panic(plain) }
func (k *World) Steps() int              { panic(plain) }
func (k *World) Timers() int             { panic(plain) }
func (k *World) Now() int64              { panic(plain) }
func (k *World) MainEnded() bool         { panic(plain) }
func (k *World) Live() int               { panic(plain) }
func (k *World) Refresh() bool           { panic(plain) }
func (k *World) Goroutines() []Goroutine { panic(plain) }
func (k *World) Stack(int32) []uintptr   { panic(plain) }
func (k *World) End() bool               { panic(plain) }
func (k *World) Verdict() (verdict, g int32, msg string, value any, stack []uintptr) {
	panic(plain)
}

// Stop, Halt, Self, Quiet and TakeRaces do nothing in a plain build: no goroutine is in a world.
func Stop(string) bool { return false }
func Halt()            {}
func Self() int32      { return -1 }
func Quiet(f func())   { f() }
func TakeRaces(int)    {}

// SelfSteps is 0 in a plain build.
func SelfSteps() int { return 0 }

// AtEnd does nothing in a plain build: whatever asks for control there fails.
func AtEnd(func() string) {}
