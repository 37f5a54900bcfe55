//go:build artifact

package sctbench

import "flag"

func init() {
	flag.IntVar(&ownOfAccess, "own", ownOfAccess, "steps on memory of a thread's own for each access of a shared variable")
	flag.IntVar(&ownOfLoop, "loop", ownOfLoop, "such steps each time round a loop that starts threads")
}
