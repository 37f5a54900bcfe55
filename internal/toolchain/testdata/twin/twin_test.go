package twin

import (
	"fmt"
	"os"
	"testing"

	"github.com/lastcall-go/lastcall/internal/toolchain"
)

func TestMain(m *testing.M) {
	if !instrumented {
		fmt.Println(toolchain.Reexec(testing.CoverMode()))
		os.Exit(1)
	}
	if err := toolchain.ReexecForRace(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestInstrumented(t *testing.T) {
	t.Log("args:", os.Args)
	t.Log("GORACE:", os.Getenv("GORACE"))
	t.Log("Double:", Double(2))
}

func FuzzDouble(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, n int) {
		if n > 1000 && n < 2000 {
			t.Fatal("found")
		}
		Double(n)
	})
}
