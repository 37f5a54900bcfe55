package scheduler

import (
	"encoding/json"
	"errors"
	"fmt"
)

// optimalPosition is where an optimal search stands between two runs, in a form that another process can read: goroutines and objects are
// known by the numbers that it has given them, and those by their identities.
type optimalPosition struct {
	Procs   []uint64        `json:"procs"`
	Objs    []uint64        `json:"objs"`
	Timers  [][2]int32      `json:"timers"` // process and timer
	Nodes   []nodePosition  `json:"nodes"`
	Next    []wakePosition  `json:"next"`
	Coarse  []int32         `json:"coarse,omitempty"`
	Begun   bool            `json:"begun"`
	Over    bool            `json:"over"`
	Partial bool            `json:"partial"`
	Blocked int             `json:"blocked"`
	Strayed int             `json:"strayed"`
	Top     *divisionStands `json:"division,omitempty"`
}

type nodePosition struct {
	Set   uint32         `json:"set"`
	At    int32          `json:"at"`
	Can   [][2]int32     `json:"can"` // process and alternative
	Objs  []int32        `json:"objs"`
	Taken actPosition    `json:"taken"`
	Tried int            `json:"tried,omitempty"`
	Whole bool           `json:"whole,omitempty"`
	Sleep []actPosition  `json:"sleep,omitempty"`
	Tree  []wakePosition `json:"tree,omitempty"`
}

type actPosition struct {
	Proc int32      `json:"p"`
	Alt  int32      `json:"a"`
	All  bool       `json:"all,omitempty"`
	Far  bool       `json:"far,omitempty"`
	Uses [][3]int32 `json:"u,omitempty"` // object, mode, which use of it
}

type wakePosition struct {
	Act  actPosition    `json:"act"`
	Then []wakePosition `json:"then,omitempty"`
}

type divisionStands struct {
	Want  int  `json:"want"`
	Depth int  `json:"depth"`
	Parts int  `json:"parts"`
	Trial bool `json:"trial"`
	Deep  bool `json:"deep"`
}

var _ Resumer = (*optimal)(nil)

// Position says where the search stands.
func (s *optimal) Position() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running {
		return nil, errors.New("scheduler: the position of a search in the middle of a run")
	}
	p := optimalPosition{
		Procs: byNumber(s.names.procs), Objs: byNumber(s.names.objs), Next: wakesTo(s.next),
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
	for _, n := range s.nodes {
		np := nodePosition{Set: n.set, At: n.at, Objs: n.objs, Taken: actTo(&n.taken), Tried: n.tried, Whole: n.whole, Tree: wakesTo(n.tree)}
		for _, m := range n.can {
			np.Can = append(np.Can, [2]int32{m.proc, m.alt})
		}
		for i := range n.sleep {
			np.Sleep = append(np.Sleep, actTo(&n.sleep[i]))
		}
		p.Nodes = append(p.Nodes, np)
	}
	if t := s.top; t != nil {
		p.Top = &divisionStands{t.want, t.depth, t.parts, t.trial, t.deep}
	}
	return json.Marshal(p)
}

// Resume puts the search where another one stood. One that is divided has been told so before.
func (s *optimal) Resume(text []byte) error {
	var p optimalPosition
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("scheduler: the position of an exhaustive search: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.begun || (p.Top == nil) != (s.top == nil) || s.top != nil && s.top.want != p.Top.Want {
		return errors.New("scheduler: the position is of a search that was divided otherwise")
	}
	if err := p.check(); err != nil {
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
	for i := range p.Nodes {
		s.nodes = append(s.nodes, p.Nodes[i].node())
	}
	s.next = wakesFrom(p.Next)
	s.begun, s.over, s.partial, s.blocked, s.strayed = p.Begun, p.Over, p.Partial, p.Blocked, p.Strayed
	if t := p.Top; t != nil {
		s.top.depth, s.top.parts, s.top.trial, s.top.deep = t.Depth, t.Parts, t.Trial, t.Deep
	}
	return nil
}

// check returns an error where the position speaks of what it does not have.
func (p *optimalPosition) check() error {
	for i := range p.Nodes {
		n := &p.Nodes[i]
		for _, c := range n.Can {
			if c[0] < 0 || int(c[0]) >= len(p.Procs) {
				return fmt.Errorf("scheduler: the position of an exhaustive search: decision %d is about goroutine %d of %d", i, c[0], len(p.Procs))
			}
		}
		if len(n.Can) < 2 {
			return fmt.Errorf("scheduler: the position of an exhaustive search: decision %d has %d choices", i, len(n.Can))
		}
	}
	return nil
}

func (p *nodePosition) node() *node {
	n := &node{set: p.Set, at: p.At, objs: p.Objs, taken: p.Taken.act(), tried: p.Tried, whole: p.Whole, tree: wakesFrom(p.Tree)}
	for _, c := range p.Can {
		n.can = append(n.can, move{c[0], c[1]})
	}
	for i := range p.Sleep {
		n.sleep = append(n.sleep, p.Sleep[i].act())
	}
	return n
}

func actTo(a *act) actPosition {
	p := actPosition{Proc: a.proc, Alt: a.alt, All: a.all, Far: a.far}
	for _, u := range a.uses {
		p.Uses = append(p.Uses, [3]int32{u.obj, int32(u.mode), u.at})
	}
	return p
}

func (p *actPosition) act() act {
	a := act{move: move{p.Proc, p.Alt}, all: p.All, far: p.Far}
	for _, u := range p.Uses {
		a.uses = append(a.uses, use{obj: u[0], mode: Mode(u[1]), at: u[2]})
	}
	return a
}

func wakesTo(tree []*wakeup) (p []wakePosition) {
	for _, b := range tree {
		p = append(p, wakePosition{actTo(&b.act), wakesTo(b.then)})
	}
	return p
}

func wakesFrom(p []wakePosition) (tree []*wakeup) {
	for i := range p {
		tree = append(tree, &wakeup{act: p[i].Act.act(), then: wakesFrom(p[i].Then)})
	}
	return tree
}

// byNumber lists the keys of a numbering in its order.
func byNumber(m map[uint64]int32) []uint64 {
	keys := make([]uint64, len(m))
	for id, i := range m {
		keys[i] = id
	}
	return keys
}
