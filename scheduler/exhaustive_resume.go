package scheduler

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// exhaustivePosition is where a search that does not reduce stands between two runs.
type exhaustivePosition struct {
	frontierPosition
	Bounded bool           `json:"bounded"`
	Gaps    Gaps           `json:"gaps"`
	Behind  float64        `json:"behind"`
	Crown   *crownPosition `json:"crown,omitempty"`
}

// frontierPosition is branches that are left to run, in a form that another process can read.
type frontierPosition struct {
	Trails []trailPosition `json:"trails,omitempty"` // those that the branches leave, each after the one that it leaves itself
	Left   [][]byte        `json:"left"`             // the branches by cost, those of one decision together: their trail, the decision, their weight, how many, and their choices
}

type trailPosition struct {
	Parent int    `json:"parent"` // which of the others, -1 for none
	From   int    `json:"from"`
	Steps  []byte `json:"steps"` // each as its choice and the hash of what could be chosen
}

var _ Resumer = (*exhaustive)(nil)

// Position says where the search stands.
func (s *exhaustive) Position() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running > 0 {
		return nil, errors.New("scheduler: the position of a search in the middle of a run")
	}
	p := exhaustivePosition{frontierPosition: *packFrontier(s.frontier), Bounded: s.bounded, Gaps: s.gaps, Behind: s.behind}
	if s.crown != nil {
		var err error
		if p.Crown, err = s.crown.position(); err != nil {
			return nil, err
		}
	}
	return json.Marshal(p)
}

// Resume puts the search where another one stood, with the same bounds.
func (s *exhaustive) Resume(text []byte) error {
	var p exhaustivePosition
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("scheduler: the position of an exhaustive search: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	frontier, err := p.unpack()
	if err != nil {
		return err
	}
	if p.Crown != nil {
		if s.crown, err = p.Crown.crown(s); err != nil {
			return err
		}
	}
	s.frontier, s.bounded, s.gaps, s.behind = frontier, p.Bounded, p.Gaps, p.Behind
	return nil
}

// packFrontier puts branches into a position, with the trails that they leave.
func packFrontier(frontier [][]branch) *frontierPosition {
	p, numbers := &frontierPosition{Left: make([][]byte, len(frontier))}, map[*trail]int{}
	for cost, stack := range frontier {
		left := []byte{}
		for len(stack) > 0 {
			b, n := stack[0], 1
			for n < len(stack) && stack[n].beside(b) {
				n++
			}
			left = binary.AppendUvarint(left, uint64(p.trail(b.trail, numbers)+1))
			left = binary.AppendUvarint(left, uint64(b.at+1))
			left = binary.LittleEndian.AppendUint64(left, math.Float64bits(b.weight))
			left = binary.AppendUvarint(left, uint64(n))
			for _, b := range stack[:n] {
				left = binary.AppendUvarint(left, uint64(b.pick))
			}
			stack = stack[n:]
		}
		p.Left[cost] = left
	}
	return p
}

// beside reports whether two branches differ in the choice alone.
func (b branch) beside(o branch) bool {
	return b.trail == o.trail && b.at == o.at && b.weight == o.weight
}

// trail returns the number of a trail.
func (p *frontierPosition) trail(t *trail, numbers map[*trail]int) int {
	if t == nil {
		return -1
	}
	if n, ok := numbers[t]; ok {
		return n
	}
	q := trailPosition{Parent: p.trail(t.parent, numbers), From: t.from}
	for _, s := range t.steps {
		q.Steps = binary.AppendUvarint(q.Steps, uint64(s.pick))
		q.Steps = binary.LittleEndian.AppendUint32(q.Steps, s.set)
	}
	n := len(p.Trails)
	p.Trails = append(p.Trails, q)
	numbers[t] = n
	return n
}

var errFrontier = errors.New("scheduler: the position of an exhaustive search: what is left to run does not fit together")

// unpack returns the branches.
func (p *frontierPosition) unpack() (frontier [][]branch, err error) {
	trails := make([]*trail, len(p.Trails))
	for i, q := range p.Trails {
		t := &trail{from: q.From}
		r := unpacking{left: q.Steps}
		for len(r.left) > 0 {
			t.steps = append(t.steps, taken{pick: int32(r.number(math.MaxInt32)), set: uint32(r.fixed(4))})
		}
		switch {
		case q.Parent >= 0 && q.Parent < i:
			t.parent = trails[q.Parent]
			r.bad = r.bad || t.from < t.parent.from || t.from >= t.parent.from+len(t.parent.steps)
		default:
			r.bad = r.bad || q.Parent != -1 || t.from != 0
		}
		if r.bad {
			return nil, errFrontier
		}
		trails[i] = t
	}
	for _, left := range p.Left {
		var stack []branch
		for r := (unpacking{left: left}); len(r.left) > 0; {
			trail := r.number(uint64(len(trails))) - 1
			b := branch{at: int32(r.number(math.MaxInt32)) - 1, weight: math.Float64frombits(r.fixed(8))}
			n := r.number(uint64(len(r.left)))
			switch {
			case r.bad:
			case trail >= 0:
				b.trail = trails[trail]
				r.bad = int(b.at) < b.trail.from || int(b.at) >= b.trail.from+len(b.trail.steps)
			default:
				r.bad = b.at != -1
			}
			for range n {
				b.pick = int32(r.number(math.MaxInt32))
				stack = append(stack, b)
			}
			if r.bad {
				return nil, errFrontier
			}
		}
		frontier = append(frontier, stack)
	}
	return frontier, nil
}

// unpacking reads numbers.
type unpacking struct {
	left []byte
	bad  bool
}

// number reads one that is at most so much.
func (r *unpacking) number(most uint64) int {
	v, n := binary.Uvarint(r.left)
	if n <= 0 || v > most {
		r.left, r.bad = nil, true
		return 0
	}
	r.left = r.left[n:]
	return int(v)
}

// fixed reads one of so many bytes.
func (r *unpacking) fixed(size int) (v uint64) {
	if len(r.left) < size {
		r.left, r.bad = nil, true
		return 0
	}
	for i := range size {
		v |= uint64(r.left[i]) << (8 * i)
	}
	r.left = r.left[size:]
	return v
}
