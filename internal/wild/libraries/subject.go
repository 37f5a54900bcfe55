package libraries

import (
	"github.com/lastcall-go/lastcall/scenarios"
	"github.com/lastcall-go/lastcall/sim"
)

// A subject is a library, plugged in one way.
type subject struct {
	name     string
	new      func(sim.TB) scenarios.Subject
	contract scenarios.Contract
	beyond   bool     // it is not documented
	fails    []string // the cases that fail in a few hundred schedules, each with the oracle that fails it
	may      []string // those that take more
}
