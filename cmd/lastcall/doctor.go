package main

import (
	"fmt"
	"os"

	"github.com/lastcall-go/lastcall/internal/toolchain"
)

const doctorUsage = `usage: lastcall doctor

Says in a few lines whether programs of the module in the current directory can be controlled on this machine. Exit status 1
where they cannot. It builds nothing.
`

func doctorCommand(args []string) int {
	if len(args) > 0 {
		return wrongUsage(args, doctorUsage)
	}
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintf(os.Stderr, "lastcall: %v\n", err)
		return exitFound
	}
	if !toolchain.Doctor(os.Stdout, dir) {
		return exitFound
	}
	return exitOK
}

// wrongUsage prints how a command is used: because that was asked for, or because it takes no such arguments.
func wrongUsage(args []string, text string) int {
	switch args[0] {
	case "-h", "-help", "--help":
		fmt.Print(text)
		return exitOK
	}
	fmt.Fprintf(os.Stderr, "lastcall: unexpected argument %q\n\n%s", args[0], text)
	return exitUsage
}
