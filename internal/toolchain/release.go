package toolchain

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Supported lists the Go releases that the table of edits is held to, oldest first.
var Supported = []string{"1.25", "1.26"}

// newestToolchain is a toolchain of the newest supported release, as GOTOOLCHAIN wants it.
const newestToolchain = "go1.26.8"

var versionForm = regexp.MustCompile(`\bgo(1\.\d+)`)

// releaseOf turns a Go version (go1.26.8, go1.27rc1, "devel go1.27-0123abc") into its release: 1.26, 1.27.
func releaseOf(version string) (string, error) {
	m := versionForm.FindStringSubmatch(version)
	if m == nil {
		return "", fmt.Errorf("lastcall: %q is not the version of a Go release", version)
	}
	return m[1], nil
}

// versionAt reads the version of the Go installation at goroot.
func versionAt(goroot string) (string, error) {
	b, err := os.ReadFile(filepath.Join(goroot, "VERSION"))
	if err != nil {
		return "", fmt.Errorf("lastcall: %s is not a Go installation that can be instrumented: %w; install a release from https://go.dev/dl", goroot, err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimSpace(line), nil
}

func isSupported(release string) bool { return slices.Contains(Supported, release) }

// newerThanSupported tells whether the release came after all that are supported.
func newerThanSupported(release string) bool {
	return minor(release) > minor(Supported[len(Supported)-1])
}

func minor(release string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(release, "1."))
	return n
}

func supportedList() string { return strings.Join(Supported, " and ") }
