package determinism

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

var matrix = flag.Bool("matrix", false, "run the corpus under every combination, with 5,000 seeds where LASTCALL_SEEDS is not set")

// releases are the newest patch releases of the supported Go releases.
var releases = []string{"go1.25.12", "go1.26.8"}

// TestMatrix runs TestTwice in a process of its own for each combination.
func TestMatrix(t *testing.T) {
	if !*matrix {
		t.Skip("takes hours: -args -matrix")
	}
	if os.Getenv("LASTCALL_SEEDS") == "" {
		t.Setenv("LASTCALL_SEEDS", "5000")
	}
	for _, release := range releases {
		for _, race := range []string{"-race=false", "-race=true"} {
			for _, gc := range []string{"1", "100", "off"} {
				t.Run(fmt.Sprint(release, race, " GOGC=", gc), func(t *testing.T) { combination(t, release, race, gc) })
			}
		}
	}
}

func combination(t *testing.T, release, race, gc string) {
	first, end := seeds(t)
	start := time.Now()
	cmd := exec.CommandContext(t.Context(), "go", "test", race, "-cpu=1,2,8", "-count=1", "-timeout=10h", "-run=^TestTwice$", ".")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN="+release, "GOGC="+gc)
	if gc == "off" {
		cmd.Env = append(cmd.Env, "GOMEMLIMIT=2GiB") // a limit at which it collects after all
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
	fmt.Fprintf(os.Stderr, "%s %s GOGC=%s, GOMAXPROCS 1, 2 and 8: %d bodies, seeds %d to %d, twice: no difference (%.0f s)\n",
		release, race, gc, len(bodies), first, end-1, time.Since(start).Seconds())
}
