package scheduler

import "fmt"

// Piece is a part of a search tree in a form that another process can read: goroutines, timers and objects are numbered in it by its own
// lists of identities.
type Piece struct {
	Procs  []uint64       `json:"procs"`
	Objs   []uint64       `json:"objs"`
	Timers [][2]int32     `json:"timers,omitempty"` // process and timer
	Coarse []int32        `json:"coarse,omitempty"`
	Nodes  []nodePosition `json:"nodes"`
	Next   []wakePosition `json:"next"` // what is to be run after the last of them
}

type nodePosition struct {
	Set   uint32            `json:"set"`
	At    int32             `json:"at"`
	Can   [][2]int32        `json:"can"` // process and alternative
	Objs  []int32           `json:"objs"`
	Taken sleeperPosition   `json:"taken"`
	Tried int               `json:"tried,omitempty"`
	Whole bool              `json:"whole,omitempty"`
	Sleep []sleeperPosition `json:"sleep,omitempty"`
	Tree  []wakePosition    `json:"tree,omitempty"`
}

type actPosition struct {
	Proc int32      `json:"p"`
	Alt  int32      `json:"a"`
	All  bool       `json:"all,omitempty"`
	Uses [][4]int32 `json:"u,omitempty"` // object, mode, which use of it, part of it
}

type sleeperPosition struct {
	Act   actPosition `json:"act"`
	Guess [][4]int32  `json:"g,omitempty"`
	Far   bool        `json:"far,omitempty"`
}

// usesLeft is added to a mode in a piece: see use.
const usesLeft = 1 << 8

type wakePosition struct {
	Act  actPosition    `json:"act"`
	Then []wakePosition `json:"then,omitempty"`
}

// packer puts things into a piece. It lists what they speak of, and nothing else.
type packer struct {
	from        *names
	to          *Piece
	procs, objs map[int32]int32
}

func (n *names) packer(to *Piece) *packer {
	return &packer{n, to, make(map[int32]int32), make(map[int32]int32)}
}

func (k *packer) proc(p int32) int32 {
	i, ok := k.procs[p]
	if !ok {
		i = int32(len(k.to.Procs))
		k.procs[p] = i
		k.to.Procs = append(k.to.Procs, k.from.procIDs[p])
		if t, ok := k.from.timers[p]; ok {
			k.to.Timers = append(k.to.Timers, [2]int32{i, k.obj(t)})
		}
	}
	return i
}

func (k *packer) obj(o int32) int32 {
	i, ok := k.objs[o]
	if !ok {
		i = int32(len(k.to.Objs))
		k.objs[o] = i
		k.to.Objs = append(k.to.Objs, k.from.objIDs[o])
	}
	return i
}

// coarse puts in which WaitGroups' counters could fall below zero.
func (k *packer) coarse() {
	for o := range int32(len(k.from.objIDs)) {
		if k.from.coarse[o] {
			k.to.Coarse = append(k.to.Coarse, k.obj(o))
		}
	}
}

func (k *packer) act(a *act) actPosition {
	return actPosition{Proc: k.proc(a.proc), Alt: a.alt, All: a.all, Uses: k.uses(a.uses)}
}

func (k *packer) asleep(b **sleeper) sleeperPosition { return k.sleeper(*b) }

func (k *packer) sleeper(b *sleeper) sleeperPosition {
	return sleeperPosition{Act: k.act(&b.act), Guess: k.uses(b.guess), Far: b.far}
}

func (k *packer) uses(uses []use) (p [][4]int32) {
	for _, u := range uses {
		mode := int32(u.mode)
		if u.left {
			mode |= usesLeft
		}
		p = append(p, [4]int32{k.obj(u.obj), mode, u.at, u.part})
	}
	return p
}

func (k *packer) acts(all []act) (p []actPosition) {
	for i := range all {
		p = append(p, k.act(&all[i]))
	}
	return p
}

func (k *packer) wakes(tree []*wakeup) (p []wakePosition) {
	for _, b := range tree {
		p = append(p, wakePosition{k.act(&b.act), k.wakes(b.then)})
	}
	return p
}

func (k *packer) node(n *node) nodePosition {
	p := nodePosition{Set: n.set, At: n.at, Taken: k.sleeper(&n.taken), Tried: n.tried, Whole: n.whole, Sleep: each(n.sleep, k.asleep), Tree: k.wakes(n.tree)}
	for i, m := range n.can {
		p.Can = append(p.Can, [2]int32{k.proc(m.proc), m.alt})
		p.Objs = append(p.Objs, k.obj(n.objs[i]))
	}
	return p
}

// unpacker takes things out of a piece.
type unpacker struct {
	procs, objs []int32
	err         error // it speaks of what is not in its lists
}

func (n *names) unpacker(p *Piece) *unpacker {
	u := new(unpacker)
	for _, id := range p.Procs {
		u.procs = append(u.procs, n.proc(id))
	}
	for _, id := range p.Objs {
		u.objs = append(u.objs, n.obj(id))
	}
	for _, t := range p.Timers {
		n.timers[u.proc(t[0])] = u.obj(t[1])
	}
	for _, o := range p.Coarse {
		n.coarse[u.obj(o)] = true
	}
	return u
}

// fail notes an error, if it is the first.
func (u *unpacker) fail(err error) {
	if u.err == nil {
		u.err = err
	}
}

func (u *unpacker) proc(i int32) int32 { return u.at(u.procs, i, "goroutine") }
func (u *unpacker) obj(i int32) int32  { return u.at(u.objs, i, "object") }

func (u *unpacker) at(list []int32, i int32, what string) int32 {
	if i < 0 || int(i) >= len(list) {
		u.fail(fmt.Errorf("scheduler: the position of an exhaustive search: it is about %s %d of %d", what, i, len(list)))
		return 0
	}
	return list[i]
}

func (u *unpacker) act(p *actPosition) act {
	return act{move: move{u.proc(p.Proc), p.Alt}, all: p.All, uses: u.uses(p.Uses)}
}

func (u *unpacker) sleeper(p *sleeperPosition) *sleeper {
	b := &sleeper{act: u.act(&p.Act), guess: u.uses(p.Guess), far: p.Far}
	b.marks = b.act.marks()
	return b
}

func (u *unpacker) uses(p [][4]int32) (uses []use) {
	for _, v := range p {
		uses = append(uses, use{obj: u.obj(v[0]), mode: Mode(v[1] &^ usesLeft), left: v[1]&usesLeft != 0, at: v[2], part: v[3]})
	}
	return uses
}

func (u *unpacker) acts(p []actPosition) (all []act) {
	for i := range p {
		all = append(all, u.act(&p[i]))
	}
	return all
}

func (u *unpacker) wakes(p []wakePosition) (tree []*wakeup) {
	for i := range p {
		b := &wakeup{act: u.act(&p[i].Act), then: u.wakes(p[i].Then)}
		b.marks = b.act.marks()
		tree = append(tree, b)
	}
	return tree
}

// node fills n.
func (u *unpacker) node(p *nodePosition, n *node) {
	if p.Tried < 0 || p.Tried > len(p.Sleep) {
		u.fail(fmt.Errorf("scheduler: the position of an exhaustive search: of %d steps that sleep at a decision %d have been run there", len(p.Sleep), p.Tried))
	}
	if len(p.Can) < 2 || len(p.Objs) != len(p.Can) {
		u.fail(fmt.Errorf("scheduler: the position of an exhaustive search: a decision has %d choices", min(len(p.Can), len(p.Objs))))
	}
	*n = node{set: p.Set, at: p.At, taken: *u.sleeper(&p.Taken), tried: p.Tried, whole: p.Whole, sleep: each(p.Sleep, u.sleeper), tree: u.wakes(p.Tree)}
	for _, c := range p.Can {
		n.can = append(n.can, move{u.proc(c[0]), c[1]})
	}
	for _, o := range p.Objs {
		n.objs = append(n.objs, u.obj(o))
	}
}
