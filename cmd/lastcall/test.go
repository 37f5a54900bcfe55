package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/lastcall-go/lastcall/internal/toolchain"
)

const testUsage = `usage: lastcall test [go test flags] [packages]

Runs go test with these arguments on instrumented test binaries, so tests that use package sim are under control
whether or not their package has a TestMain. Tests that do not use it run as ever. See go help test.
`

// testCommand runs go test. Its exit status is go test's.
func testCommand(args []string) int {
	if len(args) == 1 && (args[0] == "-h" || args[0] == "-help" || args[0] == "--help") {
		fmt.Print(testUsage)
		return exitOK
	}
	cmd, err := toolchain.TestCommand(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitFound
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = runChild(cmd)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		fmt.Fprintf(os.Stderr, "lastcall: %v\n", err)
		return exitFound
	}
	return cmd.ProcessState.ExitCode()
}
