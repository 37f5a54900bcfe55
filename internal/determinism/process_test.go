package determinism

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

// recording is a run's token and what a replay of it must agree on.
type recording struct {
	Body   string
	Token  string
	Digest uint64
}

// digest is a run in a number, without places in the program, which an edit moves.
func (r *run) digest() uint64 {
	h := fnv.New64a()
	for i := range r.events {
		e := r.events[i]
		e.PC = 0
		fmt.Fprintln(h, e)
	}
	fmt.Fprintln(h, r.seen, r.kind)
	return h.Sum64()
}

func record(n int) []recording {
	var all []recording
	m, s := scheduler.NewMachine(), scheduler.Random(11)
	var rec scheduler.Recorder
	for _, b := range bodies {
		for range n {
			r, _ := s.Next()
			x := once(m, rec.Record(r), b.run, nil)
			all = append(all, recording{b.name, rec.Schedule(b.name).Token(), x.digest()})
		}
	}
	return all
}

const tokensEnv = "LASTCALL_TOKENS"

// TestTokens replays what another process recorded.
func TestTokens(t *testing.T) {
	file := os.Getenv(tokensEnv)
	if file == "" {
		t.Skip("for TestAnotherProcess, which starts it")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []recording
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	m := scheduler.NewMachine()
	for _, r := range all {
		s, err := scheduler.ParseToken(r.Token)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := scheduler.Replay(s)(0).Next()
		x := once(m, again, bodyOf(r.Body), nil)
		if x.digest() != r.Digest {
			t.Errorf("%s: the token leads elsewhere: %s", r.Body, x.kind)
		}
	}
	fmt.Printf("replayed %d on %d cores\n", len(all), runtime.GOMAXPROCS(0))
}

func bodyOf(name string) func(see) {
	for _, b := range bodies {
		if b.name == name {
			return b.run
		}
	}
	return nil
}

// TestAnotherProcess: the same token gives the same run in another process, with another number of cores, with another pace
// of collections, and after an edit elsewhere in the module.
func TestAnotherProcess(t *testing.T) {
	n := 5
	if testing.Short() {
		n = 1
	}
	all := record(n)
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "tokens.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	replay := func(cmd *exec.Cmd, env ...string) {
		t.Helper()
		cmd.Env = append(append(os.Environ(), tokensEnv+"="+file, "LASTCALL_SEEDS=", "LASTCALL_FIRST="), env...)
		out, err := cmd.CombinedOutput()
		if want := fmt.Sprintf("replayed %d on ", len(all)); err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%s with %s: %v\n%s", cmd, env, err, out)
		}
	}
	replay(exec.Command(self, "-test.run=^TestTokens$"), "GOMAXPROCS=8", "GOGC=1")
	if taskset, err := exec.LookPath("taskset"); err == nil {
		replay(exec.Command(taskset, "-c", "0", self, "-test.run=^TestTokens$"), "GOGC=off")
	}
	if testing.Short() {
		return // what follows builds a binary
	}
	edited := exec.Command("go", "test", "-mod=mod", "-vet=off", "-count=1", "-run=^TestTokens$", "-v", ".")
	edited.Dir = editedModule(t)
	replay(edited, "GOWORK=off", "GOFLAGS=")
}

// editedModule is a module with a copy of this package, changed where the bodies are not.
func editedModule(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module github.com/lastcall-go/lastcall/edited\n\ngo 1.25\n\nrequire github.com/lastcall-go/lastcall v0.0.0\n\n"+
		fmt.Sprintf("replace github.com/lastcall-go/lastcall => %q\n", root))
	write("another_test.go", "package determinism\n\nvar another = make([]int, 1000)\n\nfunc init() {\n\tfor i := range another {\n\t\tanother[i] = i\n\t}\n}\n")
	for _, name := range []string{"bodies_test.go", "determinism_test.go", "process_test.go", "../../go.sum"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".go") {
			head, tail, _ := strings.Cut(string(text), "\nimport (")
			text = []byte(head + "\n// Some lines more.\n//\n//\n\nimport (" + tail)
		}
		write(filepath.Base(name), string(text))
	}
	return dir
}
