package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/lastcall-go/lastcall/internal/report"
	"github.com/lastcall-go/lastcall/scheduler"
)

// program is a hash of the executable file: whether two processes explored the same code.
var program = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	f, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "unknown"
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
})

// save writes what the settings ask for: the report, and where the exploration stands.
func (x *explorer) save() error {
	if x.c.Replay != "" || x.strategy == nil {
		return nil
	}
	return errorOr(x.saveReport(), x.saveProgress())
}

func (x *explorer) saveReport() error {
	if x.c.report == "" {
		return nil
	}
	r := x.saved()
	text, err := r.Text()
	if err == nil {
		err = writeFile(filepath.Join(x.c.report, r.FileName()), text)
	}
	if err != nil {
		return fmt.Errorf("lastcall: the report of %s cannot be written: %w", x.c.Name, err)
	}
	return nil
}

// saved is the report as its file has it.
func (x *explorer) saved() *report.Report {
	r, c := x.report, &x.c
	_, disjoint := scheduler.As[scheduler.Divider](x.strategy) // one that does not reduce meets a class in several shards
	s := &report.Report{
		Version: report.Version, Program: program(), Name: c.Name, Strategy: x.strategyName(), Seed: c.Seed,
		Shard: c.shard.i, Shards: max(c.shard.n, 1), Schedules: r.Schedules, Steps: r.Steps, Distinct: r.Distinct, Exact: true,
		Disjoint: disjoint, Complete: r.Complete, Bounded: r.Bounded, Stopped: string(r.Stopped), Gaps: r.Gaps, Failing: r.Failing, Passed: r.Passed, Elapsed: r.Elapsed,
		Classes: report.ClassesOf(x.classes, report.ClassesMax), Sometimes: x.sometimes(), Failures: []report.Failure{},
	}
	for _, f := range r.Failures {
		s.Failures = append(s.Failures, report.Failure{
			Kind: string(f.Kind), Place: f.Place, Message: f.Message, Schedule: f.Schedule, Preemptions: f.Preemptions,
			Token: f.Token, Replay: x.replayLine(f), Trace: f.Trace.String(), Why: f.Why.String(),
		})
	}
	return s
}

func (x *explorer) sometimes() []report.Sometimes {
	all := []report.Sometimes{}
	for _, name := range sortedKeys(x.held) {
		all = append(all, report.Sometimes{Name: name, Held: x.held[name]})
	}
	return all
}

// replayLine is the line to paste, as far as it is known here.
func (x *explorer) replayLine(f *Failure) string {
	if x.tb != nil {
		return f.replayLine(x.tb.Name())
	}
	return f.replayEnv()
}

// progress is where the exploration stands, without what has been explored.
func (x *explorer) progress() *report.Progress {
	c := &x.c
	return &report.Progress{
		Version: report.ProgressVersion, Program: program(), Name: c.Name, Strategy: x.strategyName(), Seed: c.Seed,
		Shard: c.shard.i, Shards: max(c.shard.n, 1), StepsMax: c.Steps, Grace: c.Grace, Lag: c.Lag,
	}
}

// progressPath is the file that says where the exploration stands, or "" where none is asked for.
func (x *explorer) progressPath() (path string, one bool) {
	switch path := x.c.resume; {
	case path == "":
		return "", false
	case strings.HasSuffix(path, report.ProgressSuffix):
		return path, true
	default:
		return filepath.Join(path, x.progress().FileName()), false
	}
}

// saveProgress writes where an exploration stands that was stopped, and takes the file away when there is nothing left to run.
func (x *explorer) saveProgress() error {
	path := x.progressFile
	if path == "" {
		return nil
	}
	if x.report.Stopped == "" {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("lastcall: %w", err)
		}
		return nil
	}
	s, ok := scheduler.As[scheduler.Resumer](x.strategy)
	if !ok {
		return fmt.Errorf("lastcall: strategy %s cannot be stopped and taken up again; unset SIM_RESUME", x.strategyName())
	}
	p := x.progress()
	var err error
	if p.Position, err = s.Position(); err != nil {
		return fmt.Errorf("lastcall: %w", err)
	}
	r := x.report
	p.Schedules, p.Steps, p.Failing, p.Passed, p.Elapsed = r.Schedules, r.Steps, r.Failing, r.Passed, r.Elapsed
	p.Behind = r.Behind
	p.Classes, p.Sometimes, p.Failures = report.ClassesOf(x.classes, len(x.classes)), x.sometimes(), []report.Found{}
	p.Again = report.ClassesOf(x.again, len(x.again))
	for _, f := range r.Failures {
		p.Failures = append(p.Failures, report.Found{Schedule: f.Schedule, Token: f.Token})
	}
	text, err := p.Text()
	if err == nil {
		err = writeFile(path, text)
	}
	if err != nil {
		return fmt.Errorf("lastcall: where %s stands cannot be written: %w", x.c.Name, err)
	}
	r.progress = path
	return nil
}

// resume goes on where an exploration was stopped, if there is a file that says where. A path that is one file's is for the exploration
// that it is of, and the others take no notice.
func (x *explorer) resume() error {
	path, one := x.progressPath()
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !one {
		x.progressFile = path
		return nil
	}
	if err != nil {
		return fmt.Errorf("lastcall: %w", err)
	}
	p, err := report.ParseProgress(text)
	if err == nil && one && p.Name != x.c.Name {
		return nil
	}
	if err == nil {
		err = p.Fits(x.progress())
	}
	if err == nil {
		err = x.goOnFrom(p)
	}
	if err != nil {
		return fmt.Errorf("lastcall: %s: %w", path, err)
	}
	x.progressFile = path
	if x.tb != nil && testing.Verbose() {
		x.tb.Logf("lastcall: going on after %d schedules%s", p.Schedules, x.report.left())
	}
	return nil
}

func (x *explorer) goOnFrom(p *report.Progress) error {
	s, ok := scheduler.As[scheduler.Resumer](x.strategy)
	if !ok {
		return fmt.Errorf("strategy %s cannot be taken up again", p.Strategy)
	}
	if err := s.Resume(p.Position); err != nil {
		return err
	}
	r := x.report
	for _, f := range p.Failures {
		found, err := scheduler.ParseToken(f.Token)
		if err != nil {
			return err
		}
		x.replay(found)
		if last := len(r.Failures) - 1; last >= 0 {
			r.Failures[last].Schedule = f.Schedule
			x.seen[string(r.Failures[last].Kind)+"\n"+r.Failures[last].Place] = true
		}
	}
	r.Schedules, r.Steps, r.Failing, r.Passed, r.Elapsed = p.Schedules, p.Steps, p.Failing, p.Passed, p.Elapsed
	r.Behind = p.Behind
	for _, h := range p.Classes.Hashes {
		x.classes[h] = struct{}{}
	}
	for _, h := range p.Again.Hashes {
		x.again[h] = struct{}{}
	}
	x.single = len(x.classes) - len(x.again)
	for _, c := range p.Sometimes {
		x.held[c.Name] = x.held[c.Name] || c.Held
	}
	return nil
}
