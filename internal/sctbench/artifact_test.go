//go:build artifact

package sctbench

import (
	"flag"

	"github.com/lastcall-go/lastcall/scheduler"
)

// What the tool does after so many steps on end of one thread, and how many of a thread's steps its log does not have.
var redraw, missing int

func init() {
	flag.IntVar(&ownOfAccess, "own", ownOfAccess, "steps on memory of a thread's own for each access of a shared variable")
	flag.IntVar(&ownOfStart, "start", ownOfStart, "such steps of main around the start of a thread")
	flag.IntVar(&redraw, "redraw", 1000, "steps on end of one thread after which tool-pct draws all priorities anew")
	flag.IntVar(&missing, "missing", 3, "steps of a thread that tool-urw does not count: its start, what tells that it has ended, and its end")
	tools = map[string]func() scheduler.Maker{
		"tool-random": func() scheduler.Maker { return scheduler.ToolRandom },
		"tool-urw":    func() scheduler.Maker { return scheduler.ToolURW(missing) },
		"tool-pct:3":  func() scheduler.Maker { return scheduler.ToolPCT(3, redraw) },
		"tool-pct:10": func() scheduler.Maker { return scheduler.ToolPCT(10, redraw) },
	}
}
