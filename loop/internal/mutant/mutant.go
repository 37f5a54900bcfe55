// Package mutant holds package loop with one promise broken at a time, to show that the tests would notice.
//
// A mutant is a few replacements in the source, each of a text that must be found exactly once: when loop changes, a mutant that no
// longer fits stops with an error instead of testing nothing.
package mutant

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A Mutant is loop with one decision turned round.
type Mutant struct {
	Name     string
	Contract int    // the point of loop's contract that it breaks; 0 for what is promised beside it
	Property string // of TestContract in the module's root, the one that catches it; "" where only the plain tests do
	Edits    []Edit

	// Narrow says that only an unlucky interleaving shows it: the plain tests miss it, those under control must not.
	Narrow bool
}

// An Edit replaces Old, found exactly once in File, by New.
type Edit struct{ File, Old, New string }

// Apply edits the copy of package loop in dir.
func (m Mutant) Apply(dir string) error {
	for _, e := range m.Edits {
		path := filepath.Join(dir, e.File)
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if n := strings.Count(string(src), e.Old); n != 1 {
			return fmt.Errorf("mutant %s: found %d times in %s, want once: %q", m.Name, n, e.File, e.Old)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(src), e.Old, e.New, 1)), 0o644); err != nil {
			return err
		}
	}
	return nil
}
