package sim

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"github.com/lastcall-go/lastcall/scheduler"
)

// workerEnv tells a process that it is a worker: which, of how many, of which exploration.
const workerEnv = "LASTCALL_WORKER"

// The file descriptors by which a worker is talked to.
const (
	workerIn  = 3
	workerOut = 4
)

// worker is a process that runs one lane.
type worker struct {
	cmd     *exec.Cmd
	in, out *os.File
	send    *gob.Encoder
	receive *gob.Decoder
}

// order is what a worker is told.
type order struct {
	First uint64 // the number of the schedule that the lanes begin after
	To    int    // run the schedules that are numbered below
}

// reply is what it answers.
type reply struct {
	Window window
	Err    string
}

// Windows grow, so that a failure in the first schedules is found soon and the processes seldom wait for each other.
const (
	windowMin = 8 // schedules of each lane
	windowMax = 512
)

// startWorker starts process i of n. It runs this very program again, up to this exploration.
func (x *explorer) startWorker(i, n int) (*worker, error) {
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
	cmd := exec.Command(self, workerArgs(os.Args[1:], x.tb.Name())...)
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d/%d/%d %s", workerEnv, i, n, x.ordinal, x.c.Name))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, in.Close(), out.Close())
	}
	return &worker{cmd, in, out, gob.NewEncoder(in), gob.NewDecoder(out)}, nil
}

// end ends the process: it has nothing that is still of use.
func (w *worker) end() {
	w.in.Close()
	w.out.Close()
	w.cmd.Process.Kill()
	w.cmd.Wait()
}

// died says why nothing came from a worker.
func (w *worker) died(i int, err error) error {
	w.in.Close()
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

func endWorkers(all []*worker) {
	for _, w := range all {
		w.end()
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
	defer func() { endWorkers(workers) }()
	if err != nil {
		return err
	}
	x.begun = r.Schedules
	next := 0
	for size := windowMin; x.goesOn(); size = min(2*size, windowMax) {
		to := min(r.Schedules+size*n, x.c.Schedules) - x.begun
		for i, w := range workers {
			if err := w.send.Encode(order{first, to}); err != nil {
				return w.died(i+1, err)
			}
		}
		windows := make([]window, n)
		if windows[0], err = x.lane(own, &next, n, to); err != nil {
			return err
		}
		for i, w := range workers {
			var a reply
			if err := w.receive.Decode(&a); err != nil {
				return w.died(i+1, err)
			}
			if a.Err != "" {
				return fmt.Errorf("lastcall: worker process %d: %s", i+1, a.Err)
			}
			windows[i+1] = a.Window
		}
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
