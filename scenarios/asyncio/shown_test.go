package asyncio_test

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/template"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/lastcall-go/lastcall/scenarios/asyncio"
	"github.com/lastcall-go/lastcall/scheduler"
	"github.com/lastcall-go/lastcall/sim"
)

//go:embed testdata/parked.py.tmpl
var parkedTemplate string

var scripts = flag.String("scripts", "", "a directory to keep the generated Python scripts in")

// seen is what can be seen when a program is over, here and there.
type seen struct {
	Ready  int      `json:"ready"`  // handles left in the closed loop's queue
	Future string   `json:"future"` // repr of the asyncio future
	Logged []string `json:"logged"`
	Said   string   `json:"said"` // what the program says of itself
}

// A window is a failure that needs a certain moment, as a body for the rendering and as a program for Python.
type window struct {
	name    string
	body    func(py *asyncio.Interpreter, loop *asyncio.Loop) *seen
	shown   func(s *seen) bool // whether it came to that
	program string
	parked  string   // where a thread other than the main one stands when the loop is closed, "" if that does not matter
	frames  []string // of the traceback that is logged there
}

var windows = []window{
	{
		name: "W1",
		body: lateResult,
		shown: func(s *seen) bool {
			return len(s.Logged) == 1 && strings.HasSuffix(s.Logged[0], ": "+asyncio.ErrClosed.Error()) && strings.HasPrefix(s.Future, "<Future pending")
		},
		program: lateResultProgram,
		parked:  "_check_closed",
		frames:  []string{"_invoke_callbacks", "_call_set_state", "call_soon_threadsafe", "_check_closed"},
	},
	{
		name: "W2",
		body: lateResult,
		shown: func(s *seen) bool {
			return len(s.Logged) == 0 && s.Ready == 1 && strings.HasPrefix(s.Future, "<Future pending")
		},
		program: lateResultProgram,
		parked:  "_ready.append",
	},
	{
		name: "W4",
		body: cancelQueued,
		shown: func(s *seen) bool {
			return s.Said == "cancel said True, the job ran: True"
		},
		program: `
release, ran = threading.Event(), []
pool = concurrent.futures.ThreadPoolExecutor(1)
loop.run_in_executor(pool, release.wait)
future = loop.run_in_executor(pool, ran.append, True)
said = future.cancel()
loop.close()
release.set()
pool.shutdown(wait=True)
say(said="cancel said %s, the job ran: %s" % (said, bool(ran)))
`,
	},
	{
		name: "W5",
		body: neverAnswered,
		shown: func(s *seen) bool {
			return s.Said == "TimeoutError" && s.Ready == 1
		},
		program: `
async def coro():
    return 7


def call():
    c = coro()
    try:
        answer.append(asyncio.run_coroutine_threadsafe(c, loop).result(timeout=1))
    except BaseException as e:
        answer.append(type(e).__name__)
    c.close()


answer = []
caller = threading.Thread(target=call)
caller.start()
wait_until_parked()
loop.close()
closed.set()
caller.join()
say(said=str(answer[0]))
`,
		parked: "_ready.append",
	},
}

// lateResult closes the loop while a worker's result is on its way.
func lateResult(py *asyncio.Interpreter, loop *asyncio.Loop) *seen {
	pool := py.NewThreadPoolExecutor(1)
	begin := make(chan struct{})
	f, _ := loop.RunInExecutor(pool, func() (any, error) { <-begin; return 7, nil })
	close(begin)
	loop.Close()
	pool.Shutdown(true)
	return &seen{Future: f.String()}
}

const lateResultProgram = `
pool = concurrent.futures.ThreadPoolExecutor(1)
begin = threading.Event()
future = loop.run_in_executor(pool, lambda: begin.wait() and 7)
begin.set()
wait_until_parked()
loop.close()
closed.set()
pool.shutdown(wait=True)
say(said="")
`

// cancelQueued cancels a job that waits for a worker, and closes the loop in the same turn.
func cancelQueued(py *asyncio.Interpreter, loop *asyncio.Loop) *seen {
	release, ran := make(chan struct{}), false
	pool := py.NewThreadPoolExecutor(1)
	loop.RunInExecutor(pool, func() (any, error) { <-release; return true, nil })
	f, _ := loop.RunInExecutor(pool, func() (any, error) { ran = true; return nil, nil })
	said, _ := f.Cancel()
	loop.Close()
	close(release)
	pool.Shutdown(true)
	return &seen{Future: f.String(), Said: "cancel said " + repr(said) + ", the job ran: " + repr(ran)}
}

// neverAnswered closes the loop while another thread calls a coroutine on it and waits for what it returns.
func neverAnswered(py *asyncio.Interpreter, loop *asyncio.Loop) *seen {
	answer := make(chan string)
	go func() {
		c, err := asyncio.RunCoroutineThreadsafe(func(*asyncio.Task) (any, error) { return 7, nil }, loop)
		var v any
		if err == nil {
			v, err = c.ResultWithin(1)
		}
		if err != nil {
			answer <- strings.SplitN(err.Error(), ":", 2)[0]
			return
		}
		answer <- repr(v)
	}()
	loop.Close()
	return &seen{Said: <-answer}
}

// TestShown finds a schedule of the rendering that shows each window, makes a Python script of it that parks a thread where the schedule
// does, and sees the same come of it on the real thing.
func TestShown(t *testing.T) {
	for _, path := range pythons(t) {
		r := releaseOf(t, startPython(t, path).version)
		for i := range windows {
			w := &windows[i]
			t.Run(r.prefix+w.name, func(t *testing.T) {
				predicted, failure := w.explore(t, r.version)
				park := parkingPlace(t, &failure.Trace)
				if w.parked != "" {
					assert.Equal(t, w.parked, park.Method, "where the schedule parks")
				} else {
					park = parking{}
				}
				script := w.script(t, park)
				real, frames := runScript(t, path, w.name, script)
				assert.Equal(t, predicted, real, "predicted, and seen on %s", path)
				if w.frames != nil {
					assert.Equal(t, w.frames, frames)
				}
				t.Logf("%s, parked: %+v\n%+v %v", r.version, park, *real, frames)
			})
		}
	}
}

// explore finds the window in the rendering, with as few preemptions as it takes, and returns what is seen then.
func (w *window) explore(t *testing.T, version asyncio.Version) (*seen, *sim.Failure) {
	t.Helper()
	var last *seen
	body := func(t *sim.T) {
		logged := []string{}
		py := asyncio.Start(version, func(message string, err error) { logged = append(logged, message+": "+show(err)) })
		loop := py.NewEventLoop()
		s := w.body(py, loop)
		s.Ready, s.Logged = loop.Ready(), logged
		if w.shown(s) {
			last = s
			t.Error(w.name)
		}
	}
	for n := range 3 {
		cfg := sim.Config{Name: w.name, Strategy: scheduler.Exhaustive(scheduler.Preemptions(n), scheduler.ClockMoves(0)), Schedules: 100_000}
		r, err := cfg.Explore(body)
		if err != nil {
			t.Fatal(err)
		}
		if r.OK() {
			continue
		}
		f := r.Failures[0]
		if f.Kind != sim.Assertion {
			t.Fatalf("%s: %s\n%s", f.Kind, f.Message, f.Trace)
		}
		cfg.Replay = f.Token
		if r, err = cfg.Explore(body); err != nil || r.OK() {
			t.Fatal(err, "the token passes")
		}
		return last, f
	}
	t.Fatalf("%s is not shown within 2 preemptions", w.name)
	return nil, nil
}

// script is the window's program with the parking in it.
func (w *window) script(t *testing.T, park parking) string {
	t.Helper()
	var b bytes.Buffer
	tmpl := template.Must(template.New("").Parse(parkedTemplate))
	if err := tmpl.Execute(&b, struct {
		parking
		Program string
	}{park, w.program}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// runScript runs a script and returns what it says, and the functions in the traceback that was logged.
func runScript(t *testing.T, path, name, script string) (*seen, []string) {
	t.Helper()
	dir := *scripts
	if dir == "" {
		dir = t.TempDir()
	}
	file := filepath.Join(dir, name+".py")
	if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, stderr.String(), script)
	}
	var s struct {
		seen
		Frames []string `json:"frames"`
	}
	if err := json.Unmarshal(out, &s); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, f := range s.Frames { // the traceback as it is printed
		assert.Contains(t, stderr.String(), ", in "+f+"\n")
	}
	return &s.seen, s.Frames
}
