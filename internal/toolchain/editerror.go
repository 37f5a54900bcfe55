package toolchain

import (
	"fmt"
	"path/filepath"
	"strings"
)

// An EditError tells that an edit does not fit the Go installation at hand. Nothing was built.
type EditError struct {
	Version string // of Go, as its VERSION file has it
	Goroot  string
	Edit    Edit
	Found   int   // how often the anchor was found
	Err     error // the file could not be read
}

func (e *EditError) Unwrap() error { return e.Err }

func (e *EditError) Error() string {
	file := filepath.Join(e.Goroot, "src", filepath.FromSlash(e.Edit.File))
	var b strings.Builder
	fmt.Fprintf(&b, "lastcall: cannot instrument %s: the edit %q does not fit %s: ", e.Version, e.Edit.Why, file)
	if e.Err != nil {
		fmt.Fprintf(&b, "%v\n", e.Err)
	} else {
		fmt.Fprintf(&b, "its anchor occurs %s, not %s:\n%s\n", times(e.Found), e.wanted(), indent(e.Edit.Anchor))
	}
	fmt.Fprintf(&b, "lastcall knows the source of Go %s as released. ", supportedList())
	fmt.Fprintf(&b, "If this GOROOT was changed, use an unchanged one: GOTOOLCHAIN=%s, or an installation from https://go.dev/dl. ", newestToolchain)
	b.WriteString("If it was not, lastcall is behind this Go release: update it (go get github.com/lastcall-go/lastcall@latest), " +
		"or carry the edit over as docs/porting.md tells.")
	return b.String()
}

func (e *EditError) wanted() string {
	if e.Edit.Count < 0 {
		return "at least once"
	}
	return times(max(e.Edit.Count, 1))
}

func times(n int) string {
	switch n {
	case 0:
		return "nowhere"
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

func indent(s string) string {
	return "\t" + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n\t")
}
