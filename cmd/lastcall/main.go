// Command lastcall explores the shutdown of Go programs under a scheduler that decides every interleaving.
//
// See lastcall help.
package main

import (
	"fmt"
	"io"
	"os"
)

// Exit statuses. That of lastcall test is go test's.
const (
	exitOK    = 0
	exitFound = 1 // a verdict is not the expected one, or nothing could be run
	exitUsage = 2
)

const usage = `usage: lastcall COMMAND [arguments]

  run [flags]                          explore the catalogue of shutdown protocols and print a verdict for each
  test [go test flags] [packages]      run the tests of any module in an instrumented build
  replay [flags] TOKEN                 run the one schedule that a failure printed, and print its trace
  report [-json] FILE...               print the reports that explorations saved
  merge [-json] FILE...                add up the reports of an exploration that was divided over processes or machines
  doctor                               say whether this machine and module can be controlled, and what to do where not

"lastcall COMMAND -h" tells more about one. Exit status: 0 where all is as expected, 1 where it is not, 2 for wrong
usage; lastcall test exits as go test does.
`

// commands has what follows "lastcall". Each takes -h.
var commands = map[string]func(args []string) int{
	"run":    runCommand,
	"test":   testCommand,
	"replay": replayCommand,
	"report": reportCommand,
	"merge":  mergeCommand,
	"doctor": doctorCommand,
}

func main() { os.Exit(dispatch(os.Args[1:], os.Stdout, os.Stderr)) }

func dispatch(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		if len(args) == 2 && commands[args[1]] != nil {
			return commands[args[1]]([]string{"-h"})
		}
		fmt.Fprint(stdout, usage)
		return exitOK
	}
	command := commands[args[0]]
	if command == nil {
		fmt.Fprintf(stderr, "lastcall: there is no command %q\n\n%s", args[0], usage)
		return exitUsage
	}
	return command(args[1:])
}
