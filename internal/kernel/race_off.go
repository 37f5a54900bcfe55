//go:build !race

package kernel

// RaceErrors is 0 in a build without -race.
func RaceErrors() int { return 0 }

// Race reports whether this is a build with -race.
const Race = false
