package scheduler

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// A Resumer is a Strategy that can go on where another of its kind and seed stopped, also in another process.
type Resumer interface {
	Strategy

	// Position says where it stands, as JSON. No run may be under way.
	Position() ([]byte, error)

	// Resume puts it there. It comes before the first Next.
	Resume(position []byte) error
}

// A Sharder is a Strategy that divides what it runs: n of its kind with different i < n run together what one runs, each class in one of them.
type Sharder interface {
	Strategy
	Shard(i, n int) // comes before the first Next
}

// An Unwrapper is a Strategy around another one.
type Unwrapper interface{ Unwrap() Strategy }

// As returns the first of s and what it is wrapped around that is a T.
func As[T any](s Strategy) (t T, ok bool) {
	for s != nil {
		if t, ok := s.(T); ok {
			return t, true
		}
		u, ok := s.(Unwrapper)
		if !ok {
			break
		}
		s = u.Unwrap()
	}
	return t, false
}

// numbering counts the schedules of a strategy that numbers them. Where such a strategy stands is the next one's number. What it has learnt from
// earlier schedules is not kept: it learns anew from the next ones, so from there on its schedules are others than without a stop, and
// the portfolio's first one is once more the profile for all.
type numbering struct {
	mu   sync.Mutex
	next uint64
}

type numberPosition struct {
	Next uint64 `json:"next_schedule"`
}

// Position says which schedule is next.
func (s *numbering) Position() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(numberPosition{s.next})
}

// Resume goes on with that schedule.
func (s *numbering) Resume(text []byte) error {
	var p numberPosition
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("scheduler: the position of a randomized strategy: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = p.Next
	return nil
}

type feedbackPosition struct {
	numberPosition
	At      int             `json:"at"`
	Corpus  []inputPosition `json:"corpus,omitempty"`
	Classes []uint64        `json:"classes,omitempty"`
	Pairs   []uint64        `json:"pairs,omitempty"`
}

type inputPosition struct {
	Data   []byte `json:"data"`
	Energy int    `json:"energy"`
	Left   int    `json:"left"`
}

// Position says which schedule is next, what mutants are made of, and what is not new any more.
func (s *feedback) Position() ([]byte, error) {
	s.tail.mu.Lock()
	defer s.tail.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	p := feedbackPosition{numberPosition: numberPosition{s.tail.next}, At: s.at, Classes: slices.Sorted(maps.Keys(s.classes)), Pairs: slices.Sorted(maps.Keys(s.pairs))}
	for _, in := range s.corpus {
		p.Corpus = append(p.Corpus, inputPosition{in.data, in.energy, in.left})
	}
	return json.Marshal(p)
}

// Resume goes on with that.
func (s *feedback) Resume(text []byte) error {
	var p feedbackPosition
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("scheduler: the position of feedback: %w", err)
	}
	s.tail.mu.Lock()
	s.tail.next = p.Next
	s.tail.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at, s.corpus = max(p.At, 0), nil
	for _, in := range p.Corpus {
		s.corpus = append(s.corpus, &input{in.Data, in.Energy, in.Left})
	}
	for _, c := range p.Classes {
		s.classes[c] = struct{}{}
	}
	for _, c := range p.Pairs {
		s.pairs[c] = struct{}{}
	}
	return nil
}

var (
	_ Resumer = (*walks)(nil)
	_ Resumer = (*portfolio)(nil)
	_ Resumer = (*feedback)(nil)
)
