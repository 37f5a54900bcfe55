package sim

import (
	"github.com/lastcall-go/lastcall/internal/report"
	"github.com/lastcall-go/lastcall/scheduler"
)

// A window is what came of some of a lane's schedules, in their order: those that are numbered from, from+n and so on below to. Where a schedule
// failed that ends the lane, it is the last.
type window struct {
	Steps   []int32
	Classes []uint64
	Failed  []failedRun
	Held    []report.Sometimes
	Skipped bool
}

// failedRun is a schedule that failed.
type failedRun struct {
	At       int // in its window
	Key      string
	Schedule []byte // as its file has it; nil where the lane has had one of this kind and place before
}

// lane runs the schedules of lane i that are numbered below to, or fewer where stop says that it is enough, and moves next on.
func (x *explorer) lane(s scheduler.Strategy, next *int, n, to int, stop func() bool) (w window, err error) {
	for end := false; *next < to && !end && !stop(); *next += n {
		run, ok := s.Next()
		if !ok {
			break
		}
		x.run(run, false)
		if end, err = x.note(&w); err != nil {
			return w, err
		}
	}
	w.Held = x.sometimes()
	return w, nil
}

// note adds the last run to a window, and reports whether it is the last.
func (x *explorer) note(w *window) (end bool, err error) {
	w.Steps = append(w.Steps, int32(x.result.Steps))
	w.Classes = append(w.Classes, x.result.Class)
	w.Skipped = x.report.Skipped
	if w.Skipped || x.result.Kind == "" {
		return w.Skipped, nil
	}
	f := failedRun{At: len(w.Steps) - 1, Key: x.result.Kind + "\n" + x.place()}
	if !x.sent[f.Key] {
		if f.Schedule, err = x.recorder.Schedule(x.c.Name).MarshalText(); err != nil {
			return true, err
		}
		if x.sent == nil {
			x.sent = make(map[string]bool)
		}
		x.sent[f.Key] = true
	}
	w.Failed = append(w.Failed, f)
	return !x.c.KeepGoing, nil
}

// join takes up the windows of all lanes in the order of the schedules' numbers, as if one process had run them.
func (x *explorer) join(windows []window) error {
	r, at := x.report, make([]int, len(windows)) // how many schedules and
	fails := make([]int, len(windows))           // failures of each have been taken up
	for _, w := range windows {
		for _, c := range w.Held {
			x.held[c.Name] = x.held[c.Name] || c.Held
		}
	}
	for n := r.Schedules - x.begun; ; n++ {
		i := n % len(windows)
		w := &windows[i]
		k := at[i]
		if k == len(w.Steps) {
			return nil // the lane ended before the window did, or the window is done
		}
		at[i]++
		r.Schedules++
		r.Steps += int64(w.Steps[k])
		x.countClass(w.Classes[k])
		if w.Skipped && k+1 == len(w.Steps) {
			r.Skipped = true
			return nil
		}
		if f := fails[i]; f < len(w.Failed) && w.Failed[f].At == k {
			fails[i]++
			r.Failing++
			if err := x.joinFailure(&w.Failed[f]); err != nil || !x.c.KeepGoing {
				return err
			}
		}
	}
}

// joinFailure runs a schedule that failed, maybe in another process, and takes up how it fails here.
func (x *explorer) joinFailure(f *failedRun) error {
	if f.Schedule == nil || x.seen[f.Key] {
		return nil
	}
	s := new(scheduler.Schedule)
	if err := s.UnmarshalText(f.Schedule); err != nil {
		return err
	}
	run, _ := scheduler.Replay(s)(x.c.Seed).Next()
	if x.run(run, false); x.result.Kind == "" {
		x.result.Kind = scheduler.KindDivergence
		x.result.Message = "this schedule failed in another process (" + firstLine(f.Key) + ") and does not in this one, so it hangs on something that outlives a schedule"
	}
	x.failed()
	x.seen[f.Key] = true
	return nil
}
