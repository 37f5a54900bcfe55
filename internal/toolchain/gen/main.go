// Command gen writes the overlay for a Go installation and prints the path of its overlay.json.
// It is for those who work on the edits; everybody else's builds make the overlay themselves.
//
//	go test -overlay=$(go run ./internal/toolchain/gen) -tags=lastcall ./...
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

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
	b, err := exec.Command("go", "env", "-json", "GOROOT", "GOMODCACHE").Output()
	if err != nil {
		return fmt.Errorf("lastcall: go env: %w", err)
	}
	var env struct{ GOROOT, GOMODCACHE string }
	if err := json.Unmarshal(b, &env); err != nil {
		return fmt.Errorf("lastcall: go env: %w", err)
	}
	if goroot == "" {
		goroot = env.GOROOT
	}
	linked, err := toolchain.LinkGoroot(goroot, env.GOMODCACHE, out)
	if err != nil {
		return err
	}
	if linked != goroot {
		fmt.Fprintf(os.Stderr, "this overlay is for GOROOT=%s GOTOOLCHAIN=local %s\n", linked, filepath.Join(linked, "bin", "go"))
	}
	index, err := toolchain.Generate(linked, "", out)
	if err != nil {
		return err
	}
	fmt.Println(index)
	return nil
}
