package scheduler

import (
	"encoding/json"
	"errors"
	"fmt"
)

// parsimoniousPosition is where a parsimonious search stands between two runs, as [optimalPosition] is for the other.
type parsimoniousPosition struct {
	Piece
	Path    []momentPosition `json:"path"`
	Plan    detourPosition   `json:"plan"`
	Done    [][]actPosition  `json:"done,omitempty"`
	Older   []momentPosition `json:"older,omitempty"`
	Carry   [][]actPosition  `json:"carry,omitempty"`
	Begun   bool             `json:"begun"`
	Over    bool             `json:"over"`
	Gaps    Gaps             `json:"gaps"`
	Blocked int              `json:"blocked"`
	Strayed int              `json:"strayed"`
	Selects bool             `json:"selects,omitempty"`
	Trunk   *trunkPosition   `json:"trunk,omitempty"`
}

type momentPosition struct {
	Act    actPosition      `json:"act"`
	Node   *choicePosition  `json:"node,omitempty"`
	Sched  bool             `json:"sched,omitempty"`
	Head   bool             `json:"head,omitempty"`
	Alt    bool             `json:"alt,omitempty"`
	Choice bool             `json:"choice,omitempty"`
	Seen   [][4]int32       `json:"seen,omitempty"`
	Tried  int              `json:"tried,omitempty"`
	Todo   []detourPosition `json:"todo,omitempty"`
	Done   [][]actPosition  `json:"done,omitempty"`
	Older  []momentPosition `json:"older,omitempty"`
	Last   bool             `json:"last,omitempty"`
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
	Seen   [][4]int32    `json:"seen,omitempty"`
}

var _ Resumer = (*parsimonious)(nil)

// Position says where the search stands.
func (s *parsimonious) Position() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running {
		return nil, errors.New("scheduler: the position of a search in the middle of a run")
	}
	p := s.position()
	if s.trunk != nil {
		var err error
		if p.Trunk, err = s.trunk.position(); err != nil {
			return nil, err
		}
	}
	return json.Marshal(p)
}

func (s *parsimonious) position() *parsimoniousPosition {
	p := &parsimoniousPosition{Begun: s.begun, Over: s.over, Gaps: s.gaps, Blocked: s.blocked, Strayed: s.strayed, Selects: s.selects}
	k := s.names.packer(&p.Piece)
	k.coarse()
	p.Path, p.Plan, p.Done, p.Older, p.Carry = each(s.path, k.moment), k.detour(&s.plan), each(s.done, k.sequence), each(s.older, k.moment), each(s.carry, k.sequence)
	return p
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
	if p.Trunk != nil {
		var err error
		if s.trunk, err = p.Trunk.trunk(newOptimal()); err != nil {
			return err
		}
	}
	return s.take(&p).err
}

// take puts the search where p says.
func (s *parsimonious) take(p *parsimoniousPosition) *unpacker {
	s.names = newNames()
	u := s.names.unpacker(&p.Piece)
	s.path, s.plan, s.done, s.older, s.carry = each(p.Path, u.moment), u.detour(&p.Plan), each(p.Done, u.sequence), each(p.Older, u.moment), each(p.Carry, u.sequence)
	s.begun, s.over, s.gaps, s.blocked, s.strayed, s.selects = p.Begun, p.Over, p.Gaps, p.Blocked, p.Strayed, p.Selects
	return u
}

func (k *packer) moment(m *moment) momentPosition {
	p := momentPosition{Act: k.act(&m.act), Sched: m.sched, Head: m.head, Alt: m.alt, Choice: m.choice, Seen: k.uses(m.seen), Tried: m.tried, Todo: each(m.todo, k.detour), Done: each(m.done, k.sequence), Older: each(m.older, k.moment), Last: m.last}
	if n := m.node; n != nil {
		p.Node = &choicePosition{Set: n.set, At: n.at}
		for i, m := range n.can {
			p.Node.Can = append(p.Node.Can, [2]int32{k.proc(m.proc), m.alt})
			p.Node.Objs = append(p.Node.Objs, k.obj(n.objs[i]))
		}
	}
	return p
}

func (u *unpacker) moment(p *momentPosition) moment {
	m := moment{act: u.act(&p.Act), sched: p.Sched, head: p.Head, alt: p.Alt, choice: p.Choice, seen: u.uses(p.Seen), tried: p.Tried, todo: each(p.Todo, u.detour), done: each(p.Done, u.sequence), older: each(p.Older, u.moment), last: p.Last}
	if p.Alt && len(p.Older) == 0 {
		u.fail(errors.New("scheduler: the position of an exhaustive search: a step is an alternative of none"))
	}
	if p.Node != nil {
		m.node = new(node)
		u.node(&nodePosition{Set: p.Node.Set, At: p.Node.At, Can: p.Node.Can, Objs: p.Node.Objs, Taken: sleeperPosition{Act: p.Act}}, m.node)
		m.node.taken = sleeper{act: act{move: m.move}}
	}
	return m
}

func (k *packer) detour(d *detour) detourPosition {
	return detourPosition{k.acts(d.acts), d.alt, d.choice, k.uses(d.seen)}
}

func (u *unpacker) detour(p *detourPosition) detour {
	return detour{u.acts(p.Acts), p.Alt, p.Choice, u.uses(p.Seen)}
}

func (k *packer) sequence(q *sequence) []actPosition   { return k.acts(*q) }
func (u *unpacker) sequence(p *[]actPosition) sequence { return u.acts(*p) }

// each is what f makes of each of the values; of none, nil.
func each[T, U any](v []T, f func(*T) U) (u []U) {
	for i := range v {
		u = append(u, f(&v[i]))
	}
	return u
}
