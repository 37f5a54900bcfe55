package kernel

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestKindsAreTheRuntimes holds the list of kinds to the one that the overlay adds to package runtime.
func TestKindsAreTheRuntimes(t *testing.T) {
	theirs := names(t, "../toolchain/overlay/runtime/lastcall_kinds.go.txt", `\n\tlcK(\w+)`)
	ours := names(t, "kind.go", `\n\t(\w+) *(?:Kind = iota)?(?: *//[^\n]*)?`)
	for i, name := range theirs {
		// ClockMove is called Clock there.
		if i >= len(ours) || ours[i] != name && !(name == "Clock" && ours[i] == "ClockMove") {
			t.Fatalf("kind %d is %s in package runtime; here are %q", i, name, ours)
		}
	}
	if len(theirs) != int(kindCount) {
		t.Errorf("%d kinds in package runtime, %d here", len(theirs), kindCount)
	}
	for k := range kindCount {
		if k.String() == "kind?" {
			t.Errorf("kind %d has no name", k)
		}
	}
}

// names are the first submatches in the file's first const block.
func names(t *testing.T, file, pattern string) (out []string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(b), "const (")
	block, _, _ = strings.Cut(block, "\n)")
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(block, -1) {
		out = append(out, m[1])
	}
	return out
}
