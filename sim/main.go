package sim

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
	"github.com/lastcall-go/lastcall/internal/toolchain"
)

// Main is a TestMain body: [Ensure], then os.Exit(m.Run()).
func Main(m interface{ Run() int }) {
	Ensure()
	os.Exit(m.Run())
}

// With SIM_REPLAY set a test binary fails if no exploration took the token, whatever its TestMain. What was started ahead is not needed any more.
func init() {
	kernel.AtEnd(func() string {
		endSpares()
		return unusedReplay()
	})
}

// Ensure makes sure that this process is an instrumented binary: it builds one from the same package and flags and
// becomes it, or returns where that is so already. What cannot be built ends the process with status 2 and the reason.
// For a TestMain that has more to do:
//
//	func TestMain(m *testing.M) {
//		sim.Ensure()
//		goleak.VerifyTestMain(m)
//	}
func Ensure() {
	var err error
	switch {
	case kernel.Enabled:
		err = toolchain.ReexecForRace()
	case !testing.Testing():
		err = errors.New("lastcall: this binary was not built by go test, so it cannot be built again with instrumentation; " +
			"call sim.Main or sim.Ensure from a TestMain only")
	default:
		err = toolchain.Reexec(testing.CoverMode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	expectExplorations()
}

// With every exploration go test is made to see what the program was built from, so that it does not take a changed one's result from its cache.
func init() {
	note := sync.OnceFunc(toolchain.NoteSources)
	kernel.Made = func() {
		if testing.Testing() && flag.Parsed() { // the tests run
			note()
		}
	}
}

// errPlain is what an exploration in an uninstrumented binary fails with.
const errPlain = `lastcall: this test binary is not instrumented, so schedules cannot be controlled; add to the package
	func TestMain(m *testing.M) { sim.Main(m) }
or, where it has a TestMain, make sim.Ensure() the first line of that, or run the tests with: go run github.com/lastcall-go/lastcall/cmd/lastcall test ./...`
