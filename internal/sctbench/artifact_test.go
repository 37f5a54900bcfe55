//go:build artifact

package sctbench

import "flag"

func init() {
	flag.IntVar(&ownOfAccess, "own", ownOfAccess, "steps on memory of a thread's own for each access of a shared variable")
	flag.IntVar(&ownOfStart, "start", ownOfStart, "such steps of main around the start of a thread")
}
