package scheduler

import (
	"encoding/json"
	"errors"
	"fmt"
)

// optimalPosition is where an optimal search stands between two runs.
type optimalPosition struct {
	Piece
	Begun   bool            `json:"begun"`
	Over    bool            `json:"over"`
	Gaps    Gaps            `json:"gaps"`
	Blocked int             `json:"blocked"`
	Strayed int             `json:"strayed"`
	Top     *divisionStands `json:"division,omitempty"`
	Trunk   *trunkPosition  `json:"trunk,omitempty"`
}

type divisionStands struct {
	Want  int  `json:"want"`
	Depth int  `json:"depth"`
	Parts int  `json:"parts"`
	Trial bool `json:"trial"`
	Deep  bool `json:"deep"`
	Own   bool `json:"own,omitempty"`
}

var _ Resumer = (*optimal)(nil)

// Position says where the search stands.
func (s *optimal) Position() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running {
		return nil, errors.New("scheduler: the position of a search in the middle of a run")
	}
	p := optimalPosition{Begun: s.begun, Over: s.over, Gaps: s.gaps, Blocked: s.blocked, Strayed: s.strayed}
	if t := s.top; t != nil {
		p.Top = &divisionStands{t.want, t.depth, t.parts, t.trial, t.deep, t.own}
	}
	if s.trunk != nil {
		var err error
		if p.Trunk, err = s.trunk.position(); err != nil {
			return nil, err
		}
	}
	s.stand(&p.Piece)
	return json.Marshal(p)
}

// stand puts in the decisions, and what is to be run next.
func (s *optimal) stand(p *Piece) {
	k := s.names.packer(p)
	k.coarse()
	for _, n := range s.nodes {
		p.Nodes = append(p.Nodes, k.node(n))
	}
	p.Next = k.wakes(s.next)
}

// Resume puts the search where another one stood. One that is divided has been told so before.
func (s *optimal) Resume(text []byte) error {
	var p optimalPosition
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("scheduler: the position of an exhaustive search: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.top == nil && p.Top != nil && p.Top.Own {
		s.top = ownDivision()
	}
	if s.begun || (p.Top == nil) != (s.top == nil) || s.top != nil && s.top.want != p.Top.Want {
		return errors.New("scheduler: the position is of a search that was divided otherwise")
	}
	if err := s.standAt(&p.Piece); err != nil {
		return err
	}
	s.begun, s.over, s.gaps, s.blocked, s.strayed = p.Begun, p.Over, p.Gaps, p.Blocked, p.Strayed
	if t := p.Top; t != nil {
		s.top.depth, s.top.parts, s.top.trial, s.top.deep = t.Depth, t.Parts, t.Trial, t.Deep
	}
	if p.Trunk != nil {
		t, err := p.Trunk.trunk(s)
		if err != nil {
			return err
		}
		t.whole = s
		s.share(t)
	}
	return nil
}

// standAt puts the search where a piece says.
func (s *optimal) standAt(p *Piece) error {
	s.names = newNames()
	s.run.forget()
	u := s.names.unpacker(p)
	for _, n := range s.nodes {
		s.drop(n)
	}
	s.nodes = s.nodes[:0]
	for i := range p.Nodes {
		n := s.node()
		u.node(&p.Nodes[i], n)
		s.nodes = append(s.nodes, n)
	}
	s.next = u.wakes(p.Next)
	return u.err
}
