// Command gen writes the overlay for a Go installation and prints the path of its overlay.json.
// It is for those who work on the edits; everybody else's builds make the overlay themselves.
//
//	go test -overlay=$(go run ./internal/toolchain/gen) -tags=lastcall ./...
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/lastcall-go/lastcall/internal/toolchain"
)

func main() {
	goroot := flag.String("goroot", "", "the Go installation (default: the go command's)")
	out := flag.String("o", filepath.Join(os.TempDir(), "lastcall-overlay"), "the directory to write to")
	flag.Parse()
	if err := run(*goroot, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(goroot, out string) error {
	if goroot == "" {
		b, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			return fmt.Errorf("lastcall: go env GOROOT: %w", err)
		}
		goroot = strings.TrimSpace(string(b))
	}
	index, err := toolchain.Generate(goroot, "", out)
	if err != nil {
		return err
	}
	fmt.Println(index)
	return nil
}
