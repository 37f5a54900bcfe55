package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// built is the command, built plainly, once for all tests here.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "lastcall")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "lastcall")
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return file, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if file, err := built(); err == nil && builtAny {
		os.RemoveAll(filepath.Dir(file))
	}
	os.Exit(code)
}

var builtAny bool

// command is the command with arguments, which explores and so needs an instrumented build.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the command, and its instrumented twin")
	}
	builtAny = true
	file, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(file, args...)
	cmd.Env = append(os.Environ(), "SIM_SEED=", "SIM_SCHEDULES=", "SIM_STRATEGY=", "SIM_REPLAY=", "SIM_SHARD=", "SIM_BUDGET=")
	return cmd
}

// result is what a command came to.
type result struct {
	status         int
	stdout, stderr string
}

func resultOf(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), building.ReplaceAllString(stderr.String(), "")}
}

// building is what the first command says where the standard library has not been built yet.
var building = regexp.MustCompile(`(?m)^lastcall: building the instrumented standard library .*\n`)

// TestRunAndReplay: run -json prints an object a line; the token of a broken cell is replayed.
func TestRunAndReplay(t *testing.T) {
	r := resultOf(t, command(t, "run", "-json", "-run", "^R[13] .*/asyncio 2015$"))
	if r.status != exitOK || r.stderr != "" {
		t.Fatalf("%+v", r)
	}
	var token string
	for line := range strings.Lines(r.stdout) {
		cell := map[string]any{}
		if err := json.Unmarshal([]byte(line), &cell); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		for _, key := range []string{"scenario", "implementation", "schedules", "steps", "complete", "verdict", "expected", "kind", "token", "preemptions"} {
			if _, ok := cell[key]; !ok {
				t.Errorf("no %s: %s", key, line)
			}
		}
		if cell["verdict"] != cell["expected"] {
			t.Errorf("status 0 although %s", line)
		}
		if cell["verdict"] == "broken" && token == "" {
			token = cell["token"].(string)
		}
	}
	if token == "" {
		t.Fatalf("no broken cell:\n%s", r.stdout)
	}
	if r := resultOf(t, command(t, "replay", token)); r.status != exitOK || !strings.Contains(r.stdout, "/asyncio 2015") || !strings.Contains(r.stdout, "step") {
		t.Errorf("replayed: %+v", r)
	}
	cut := token[:len(token)-3]
	if r := resultOf(t, command(t, "replay", cut)); r.status != exitUsage || !strings.HasPrefix(r.stderr, "lastcall replay: ") || r.stdout != "" {
		t.Errorf("with a token cut off: %+v", r)
	}
}

// TestRunTable: without -json there is a table and, of each broken cell, the line that replays it.
func TestRunTable(t *testing.T) {
	r := resultOf(t, command(t, "run", "-v", "-run", "^R3 .*/asyncio 2015$"))
	if r.status != exitOK || r.stderr != "" || !strings.Contains(r.stdout, "lastcall replay lc1.") {
		t.Fatalf("%+v", r)
	}
	again := resultOf(t, command(t, "run", "-v", "-run", "^R3 .*/asyncio 2015$"))
	if again.stdout != r.stdout {
		t.Errorf("two runs differ:\n%s\n%s", r.stdout, again.stdout)
	}
}

func TestWrongUsage(t *testing.T) {
	for _, tt := range []struct {
		args   []string
		stderr string // contained
	}{
		{[]string{"run", "x"}, `unexpected argument "x"`},
		{[]string{"run", "-nonsense"}, "flag provided but not defined: -nonsense"},
		{[]string{"run", "-run", "("}, "-run: error parsing regexp"},
		{[]string{"run", "-run", "no such cell"}, "matches no cell"},
		{[]string{"run", "-schedules", "-1"}, "-schedules -1: want at least 1"},
		{[]string{"replay"}, "usage: lastcall replay"},
		{[]string{"replay", "a", "b"}, "usage: lastcall replay"},
		{[]string{"replay", "rubbish"}, "lastcall replay: "},
		{[]string{"doctor", "x"}, `unexpected argument "x"`},
	} {
		r := resultOf(t, command(t, tt.args...))
		if r.status != exitUsage || !strings.Contains(r.stderr, tt.stderr) || r.stdout != "" {
			t.Errorf("lastcall %q: %+v", tt.args, r)
		}
	}
}

// TestInterrupted: the first interrupt ends a run, which says how far it came.
func TestInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no interrupt can be sent to a single process")
	}
	cmd := command(t, "run", "-json") // some hundred cells
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() })
	defer kill.Stop()
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("no line: %s", stderr.String())
	}
	cmd.Process.Signal(os.Interrupt)
	for lines.Scan() {
	}
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != exitInterrupted || !strings.Contains(stderr.String(), "lastcall run: interrupted: ") {
		t.Errorf("status %d, %s", got, stderr.String())
	}
}

// A downstream is a module that uses ours, in a directory with a space in its name.
type downstream struct {
	t   *testing.T
	dir string
	env []string
}

func newDownstream(t *testing.T) *downstream {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	d := &downstream{t: t, dir: filepath.Join(t.TempDir(), "a module"), env: []string{"GOFLAGS=", "GOWORK=", "GOPROXY=off"}} // without a network
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	d.write("go.sum", string(sum))
	d.write("go.mod", "module downstream\n\ngo 1.25\n\nrequire github.com/lastcall-go/lastcall v0.0.1\n\n"+
		fmt.Sprintf("replace github.com/lastcall-go/lastcall => %q\n", root))
	// No TestMain anywhere.
	d.write("good/good_test.go", `package good

import (
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

func TestGood(t *testing.T) {
	sim.Test(t, func(t *sim.T) {
		c := make(chan int)
		go close(c)
		<-c
	})
}
`)
	d.write("bad/bad_test.go", `package bad

import (
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

func TestBad(t *testing.T) {
	sim.Test(t, func(t *sim.T) {
		c := make(chan int)
		go close(c)
		close(c)
	})
}
`)
	d.write("empty/empty.go", "package empty\n")
	return d
}

func (d *downstream) write(name, text string) {
	d.t.Helper()
	file := filepath.Join(d.dir, filepath.FromSlash(name))
	err := os.MkdirAll(filepath.Dir(file), 0o777)
	if err == nil {
		err = os.WriteFile(file, []byte(text), 0o666)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// test is lastcall test with the arguments, in the module.
func (d *downstream) test(args ...string) result {
	d.t.Helper()
	cmd := command(d.t, append([]string{"test"}, args...)...)
	cmd.Dir, cmd.Env = d.dir, append(append(cmd.Env, d.env...), "PWD="+d.dir)
	return resultOf(d.t, cmd)
}

func (d *downstream) holds(r result, status int, parts ...string) {
	d.t.Helper()
	if missing := slices.DeleteFunc(parts, func(p string) bool { return strings.Contains(r.stdout, p) }); r.status != status || len(missing) > 0 {
		d.t.Errorf("status %d, want %d; this lacks %q:\n%s%s", r.status, status, missing, r.stdout, r.stderr)
	}
}

func TestDownstream(t *testing.T) {
	d := newDownstream(t)
	d.holds(d.test("-mod=mod", "./good", "./empty"), exitOK, "ok  \tdownstream/good", "downstream/empty\t[no test files]")
	d.holds(d.test("-mod=mod", "./..."), exitFound, "ok  \tdownstream/good", "FAIL\tdownstream/bad", "Panic in schedule", "close of closed channel", "Replay:")
	d.holds(d.test("-mod=mod", "-v", "-run=Nothing", "./good"), exitOK, "no tests to run")
	if r := d.test("-mod=mod", "./nowhere"); r.status == exitOK {
		t.Errorf("a package that is not there: %+v", r)
	}
	d.holds(d.test("-mod=mod", "-json", "./good"), exitOK, `"Action":"pass"`)
}

// long spares the newcomer what the module cache's test and TestDownstream nearly tell.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("LASTCALL_LONG") == "" {
		t.Skip("builds for some seconds: set LASTCALL_LONG=1")
	}
}

func TestDownstreamInWorkspace(t *testing.T) {
	long(t)
	d := newDownstream(t)
	d.write("go.work", "go 1.25\n\nuse .\n")
	d.holds(d.test("./good"), exitOK, "ok  \tdownstream/good")
}

func TestDownstreamVendored(t *testing.T) {
	long(t)
	d := newDownstream(t)
	for _, args := range [][]string{{"mod", "tidy"}, {"mod", "vendor"}} {
		cmd := exec.Command("go", args...)
		cmd.Dir, cmd.Env = d.dir, append(append(os.Environ(), d.env...), "PWD="+d.dir)
		if out, err := cmd.CombinedOutput(); err != nil {
			if args[1] == "tidy" {
				t.Logf("without a network go mod tidy may lack what only tests of dependencies need: %s", out)
				continue
			}
			t.Fatalf("%v\n%s", err, out)
		}
	}
	d.holds(d.test("./good"), exitOK, "ok  \tdownstream/good")
}

// TestDoctor: it says what it looked at, and ends as that came out.
func TestDoctor(t *testing.T) {
	cmd := command(t, "doctor")
	r := resultOf(t, cmd)
	if r.status != exitOK || !strings.Contains(r.stdout, "go1.") {
		t.Errorf("in this module: %+v", r)
	}
	cmd = command(t, "doctor")
	cmd.Env = append(cmd.Env, "PATH=/nowhere")
	if r := resultOf(t, cmd); r.status != exitFound {
		t.Errorf("without a go command: %+v", r)
	}
}
