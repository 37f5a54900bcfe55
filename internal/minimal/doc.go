// Package minimal holds what is handed back after a failure to brute force: that the schedule has as few preemptions as any
// that fails in the same way, and that what is said of it is so.
package minimal
