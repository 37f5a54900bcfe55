package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Version is that of the file's form.
const Version = 1

// Suffix is that of reports' files.
const Suffix = ".report.json"

// A Report is what one process found of an exploration.
type Report struct {
	Version   int           `json:"lastcall_report"`
	Program   string        `json:"program"` // a hash of the executable file
	Name      string        `json:"name"`
	Strategy  string        `json:"strategy"`
	Seed      uint64        `json:"seed"`
	Shard     int           `json:"shard"`  // from 0
	Shards    int           `json:"shards"` // 1 where the exploration was not divided
	Schedules int           `json:"schedules"`
	Steps     int64         `json:"steps"`
	Distinct  int           `json:"distinct"`
	Exact     bool          `json:"distinct_is_exact"`
	Disjoint  bool          `json:"disjoint"` // no class is met by two shards
	Complete  bool          `json:"complete"`
	Bounded   bool          `json:"bounded"`
	Gaps      string        `json:"gaps"`    // why a search that has nothing left to run is not complete
	Passed    int           `json:"passed"`  // schedules begun that were another shard's, or the like of others; not in Schedules
	Stopped   string        `json:"stopped"` // why it ended although schedules were left: "", or interrupted, budget, deadline
	Failing   int           `json:"failing"`
	Elapsed   time.Duration `json:"elapsed_ns"`
	Classes   Classes       `json:"classes"`
	Sometimes []Sometimes   `json:"sometimes"`
	Failures  []Failure     `json:"failures"`

	Path string `json:"-"` // of the file that it was read from
}

// A Failure is one way in which the body failed.
type Failure struct {
	Kind        string `json:"kind"`
	Place       string `json:"place"`
	Message     string `json:"message"`
	Schedule    int    `json:"schedule"` // of its shard
	Preemptions int    `json:"preemptions"`
	Token       string `json:"token"`
	Replay      string `json:"replay"` // the line to paste
	Trace       string `json:"trace"`
	Why         string `json:"why"`
	Shards      []int  `json:"shards,omitempty"` // in a sum: those that found it
}

// Sometimes is a condition that should hold in some schedule.
type Sometimes struct {
	Name string `json:"name"`
	Held bool   `json:"held"`
}

// FileName is the name of a report's file: that of the exploration with every byte that a file system could mind as %XX, and the shard.
func (r *Report) FileName() string {
	return fmt.Sprintf("%s.%d-of-%d%s", Escape(r.Name), r.Shard, r.Shards, Suffix)
}

// Escape makes a file's name of an exploration's.
func Escape(name string) string {
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-', c == '.' && i > 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// Text is the content of the report's file.
func (r *Report) Text() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(r)
	return b.Bytes(), err
}

// Read reads the reports of the paths: files, or directories of such files.
func Read(paths []string) ([]*Report, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		in, err := filesIn(path)
		if err != nil {
			return nil, err
		}
		if len(in) == 0 {
			return nil, fmt.Errorf("%s: the directory has no file whose name ends in %s", path, Suffix)
		}
		files = append(files, in...)
	}
	var all []*Report
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		r, err := parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		r.Path = file
		all = append(all, r)
	}
	return all, nil
}

// filesIn lists the reports below a directory, in order: those who collect what several machines wrote often put each in a directory of its own.
func filesIn(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, Suffix) {
			files = append(files, path)
		}
		return err
	})
	slices.Sort(files)
	return files, err
}

func parse(text []byte) (*Report, error) {
	var v struct {
		Version *int `json:"lastcall_report"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, fmt.Errorf("this is no report: %w", err)
	}
	if v.Version == nil {
		return nil, errors.New("this is no report: it does not say lastcall_report")
	}
	if *v.Version != Version {
		return nil, fmt.Errorf("report of version %d: this lastcall reads version %d; use the lastcall that wrote it", *v.Version, Version)
	}
	r := new(Report)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(r); err != nil {
		return nil, err
	}
	if r.Shards < 1 || r.Shard < 0 || r.Shard >= r.Shards {
		return nil, fmt.Errorf("shard %d of %d: there is no such shard", r.Shard, r.Shards)
	}
	return r, nil
}
