package toolchain

import "slices"

// An Edit is one change to one file of the standard library. The edits are few and small so that
// they can be carried to the next Go release by reading the table (see docs/porting.md).
//
// Edits of the same file are made in the order of the table, each on the result of those before it.
type Edit struct {
	File     string   // below GOROOT/src, with slashes
	Anchor   string   // what stands there now
	Replace  string   // what stands there instead
	Why      string   // what the edit is for, as it is named in errors
	Count    int      // how often the anchor occurs; 0 means exactly once, -1 means at least once (for renames)
	Releases []string // the Go releases it is for: "1.25", "1.26"; nil means every supported one
}

// edits is the whole table, one part for each subject. A new part is a new file edits_NAME.go and a name here.
var edits = slices.Concat(
	schedEdits, chanEdits, timeEdits, randEdits, hashEdits, syncEdits, mapEdits, atomicEdits, contextEdits, wideEdits,
)

func (e *Edit) appliesTo(release string) bool {
	return e.Releases == nil || slices.Contains(e.Releases, release)
}
