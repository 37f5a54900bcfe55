// Package libraries runs the suite of package scenarios on four libraries that nobody here wrote, at the versions in go.mod. It is a module of
// its own, so that lastcall does not depend on them.
//
// Each is plugged in as its documentation says, and its contract is what its documentation says, cited beside it; what is not
// documented is not promised. Contracts that go beyond are marked so: they say what the code does, not what it should.
// What fails is written down in the table, and docs/findings.md tells why.
//
//	go test .                      what is known, and nothing else, fails
//	go test . -args -schedules 20000
//	go test . -v -run 'Libraries/ants' -args -show
package libraries
