package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"time"
)

// ProgressVersion is that of the form of the file that says where an exploration stands.
const ProgressVersion = 3

// ProgressSuffix is that of the file's name.
const ProgressSuffix = ".progress"

// Progress is where an exploration stands, and what it has come to until there.
type Progress struct {
	Version  int           `json:"lastcall_progress"`
	Program  string        `json:"program"` // a hash of the executable file
	Name     string        `json:"name"`
	Strategy string        `json:"strategy"`
	Seed     uint64        `json:"seed"`
	Shard    int           `json:"shard"`
	Shards   int           `json:"shards"`
	StepsMax int           `json:"steps_max"` // of a schedule
	Grace    time.Duration `json:"grace_ns"`
	Lag      time.Duration `json:"lag_ns"`

	Schedules int             `json:"schedules"`
	Steps     int64           `json:"steps"`
	Failing   int             `json:"failing"`
	Passed    int             `json:"passed"`
	Elapsed   time.Duration   `json:"elapsed_ns"`
	Behind    float64         `json:"behind"` // an estimate of how much of an exhaustive search, 0 to 1
	Classes   Classes         `json:"classes"`
	Again     Classes         `json:"again"` // those of more than one schedule
	Sometimes []Sometimes     `json:"sometimes"`
	Failures  []Found         `json:"failures"`
	Position  json.RawMessage `json:"position"` // the strategy's
	Checksum  string          `json:"checksum"` // CRC-32 of the rest
}

// Found is a failure found so far, which its token finds again.
type Found struct {
	Schedule int    `json:"schedule"`
	Token    string `json:"token"`
}

// FileName is the name of the file.
func (p *Progress) FileName() string {
	r := Report{Name: p.Name, Shard: p.Shard, Shards: p.Shards}
	name := r.FileName()
	return name[:len(name)-len(Suffix)] + ProgressSuffix
}

func (p *Progress) text() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(p)
	return b.Bytes(), err
}

func (p *Progress) sum() (string, error) {
	q := *p
	q.Checksum = ""
	text, err := q.text()
	return fmt.Sprintf("%08x", crc32.ChecksumIEEE(text)), err
}

// Text is the content of the file.
func (p *Progress) Text() (text []byte, err error) {
	if p.Checksum, err = p.sum(); err != nil {
		return nil, err
	}
	return p.text()
}

// ParseProgress reads the content of a file.
func ParseProgress(text []byte) (*Progress, error) {
	var v struct {
		Version *int `json:"lastcall_progress"`
	}
	const anew = "delete the file to explore from the start"
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, fmt.Errorf("this does not say where an exploration stands: %w; %s", err, anew)
	}
	if v.Version == nil {
		return nil, errors.New("this does not say where an exploration stands: there is no lastcall_progress; " + anew)
	}
	if *v.Version != ProgressVersion {
		return nil, fmt.Errorf("it is of version %d, and this lastcall reads version %d: go on with the lastcall that wrote it, or %s", *v.Version, ProgressVersion, anew)
	}
	p := new(Progress)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("%w; %s", err, anew)
	}
	var position bytes.Buffer
	if err := json.Compact(&position, p.Position); err != nil {
		return nil, fmt.Errorf("position: %w; %s", err, anew)
	}
	p.Position = position.Bytes()
	if want, err := p.sum(); err != nil {
		return nil, err
	} else if want != p.Checksum {
		return nil, fmt.Errorf("the checksum is %q, the content gives %q: the file was edited or cut; %s", p.Checksum, want, anew)
	}
	return p, nil
}

// Fits returns an error unless p is of the exploration that q is of.
func (p *Progress) Fits(q *Progress) error {
	for _, f := range []struct {
		what     string
		was, now any
	}{
		{"exploration", p.Name, q.Name},
		{"program (a hash of the executable file)", p.Program, q.Program},
		{"strategy", p.Strategy, q.Strategy},
		{"seed", p.Seed, q.Seed},
		{"shard", fmt.Sprintf("%d/%d", p.Shard, p.Shards), fmt.Sprintf("%d/%d", q.Shard, q.Shards)},
		{"limit of steps", p.StepsMax, q.StepsMax},
		{"grace", p.Grace, q.Grace},
		{"lag", p.Lag, q.Lag},
	} {
		if f.was != f.now {
			return fmt.Errorf("it was written with another %s, %v where it is %v now: what was explored does not hold any more; delete the file to explore from the start",
				f.what, f.was, f.now)
		}
	}
	return nil
}
