// Package lastcall holds the tests of the whole: property_test.go runs generated programs under control, race_test.go
// runs the same programs on the real scheduler. What a test imports is package sim.
package lastcall
