package main

import (
	"fmt"
	"os"
)

func replayCommand([]string) int {
	fmt.Fprintln(os.Stderr, "lastcall: replay is not built yet")
	return exitFound
}
