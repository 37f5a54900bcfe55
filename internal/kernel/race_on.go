//go:build race

package kernel

import "runtime"

// RaceErrors is how many data races the detector has reported in this process.
func RaceErrors() int { return runtime.RaceErrors() }
