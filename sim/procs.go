package sim

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/lastcall-go/lastcall/scheduler"
)

// workerEnv tells a process that it is to be a worker: see [workerRole].
const workerEnv = "LASTCALL_WORKER"

// The file descriptors by which a worker is talked to.
const (
	workerIn  = 3
	workerOut = 4
)

// worker is a process that runs a lane, or some of an exhaustive search's.
type worker struct {
	*wire
	cmd   *exec.Cmd
	early []reply // that have come and have not been asked for
	ready bool    // it has come to this exploration
}

// order is what a worker is told.
type order struct {
	First uint64            // the number of the schedule that the lanes begin after
	To    int               // run the schedules that are numbered below
	Limbs []scheduler.Order // or these
	Stop  bool              // end what it has been told last after the schedule at hand
}

// reply is what it answers. The first one says only that it is ready.
type reply struct {
	Window window
	Limbs  []grown
	Err    string
}

// Windows grow, so that a failure in the first schedules is found soon and the processes seldom wait for each other.
const (
	windowMin = 8 // schedules of each lane
	windowMax = 1024
)

// windowsAhead is how many windows the others are told at a time, so that they go on while this process joins the last ones, or is late. The last are for
// nothing.
const windowsAhead = 3

// spares are processes that have been started ahead and not been called.
var spares struct {
	mu  sync.Mutex
	all []*worker
}

// startSpares starts processes ahead, so that the next exploration on n of them need not wait. What stands in the way is told when they are needed.
func startSpares(n int) {
	spares.mu.Lock()
	defer spares.mu.Unlock()
	for len(spares.all) < n-1 {
		w, err := startSpare()
		if err != nil {
			return
		}
		spares.all = append(spares.all, w)
	}
}

// expectExplorations has processes started ahead where the environment asks for several.
func expectExplorations() {
	n, err := strconv.Atoi(os.Getenv("SIM_PROCS"))
	if err == nil && role.Name == "" && os.Getenv("SIM_REPLAY") == "" {
		startSpares(n)
	}
}

// takeSpare returns one that has been started, or nil.
func takeSpare() (w *worker) {
	spares.mu.Lock()
	defer spares.mu.Unlock()
	if n := len(spares.all); n > 0 {
		w, spares.all = spares.all[n-1], spares.all[:n-1]
	}
	return w
}

// endSpares ends those that have not been called. They would end themselves, but who adopts them does not always look after them.
func endSpares() {
	for w := takeSpare(); w != nil; w = takeSpare() {
		w.end()
	}
}

// startSpare starts a process that waits to be called. It runs this very program again, as it was started.
func startSpare() (*worker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	theirIn, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer theirIn.Close()
	out, theirOut, err := os.Pipe()
	if err != nil {
		in.Close()
		return nil, err
	}
	defer theirOut.Close()
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Env = append(os.Environ(), workerEnv+"=1")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	talk, err := newWire(out, in)
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(err, in.Close(), out.Close())
	}
	return &worker{wire: talk, cmd: cmd}, nil
}

// startWorker has process i of n come to this exploration.
func (x *explorer) startWorker(i, n int) (w *worker, err error) {
	call := workerRole{I: i, N: n, Ordinal: x.ordinal, Name: x.c.Name, Args: workerArgs(os.Args[1:], x.tb.Name()), Env: os.Environ()}
	if call.Dir, err = os.Getwd(); err != nil {
		return nil, err
	}
	if w = takeSpare(); w != nil {
		if w.say(call) == nil {
			return w, nil
		}
		w.end() // it has ended
	}
	if w, err = startSpare(); err == nil {
		w.say(call) // if it has ended, the answer tells
	}
	return w, err
}

// isReady reports whether the worker has come to this exploration, or has ended, which the next answer tells.
func (w *worker) isReady() bool {
	if !w.ready {
		ok, err := w.heard(new(reply))
		w.ready = ok || err != nil
	}
	return w.ready
}

// tell tells the worker. If it has ended, the answer tells.
func (w *worker) tell(o order) { w.say(o) }

// hasAnswered reports whether an answer has come that has not been asked for, or why none does.
func (w *worker) hasAnswered() bool {
	if len(w.early) == 0 && w.isReady() {
		var a reply
		if ok, err := w.heard(&a); ok {
			w.early = append(w.early, a)
		} else if err != nil {
			return true
		}
	}
	return len(w.early) > 0
}

// answer is what worker i answers to what it has been told first of what it has not answered.
func (w *worker) answer(i int, stops func() bool) (a reply, err error) {
	if len(w.early) == 0 {
		return w.next(i, stops)
	}
	if a, w.early = w.early[0], w.early[1:]; a.Err != "" {
		return a, w.failed(i, a.Err)
	}
	return a, nil
}

// next is what worker i answers next. Where stops says so it is told to come to an end; one that has not begun then may be gone, with nothing lost.
func (w *worker) next(i int, stops func() bool) (a reply, err error) {
	for told := false; ; {
		ok, err := w.await(&a, 20*time.Millisecond)
		switch {
		case err != nil && !w.ready && stops():
			return reply{}, nil
		case err != nil:
			return a, w.died(i, err)
		case !ok: // an interrupt or the deadline?
			if !told && stops() {
				told = true
				w.tell(order{Stop: true})
			}
		case a.Err != "":
			return a, w.failed(i, a.Err)
		case w.ready:
			return a, nil
		default:
			w.ready = true
		}
	}
}

func (w *worker) failed(i int, what string) error {
	return fmt.Errorf("lastcall: worker process %d: %s", i, what)
}

// end ends the process: it has nothing that is still of use.
func (w *worker) end() {
	w.out.Close()
	w.cmd.Process.Kill()
	w.cmd.Wait()
	w.in.Close()
}

// died says why nothing came from a worker.
func (w *worker) died(i int, err error) error {
	w.out.Close()
	switch ended := w.cmd.Wait(); {
	case ended != nil:
		err = ended
	case errors.Is(err, io.EOF):
		err = errors.New("it did not come to this exploration")
	}
	return fmt.Errorf("lastcall: worker process %d of the exploration ended: %w", i, err)
}

var testFlag = regexp.MustCompile(`^--?test\.(\w+)`)

// keptFlags are go test's flags that matter to a worker. The rest says which tests to run, how often, and where to write what.
var keptFlags = map[string]bool{"short": true}

// workerArgs are the arguments with which a test binary comes to that test and no other.
func workerArgs(args []string, test string) []string {
	out := []string{"-test.run=" + runPattern(test), "-test.count=1", "-test.timeout=0"}
	for i, a := range args {
		if a == "--" || a == "-args" || a == "--args" || !strings.HasPrefix(a, "-") {
			return append(out, args[i:]...)
		}
		if m := testFlag.FindStringSubmatch(a); m == nil || keptFlags[m[1]] {
			out = append(out, a)
		}
	}
	return out
}

// canShare reports whether the work can be shared with other processes: they must be able to come to this exploration, which they do by its test.
func (x *explorer) canShare() bool {
	return x.c.procs > 1 && !x.alone && x.tb != nil
}

// startWorkers starts processes 1 to n-1, or returns those that it could start and an error.
func (x *explorer) startWorkers() (all []*worker, err error) {
	for i := 1; i < x.c.procs; i++ {
		w, err := x.startWorker(i, x.c.procs)
		if err != nil {
			return all, fmt.Errorf("lastcall: a worker process cannot be started: %w", err)
		}
		all = append(all, w)
	}
	return all, nil
}

// endWorkers ends them, and has others started for the next exploration.
func (x *explorer) endWorkers(all []*worker) {
	for _, w := range all {
		w.end()
	}
	if len(all) > 0 {
		startSpares(x.c.procs)
	}
}

// share runs the strategy's schedules on several processes. This one runs a lane itself.
func (x *explorer) share() (err error) {
	n, r := x.c.procs, x.report
	first := uint64(r.Schedules)
	own, alone := scheduler.Lane(x.maker, x.seed, 0, n, first)
	if !alone && x.progressFile != "" {
		return fmt.Errorf("lastcall: strategy %s learns from one schedule to the next, so on several processes it cannot be stopped and taken up again; "+
			"use SIM_STRATEGY=random, or unset SIM_RESUME or SIM_PROCS", x.strategyName())
	}
	workers, err := x.startWorkers()
	defer func() { x.endWorkers(workers) }()
	if err != nil {
		return err
	}
	x.begun = r.Schedules
	next, to, size := 0, 0, windowMin
	var ends []int // of windows that have been told and not joined
	more := func() {
		to = min(to+size*n, x.c.Schedules-x.begun)
		size = min(2*size, windowMax)
		ends = append(ends, to)
		for _, w := range workers {
			w.tell(order{First: first, To: to})
		}
	}
	for range windowsAhead {
		more()
	}
	for x.goesOn() {
		windows := make([]window, n)
		if windows[0], err = x.lane(own, &next, n, ends[0], x.stops); err != nil {
			return err
		}
		for i, w := range workers {
			a, err := w.answer(i+1, x.stops)
			if err != nil {
				return err
			}
			windows[i+1] = a.Window
		}
		ends = ends[1:]
		more()
		if err := x.join(windows); err != nil {
			return err
		}
	}
	if alone {
		all, _ := scheduler.As[scheduler.Numberer](x.strategy)
		all.Skip(uint64(r.Schedules))
	}
	x.finish()
	return nil
}
