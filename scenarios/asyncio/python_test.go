package asyncio_test

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

//go:embed testdata/driver.py
var driver string

// pythonKey names the environment variable that says which Pythons to compare with: paths between commas, or "required" for
// python3, which must be there.
const pythonKey = "LASTCALL_PYTHON"

// pythons returns the Pythons to compare with, the least of which is python3. Where it is missing the test is skipped, unless it is required.
func pythons(t *testing.T) []string {
	t.Helper()
	key := os.Getenv(pythonKey)
	if key != "" && key != "required" {
		return strings.Split(key, ",")
	}
	path, err := exec.LookPath("python3")
	switch {
	case err == nil:
		return []string{path}
	case key == "required":
		t.Fatalf("%s is %q, and there is no python3 in PATH: %v", pythonKey, key, err)
	}
	t.Skipf("there is no python3 in PATH to compare with (set %s=required to make that a failure): %v", pythonKey, err)
	return nil
}

// python is a child process that speaks JSON lines.
type python struct {
	version string
	in      io.WriteCloser
	out     *bufio.Reader
}

// startPython starts testdata/driver.py, which lives until the test ends.
func startPython(t *testing.T, path string) *python {
	t.Helper()
	cmd := exec.Command(path, "-c", driver)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	})
	p := &python{in: in, out: bufio.NewReader(out)}
	var hello struct{ Python string }
	if err := p.receive(&hello); err != nil {
		t.Fatalf("%s does not answer: %v", path, err)
	}
	p.version = hello.Python
	return p
}

// run returns what happens when the programs run, one after the other.
func (p *python) run(programs [][]*op) ([][]string, error) {
	line, err := json.Marshal(programs)
	if err != nil {
		return nil, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	var events [][]string
	if err := p.receive(&events); err != nil {
		return nil, err
	}
	if len(events) != len(programs) {
		return nil, fmt.Errorf("%d answers to %d programs", len(events), len(programs))
	}
	return events, nil
}

func (p *python) receive(v any) error {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return err
	}
	return json.Unmarshal(line, v)
}
