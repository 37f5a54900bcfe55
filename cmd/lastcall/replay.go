package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/internal/toolchain"
	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

const replayUsage = `usage: lastcall replay TOKEN

Runs the one schedule of a catalogue's scenario that the token stands for, and prints its trace. A token of a test of your own
is replayed by the test: SIM_REPLAY=TOKEN go test -run NAME PACKAGE.
`

// replayCommand replays a token of the catalogue. Exit status 1 means that the schedule does not lead where it led.
func replayCommand(args []string) int {
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(flags.Output(), replayUsage) }
	if status, ok := parse(flags, args); !ok {
		return status
	}
	if flags.NArg() != 1 {
		fmt.Fprint(os.Stderr, replayUsage)
		return exitUsage
	}
	token := flags.Arg(0)
	s, err := scheduler.ParseToken(token)
	if err != nil {
		fmt.Fprintln(os.Stderr, "lastcall replay:", err)
		return exitUsage
	}
	for _, c := range scenarios.Cells() {
		if c.Name() == s.Name {
			return replay(c, token)
		}
	}
	fmt.Fprintf(os.Stderr, "lastcall replay: the catalogue has no %q; a token of your own test is replayed with\n\tSIM_REPLAY=%s go test -run '...' ./...\n", s.Name, token)
	return exitUsage
}

func replay(c *scenarios.Cell, token string) int {
	if !kernel.Enabled {
		fmt.Fprintln(os.Stderr, toolchain.ReexecCommand())
		return exitFound
	}
	r, err := c.Run(sim.Config{Replay: token})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitFound
	}
	if r.Report.OK() {
		fmt.Printf("%s: the schedule passes\n", c.Name())
		return exitOK
	}
	f := r.Report.Failures[0]
	fmt.Printf("%s: %s: %s\n\n%s", c.Name(), f.Kind, f.Message, f.Trace)
	if f.Kind == sim.Divergence {
		return exitFound
	}
	return exitOK
}
