//go:build race

package kernel

import "runtime"

// RaceErrors is how many data races the detector has reported in this process.
func RaceErrors() int { return runtime.RaceErrors() }

// Race reports whether this is a build with -race.
const Race = true
