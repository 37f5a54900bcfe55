package twin

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/lastcall-go/lastcall/internal/toolchain"
)

func TestMain(m *testing.M) {
	var err error
	if instrumented {
		err = toolchain.ReexecForRace()
	} else {
		err = toolchain.Reexec(testing.CoverMode())
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestInstrumented(t *testing.T) {
	toolchain.NoteSources()
	if !instrumented {
		t.Error("not instrumented")
	}
	wd, _ := os.Getwd()
	t.Logf("%s %s in %s", runtime.Version(), flavour, wd)
	t.Logf("args %q", os.Args[1:])
	t.Log("GORACE", os.Getenv("GORACE"))
	if Double(2) != 4 {
		t.Error("Double(2) is not 4")
	}
}

// TestRace has a data race, twice at the same lines.
func TestRace(t *testing.T) {
	for range 2 {
		n := 0
		done := make(chan bool)
		go func() {
			n++
			done <- true
		}()
		n++
		<-done
	}
	report, err := os.ReadFile(toolchain.RaceLog())
	t.Logf("reports: %v %s", err, report)
}

func FuzzDouble(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, n int) { Double(n) })
}
