package main

import (
	"fmt"
	"io"
	"os"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/internal/toolchain"
	"github.com/lastcall-go/lastcall/scenarios/matrix"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

const replayUsage = `usage: lastcall replay TOKEN

Runs the one schedule of a catalogue's cell that the token stands for, and prints its trace. A token of a test of your own
is replayed by that test: SIM_REPLAY=TOKEN go test . in the directory of its package.
Exit status: 0 if the schedule could be followed to its end, 1 if it leads elsewhere now, 2 for wrong usage.
`

func replayCommand(args []string) int {
	c, name, token, status, ok := parseReplay(args, os.Stderr)
	if !ok {
		return status
	}
	if !kernel.Enabled {
		fmt.Fprintln(os.Stderr, toolchain.ReexecCommand())
		return exitFound
	}
	return replay(c, name, token, os.Stdout, os.Stderr)
}

// parseReplay finds the cell that the token belongs to. Where the command is to end at once it says with which status.
func parseReplay(args []string, stderr io.Writer) (c *matrix.Cell, name, token string, status int, ok bool) {
	flags := newFlagSet("replay", replayUsage, stderr)
	if status, ok := parseFlags(flags, args); !ok {
		return nil, "", "", status, false
	}
	if flags.NArg() != 1 {
		fmt.Fprint(stderr, replayUsage)
		return nil, "", "", exitUsage, false
	}
	token = flags.Arg(0)
	s, err := scheduler.ParseToken(token)
	if err != nil {
		fmt.Fprintln(stderr, "lastcall replay:", err)
		return nil, "", "", exitUsage, false
	}
	c = matrix.Find(s.Name)
	if c == nil {
		fmt.Fprintf(stderr, "lastcall replay: the token is of the exploration %q, which the catalogue does not have. A test of your own replays it, in the directory of its package:\n\tSIM_REPLAY=%s go test .\n", s.Name, token)
		return nil, "", "", exitUsage, false
	}
	return c, s.Name, token, exitOK, true
}

func replay(c *matrix.Cell, name, token string, out, stderr io.Writer) int {
	os.Unsetenv("SIM_REPLAY") // it would override the token
	r, err := c.Replay(name, token)
	if err != nil {
		fmt.Fprintln(stderr, "lastcall replay:", err)
		return exitFound
	}
	if r.OK() {
		fmt.Fprintf(out, "%s: the schedule passes: what failed has been mended\n", name)
		return exitOK
	}
	f := r.Failures[0]
	fmt.Fprintf(out, "%s: %s: %s\n\n%s", name, f.Kind, f.Message, f.Trace)
	if why := f.Why.String(); why != "" {
		fmt.Fprintf(out, "\n%s", why)
	}
	if f.Kind == sim.Divergence {
		return exitFound
	}
	return exitOK
}
