package sim

import (
	"fmt"
	"strings"
)

// misspelt says which of the environment's variables looks like a setting and is none, or nothing: what is not read would be without effect, and nobody
// would know. Others have variables that begin with SIM_ too, so it takes one letter that is wrong, missing, too many or out of place, and of a
// short name only an s at its end or two letters that changed places.
func misspelt(environ []string) string {
	for _, v := range environ {
		name, value, _ := strings.Cut(v, "=")
		if name, ours := strings.CutPrefix(name, "SIM_"); ours && value != "" {
			for _, s := range settings {
				if want := strings.ToUpper(s.name); oneOff(name, want) {
					return fmt.Sprintf("lastcall: SIM_%s is set, which is no setting: is SIM_%s meant?", name, want)
				}
			}
		}
	}
	return ""
}

const shortName = 5

// oneOff reports whether got is want with one mistake.
func oneOff(got, want string) bool {
	a, b := got, want
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a)+len(b) == 1 && strings.TrimSuffix(got, "S") == strings.TrimSuffix(want, "S"):
		return true
	case len(a) == 2 && len(b) == 2:
		return a[0] == b[1] && a[1] == b[0]
	default:
		return len(want) > shortName && max(len(a), len(b)) == 1
	}
}
