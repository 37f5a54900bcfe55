// Package scenarios is the catalogue of shutdown protocols: what a program does when it shuts down (a scenario), on
// how the loop and its workers hand results over (an implementation), and the verdict that is known beforehand.
//
// Each cell is explored when it is run; what comes out is compared with what the catalogue states. A verdict that differs is
// either a bug of ours or a finding.
package scenarios
