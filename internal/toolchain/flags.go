package toolchain

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
)

// A plan says how to build the instrumented twin of a test binary.
type plan struct {
	target []string // the import path, or the files
	tags   []string
	gc     []string // values of -gcflags
	over   string   // the user's own -overlay
	flags  []string // all other flags
	env    []string // KEY=value
}

// tag is the build tag of instrumented binaries. internal/kernel chooses by it between calls and stubs.
const tag = "lastcall"

// recorded are the flags that a binary's build information has and that are passed on as they are.
var recorded = []string{"-asan", "-asmflags", "-cover", "-ldflags", "-msan", "-pgo", "-race", "-trimpath"}

// unrecorded are the flags that only the command line tells.
var unrecorded = []string{"mod", "modfile", "coverpkg", "toolexec"}

// planFor plans the build of the twin of the running test binary, which info describes. inv may be nil.
func planFor(info *debug.BuildInfo, inv *invocation, coverMode string, args []string) (*plan, error) {
	pkg := strings.TrimSuffix(info.Path, ".test") // the tests of a package main are recorded under its own path
	p := &plan{target: []string{pkg}}
	if pkg == "command-line-arguments" {
		if p.target = inv.goFiles(); p.target == nil {
			return nil, fmt.Errorf("lastcall: this test binary was built from files named on the command line, and which ones cannot be found out; " +
				"name the package instead: go test .")
		}
	}
	for _, s := range info.Settings {
		p.take(s.Key, s.Value, inv)
	}
	p.takeInvocation(inv)
	if coverMode != "" {
		p.flags = append(p.flags, "-covermode="+coverMode)
	}
	if isSet(args, "-test.fuzz") {
		// The go command instruments for coverage guidance where -fuzz is given, whatever it says.
		p.flags = append(p.flags, "-fuzz=.")
	}
	return p, nil
}

// take notes a setting of the binary's build information.
func (p *plan) take(key, value string, inv *invocation) {
	switch {
	case key == "-tags":
		p.tags = splitTags(value)
	case key == "-gcflags":
		p.gc = []string{value} // only the last of several is recorded
	case key == "-buildmode" && value != "exe":
		p.flags = append(p.flags, key+"="+value)
	case key == "-ldflags" && inv.values("ldflags") != nil: // see takeInvocation
	case slices.Contains(recorded, key):
		p.flags = append(p.flags, key+"="+value)
	case key == "CGO_ENABLED" || value != "" && (strings.HasPrefix(key, "CGO_") || strings.HasPrefix(key, "GO")):
		p.env = append(p.env, key+"="+value)
	}
}

// takeInvocation notes what only the command line tells.
func (p *plan) takeInvocation(inv *invocation) {
	if values := inv.values("gcflags"); len(values) > 0 {
		p.gc = values
	}
	for _, v := range inv.values("ldflags") { // several add up, and -trimpath keeps them from being recorded
		p.flags = append(p.flags, "-ldflags="+v)
	}
	for _, name := range unrecorded {
		for _, v := range inv.values(name) {
			p.flags = append(p.flags, "-"+name+"="+v)
		}
	}
	if values := inv.values("overlay"); len(values) > 0 {
		p.over = values[len(values)-1]
	}
}

// isSet tells whether a flag of the test binary is given and not empty.
func isSet(args []string, name string) bool {
	for _, v := range flagValues(args, strings.TrimPrefix(name, "-")) {
		if v != "" {
			return true
		}
	}
	return false
}
