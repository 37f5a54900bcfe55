package scheduler

import (
	"encoding/json"
	"errors"
	"fmt"
)

// parsimoniousPosition is where a parsimonious search stands between two runs, as [optimalPosition] is for the other.
type parsimoniousPosition struct {
	Procs   []uint64         `json:"procs"`
	Objs    []uint64         `json:"objs"`
	Timers  [][2]int32       `json:"timers"` // process and timer
	Coarse  []int32          `json:"coarse,omitempty"`
	Path    []momentPosition `json:"path"`
	Plan    detourPosition   `json:"plan"`
	Done    [][]actPosition  `json:"done,omitempty"`
	Older   []momentPosition `json:"older,omitempty"`
	Carry   [][]actPosition  `json:"carry,omitempty"`
	Begun   bool             `json:"begun"`
	Over    bool             `json:"over"`
	Partial bool             `json:"partial"`
	Blocked int              `json:"blocked"`
	Strayed int              `json:"strayed"`
}

type momentPosition struct {
	Act    actPosition      `json:"act"`
	Node   *choicePosition  `json:"node,omitempty"`
	Sched  bool             `json:"sched,omitempty"`
	Head   bool             `json:"head,omitempty"`
	Alt    bool             `json:"alt,omitempty"`
	Choice bool             `json:"choice,omitempty"`
	Tried  int              `json:"tried,omitempty"`
	Todo   []detourPosition `json:"todo,omitempty"`
	Done   [][]actPosition  `json:"done,omitempty"`
	Older  []momentPosition `json:"older,omitempty"`
}

type choicePosition struct {
	Set  uint32     `json:"set"`
	At   int32      `json:"at"`
	Can  [][2]int32 `json:"can"` // process and alternative
	Objs []int32    `json:"objs"`
}

type detourPosition struct {
	Acts   []actPosition `json:"acts,omitempty"`
	Alt    bool          `json:"alt,omitempty"`
	Choice bool          `json:"choice,omitempty"`
}

var _ Resumer = (*parsimonious)(nil)

// Position says where the search stands.
func (s *parsimonious) Position() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running {
		return nil, errors.New("scheduler: the position of a search in the middle of a run")
	}
	p := parsimoniousPosition{
		Procs: byNumber(s.names.procs), Objs: byNumber(s.names.objs),
		Path: each(s.path, momentTo), Plan: detourTo(&s.plan), Done: each(s.done, sequenceTo), Older: each(s.older, momentTo), Carry: each(s.carry, sequenceTo),
		Begun: s.begun, Over: s.over, Partial: s.partial, Blocked: s.blocked, Strayed: s.strayed,
	}
	for i := range int32(len(p.Procs)) {
		if t, ok := s.names.timers[i]; ok {
			p.Timers = append(p.Timers, [2]int32{i, t})
		}
	}
	for i := range int32(len(p.Objs)) {
		if s.names.coarse[i] {
			p.Coarse = append(p.Coarse, i)
		}
	}
	return json.Marshal(p)
}

// Resume puts the search where another one stood.
func (s *parsimonious) Resume(text []byte) error {
	var p parsimoniousPosition
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("scheduler: the position of an exhaustive search: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun {
		return errors.New("scheduler: the position comes after the first schedule")
	}
	if err := checkMoments(append(append([]momentPosition(nil), p.Path...), p.Older...), len(p.Procs)); err != nil {
		return err
	}
	s.names = newNames()
	for i, id := range p.Procs {
		s.names.procs[id] = int32(i)
	}
	for i, id := range p.Objs {
		s.names.objs[id] = int32(i)
	}
	for _, t := range p.Timers {
		s.names.timers[t[0]] = t[1]
	}
	for _, o := range p.Coarse {
		s.names.coarse[o] = true
	}
	s.path, s.plan, s.done, s.older, s.carry = each(p.Path, momentFrom), detourFrom(&p.Plan), each(p.Done, sequenceFrom), each(p.Older, momentFrom), each(p.Carry, sequenceFrom)
	s.begun, s.over, s.partial, s.blocked, s.strayed = p.Begun, p.Over, p.Partial, p.Blocked, p.Strayed
	return nil
}

// checkMoments returns an error where the position speaks of what it does not have.
func checkMoments(p []momentPosition, procs int) error {
	for i := range p {
		if n := p[i].Node; n != nil {
			if len(n.Can) < 2 {
				return fmt.Errorf("scheduler: the position of an exhaustive search: step %d has %d choices", i, len(n.Can))
			}
			for _, c := range n.Can {
				if c[0] < 0 || int(c[0]) >= procs {
					return fmt.Errorf("scheduler: the position of an exhaustive search: step %d is about goroutine %d of %d", i, c[0], procs)
				}
			}
		}
		if p[i].Alt && len(p[i].Older) == 0 {
			return fmt.Errorf("scheduler: the position of an exhaustive search: step %d is an alternative of none", i)
		}
		if err := checkMoments(p[i].Older, procs); err != nil {
			return err
		}
	}
	return nil
}

func momentTo(m *moment) momentPosition {
	p := momentPosition{Act: actTo(&m.act), Sched: m.sched, Head: m.head, Alt: m.alt, Choice: m.choice, Tried: m.tried, Todo: each(m.todo, detourTo), Done: each(m.done, sequenceTo), Older: each(m.older, momentTo)}
	if n := m.node; n != nil {
		p.Node = &choicePosition{Set: n.set, At: n.at, Objs: n.objs}
		for _, m := range n.can {
			p.Node.Can = append(p.Node.Can, [2]int32{m.proc, m.alt})
		}
	}
	return p
}

func momentFrom(p *momentPosition) moment {
	m := moment{act: p.Act.act(), sched: p.Sched, head: p.Head, alt: p.Alt, choice: p.Choice, tried: p.Tried, todo: each(p.Todo, detourFrom), done: each(p.Done, sequenceFrom), older: each(p.Older, momentFrom)}
	if p.Node != nil {
		m.node = &node{set: p.Node.Set, at: p.Node.At, objs: p.Node.Objs, taken: act{move: m.move}}
		for _, c := range p.Node.Can {
			m.node.can = append(m.node.can, move{c[0], c[1]})
		}
	}
	return m
}

func detourTo(d *detour) detourPosition   { return detourPosition{each(d.acts, actTo), d.alt, d.choice} }
func detourFrom(p *detourPosition) detour { return detour{each(p.Acts, actFrom), p.Alt, p.Choice} }

func sequenceTo(q *sequence) []actPosition   { return each(*q, actTo) }
func sequenceFrom(p *[]actPosition) sequence { return each(*p, actFrom) }

func actFrom(p *actPosition) act { return p.act() }

// each is what f makes of each of the values; of none, nil.
func each[T, U any](v []T, f func(*T) U) (u []U) {
	for i := range v {
		u = append(u, f(&v[i]))
	}
	return u
}
