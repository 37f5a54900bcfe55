package scheduler

import (
	"fmt"
	"slices"
	"testing"

	"github.com/lastcall-go/lastcall/internal/kernel"
)

// A model is a small program in memory, so that strategies are tested without the kernel: processes that take steps
// on shared variables and locks.
type model struct {
	name  string
	procs []proc
	init  []int // variables, from object 1 on
	main  bool  // process 0 starts the others
}

// A proc is a process's code. Its steps refer to one another by index; one past the end ends it.
type proc []instr

// An instr is one visible step. do carries it out and returns where to go on.
type instr struct {
	kind Kind
	obj  int
	do   func(m *machine, p *state) int
	old  int // what a compare-and-swap looks for
}

// state is a process as it runs.
type state struct {
	pc   int
	n    int32
	reg  [4]int
	read bool // the step turned out to change nothing
	born bool
}

// machine runs models. It is the tests' kernel: it gives strategies the same view, forced steps in Since included.
type machine struct {
	model    *model
	v        []int // variables and locks, by object; a lock is 1 while held
	ps       []state
	ops      []Op // what each process is about to do; its Kind is none where it has ended
	failed   string
	steps    int
	stepsMax int

	choices []Choice
	pending []Op
	since   []Event
	d       Decision
	o       Outcome
	trace   []Event // the whole run, where keep is set
	keep    bool
	print   Fingerprint
	sum     bool // compute the fingerprint
}

func newMachine(m *model) *machine {
	return &machine{model: m, ps: make([]state, len(m.procs)), stepsMax: 10000, sum: true}
}

func (m *machine) fail(f string) { m.failed = f }

// ready puts down what process i does next.
func (m *machine) ready(i int) {
	p, code := &m.ps[i], m.model.procs[i]
	if p.pc >= len(code) || !p.born {
		m.ops[i].Kind, m.ops[i].Arg = kernel.None, 0
		return
	}
	in := &code[p.pc]
	op := &m.ops[i]
	op.Kind, op.Obj, op.Obj2, op.ObjID, op.N, op.Arg = in.kind, Obj(in.obj), 0, uint64(in.obj), p.n, int32(in.old)
	op.PC = uintptr(1 + p.pc<<16 | in.obj<<8 | int(in.kind)) // the same for processes with the same code
	if in.kind == kernel.WGWait {
		op.Obj, op.Obj2 = 0, Obj(in.obj)
	}
}

func (m *machine) reset() {
	m.v = append(m.v[:0], m.model.init...)
	clear(m.ps)
	m.since, m.trace, m.steps, m.failed = m.since[:0], m.trace[:0], 0, ""
	m.print.Reset()
	if m.ops == nil {
		m.ops = make([]Op, len(m.ps))
	}
	for i := range m.ops {
		m.ops[i] = Op{G: G(i), Alt: -1, ID: mix(uint64(i) + 1)}
		m.ps[i].born = i == 0 || !m.model.main
		m.ready(i)
	}
}

func (m *machine) alive(i int) bool { return m.ops[i].Kind != kernel.None }

func (m *machine) enabled(i int) bool {
	op := &m.ops[i]
	switch op.Kind {
	case kernel.None:
		return false
	case kernel.Lock:
		return m.v[op.Obj] == 0
	case kernel.WGWait: // a join; the process is in Obj2
		p := &m.ps[m.ops[i].Obj2]
		return p.born && p.pc >= len(m.model.procs[m.ops[i].Obj2])
	}
	return true
}

func (m *machine) step(i int, forced bool) {
	p := &m.ps[i]
	p.read = false
	m.since = append(m.since, Event{Op: m.ops[i]})
	e := &m.since[len(m.since)-1]
	if k := e.Kind; k >= kernel.AtomicLoad && k <= kernel.AtomicCAS {
		e.Was = uint32(m.v[e.Obj])
		e.Flags = Valued
	}
	p.pc = m.model.procs[i][p.pc].do(m, p)
	p.n++
	m.ready(i)
	if p.read {
		e.Flags |= Read
	}
	if forced {
		e.Flags |= Forced
	}
	if m.keep {
		m.trace = append(m.trace, *e)
	}
	m.steps++
}

// run runs one schedule under r.
func (m *machine) run(r Run) *Outcome {
	m.reset()
	decisions, cut := 0, false
	for m.failed == "" {
		m.choices, m.pending = m.choices[:0], m.pending[:0]
		for i := range m.ops {
			if m.enabled(i) {
				m.choices = append(m.choices, m.ops[i])
			} else if m.alive(i) {
				m.pending = append(m.pending, m.ops[i])
			}
		}
		if len(m.choices) == 0 {
			if len(m.pending) > 0 {
				m.failed = KindDeadlock
			}
			break
		}
		if cut = m.steps >= m.stepsMax; cut {
			break
		}
		if len(m.choices) == 1 {
			m.step(int(m.choices[0].G), true)
			continue
		}
		m.d = Decision{Choices: m.choices, Pending: m.pending, Since: m.since, Step: m.steps}
		i := r.Pick(&m.d)
		decisions++
		if i == Stop {
			m.failed = "stopped"
			break
		}
		if m.sum {
			m.print.Add(m.since)
		}
		m.since = m.since[:0]
		m.step(int(m.choices[i].G), false)
	}
	if m.sum {
		m.print.Add(m.since)
	}
	m.o = Outcome{Since: m.since, Steps: m.steps, Decisions: decisions, Failed: m.failed != "", Kind: m.failed, Cut: cut, Choices: m.choices, Pending: m.pending, Class: m.print.Sum()}
	r.End(&m.o)
	return &m.o
}

// The instructions. next is the step after the one at hand.

func ld(obj, reg int) instr {
	return instr{kind: kernel.AtomicLoad, obj: obj, do: func(m *machine, p *state) int { p.reg[reg] = m.v[obj]; return p.pc + 1 }}
}

// st stores what f makes of the registers.
func st(obj int, f func(p *state) int) instr {
	return instr{kind: kernel.AtomicStore, obj: obj, do: func(m *machine, p *state) int { m.v[obj] = f(p); return p.pc + 1 }}
}

func put(obj, v int) instr { return st(obj, func(*state) int { return v }) }

func add(obj, v int) instr {
	return instr{kind: kernel.AtomicRMW, obj: obj, do: func(m *machine, p *state) int { m.v[obj] += v; return p.pc + 1 }}
}

func cas(obj, old, new int) instr {
	return instr{kind: kernel.AtomicCAS, obj: obj, old: old, do: func(m *machine, p *state) int {
		if p.read = m.v[obj] != old; !p.read {
			m.v[obj] = new
		}
		return p.pc + 1
	}}
}

func lock(obj int) instr {
	return instr{kind: kernel.Lock, obj: obj, do: func(m *machine, p *state) int { m.v[obj] = 1; return p.pc + 1 }}
}

func tryLock(obj int) instr {
	return instr{kind: kernel.TryLock, obj: obj, do: func(m *machine, p *state) int {
		p.reg[0] = 1 - m.v[obj]
		if p.read = m.v[obj] != 0; p.read {
			return p.pc + 1
		}
		m.v[obj] = 1
		return p.pc + 1
	}}
}

func unlock(obj int) instr {
	return instr{kind: kernel.Unlock, obj: obj, do: func(m *machine, p *state) int { m.v[obj] = 0; return p.pc + 1 }}
}

// withMain returns the model with a process before the others that starts them, one step each, and then joins them.
func withMain(m *model) *model {
	var main proc
	for i := range m.procs {
		main = append(main, instr{kind: kernel.Go, do: func(k *machine, p *state) int {
			k.ps[1+i].born = true
			k.ready(1 + i)
			return p.pc + 1
		}})
	}
	for i := range m.procs {
		main = append(main, instr{kind: kernel.WGWait, obj: 1 + i, do: func(_ *machine, p *state) int { return p.pc + 1 }})
	}
	return &model{name: "main+" + m.name, init: m.init, main: true, procs: append([]proc{main}, m.procs...)}
}

// then lets f look at what the step did, and say where to go on or fail.
func (in instr) then(f func(m *machine, p *state) int) instr {
	do := in.do
	in.do = func(m *machine, p *state) int { do(m, p); return f(m, p) }
	return in
}

// atEnd makes check a part of the last step of each process: it is called once all have ended.
func (m *model) atEnd(check func(m *machine) string) *model {
	for i := range m.procs {
		last := len(m.procs[i]) - 1
		in := m.procs[i][last]
		do := in.do
		m.procs[i][last].do = func(k *machine, p *state) int {
			to := do(k, p)
			p.pc = to
			for j := range k.ps {
				if k.ps[j].pc < len(k.model.procs[j]) {
					return to
				}
			}
			if f := check(k); f != "" {
				k.fail(f)
			}
			return to
		}
	}
	return m
}

func same(n int, p func(i int) proc) []proc {
	ps := make([]proc, n)
	for i := range ps {
		ps[i] = p(i)
	}
	return ps
}

// The programs of section 3 of the notes on published figures, one step for each load, store, lock and unlock.

func lostUpdate(n int) *model {
	m := &model{name: fmt.Sprintf("lostupdate(%d)", n), init: make([]int, 2),
		procs: same(n, func(int) proc { return proc{ld(1, 0), st(1, func(p *state) int { return p.reg[0] + 1 })} })}
	return m.atEnd(func(k *machine) string {
		if k.v[1] != n {
			return "lost"
		}
		return ""
	})
}

// reorder has s setters of a=1, b=-1 and c checkers of (a==0 && b==0) || (a==1 && b==-1).
func reorder(s, c int) *model {
	const a, b, end = 1, 2, 99
	ps := same(s, func(int) proc { return proc{put(a, 1), put(b, -1)} })
	for range c {
		bad := func(m *machine) int { m.fail("reordered"); return end }
		ps = append(ps, proc{
			ld(a, 0).then(func(_ *machine, p *state) int { return 1 + min(p.reg[0], 1) }), // a==0: look at b, else at a again
			ld(b, 0).then(func(_ *machine, p *state) int {
				if p.reg[0] == 0 {
					return end
				}
				return 2
			}),
			ld(a, 0).then(func(m *machine, p *state) int {
				if p.reg[0] != 1 {
					return bad(m)
				}
				return 3
			}),
			ld(b, 0).then(func(m *machine, p *state) int {
				if p.reg[0] != -1 {
					return bad(m)
				}
				return end
			}),
		})
	}
	return &model{name: fmt.Sprintf("reorder(%d,%d)", s, c), init: make([]int, 3), procs: ps}
}

func twoStage() *model {
	const l1, l2, d1, d2, end = 1, 2, 3, 4, 99
	a := proc{lock(l1), put(d1, 1), unlock(l1), lock(l2),
		ld(d1, 0), st(d2, func(p *state) int { return p.reg[0] + 1 }), unlock(l2)}
	b := proc{lock(l1),
		ld(d1, 0).then(func(_ *machine, p *state) int {
			if p.reg[0] == 0 {
				return 8
			}
			return 2
		}),
		ld(d1, 0), unlock(l1), lock(l2), ld(d2, 1),
		unlock(l2).then(func(m *machine, p *state) int {
			if p.reg[1] != p.reg[0]+1 {
				m.fail("early")
			}
			return end
		}),
		{}, unlock(l1).then(func(*machine, *state) int { return end })}
	return &model{name: "twostage(1,1)", init: make([]int, 5), procs: []proc{a, b}}
}

func wrongLock(n int) *model {
	const m, o, d = 1, 2, 3
	inc := st(d, func(p *state) int { return p.reg[1] + 1 })
	a := proc{lock(m), ld(d, 0), ld(d, 1), inc,
		ld(d, 2).then(func(k *machine, p *state) int {
			if p.reg[2] != p.reg[0]+1 {
				k.fail("raced")
			}
			return 5
		}), unlock(m)}
	ps := append([]proc{a}, same(n, func(int) proc { return proc{lock(o), ld(d, 1), inc, unlock(o)} })...)
	return &model{name: fmt.Sprintf("wronglock(1,%d)", n), init: make([]int, 4), procs: ps}
}

// deadlock01: two locks in two orders, and a counter that both change.
func deadlock01() *model {
	p := func(a, b, by int) proc {
		return proc{lock(a), lock(b), ld(3, 0), st(3, func(p *state) int { return p.reg[0] + by }), unlock(b), unlock(a)}
	}
	return &model{name: "deadlock01", init: make([]int, 4), procs: []proc{p(1, 2, 1), p(2, 1, -1)}}
}

func philosophers(n int) *model {
	return &model{name: fmt.Sprintf("philosophers(%d)", n), init: make([]int, n+1), procs: same(n, func(i int) proc {
		l, r := 1+i, 1+(i+1)%n
		return proc{lock(l), lock(r), unlock(r), unlock(l)}
	})}
}

func uneven(n int) *model {
	ones := make(proc, n)
	for i := range ones {
		ones[i] = put(1, 1)
	}
	m := &model{name: fmt.Sprintf("uneven(1,%d)", n), init: make([]int, 2), procs: []proc{{put(1, 7)}, ones}}
	return m.atEnd(func(k *machine) string {
		if k.v[1] == 7 {
			return "seven"
		}
		return ""
	})
}

// bluetooth is the driver that stops while an operation begins; the lock is object 1, pending, stopping, event and stopped follow.
func bluetooth() *model {
	const l, pending, stopping, event, stopped, end = 1, 2, 3, 4, 5, 99
	// decrement goes on at index at+6 where the count is zero, else at rest.
	decrement := func(at, rest int) proc {
		return proc{lock(l), ld(pending, 0), st(pending, func(p *state) int { return p.reg[0] - 1 }), ld(pending, 0),
			unlock(l).then(func(_ *machine, p *state) int {
				if p.reg[0] == 0 {
					return at + 5
				}
				return rest
			}), put(event, 1)}
	}
	stop := append(proc{put(stopping, 1)}, decrement(1, 7)...)
	stop = append(stop, ld(event, 0).then(func(_ *machine, p *state) int {
		if p.reg[0] == 0 {
			return end
		}
		return 8
	}), put(stopped, 1))
	add := proc{
		ld(stopping, 0).then(func(_ *machine, p *state) int { return 1 + 5*p.reg[0] }),
		lock(l), ld(pending, 0), st(pending, func(p *state) int { return p.reg[0] + 1 }), unlock(l),
		ld(stopped, 0).then(func(m *machine, p *state) int {
			if p.reg[0] == 1 {
				m.fail("stopped")
			}
			return 6
		}),
	}
	add = append(add, decrement(6, end)...)
	return &model{name: "bluetooth_driver", init: []int{0, 0, 1, 0, 0, 0}, procs: []proc{stop, add}}
}

// account: the check fails where it comes last.
func account() *model {
	const l, balance, deposited, withdrawn, end = 1, 2, 3, 4, 99
	move := func(by, done int) proc {
		return proc{lock(l), ld(balance, 0), st(balance, func(p *state) int { return p.reg[0] + by }), put(done, 1), unlock(l)}
	}
	unless := func(bad int) func(*machine, *state) int {
		return func(_ *machine, p *state) int {
			if p.reg[0] == bad {
				return 4
			}
			return p.pc + 1
		}
	}
	check := proc{lock(l), ld(deposited, 0).then(unless(0)), ld(withdrawn, 0).then(unless(0)),
		ld(balance, 0).then(func(m *machine, p *state) int {
			if p.reg[0] != 1-2-4 {
				m.fail("balance")
			}
			return 4
		}), unlock(l)}
	return &model{name: "account", init: []int{0, 0, 1, 0, 0}, procs: []proc{check, move(2, deposited), move(-4, withdrawn)}}
}

func lazy01() *model {
	const l, d = 1, 2
	by := func(n int) proc {
		return proc{lock(l), ld(d, 0), st(d, func(p *state) int { return p.reg[0] + n }), unlock(l)}
	}
	check := proc{lock(l), ld(d, 0).then(func(m *machine, p *state) int {
		if p.reg[0] >= 3 {
			m.fail("both")
		}
		return 2
	}), unlock(l)}
	return &model{name: "lazy01", init: make([]int, 3), procs: []proc{check, by(2), by(1)}}
}

func tokenRing() *model {
	const l, x1, x2, x3, f1, f2, f3 = 1, 2, 3, 4, 5, 6, 7
	step := func(from, to, plus, flag int) proc {
		return proc{lock(l), ld(from, 0), st(to, func(p *state) int { return (p.reg[0] + plus) % 4 }), put(flag, 1), unlock(l)}
	}
	flag := func(f int) instr {
		return ld(f, 0).then(func(_ *machine, p *state) int {
			if p.reg[0] == 0 {
				return 8
			}
			return p.pc + 1
		})
	}
	equal := func(x, reg int) instr {
		return ld(x, reg).then(func(m *machine, p *state) int {
			if p.reg[0] != p.reg[1] {
				m.fail("ring")
			}
			return p.pc + 1
		})
	}
	check := proc{lock(l), flag(f1), flag(f2), flag(f3), ld(x1, 0), equal(x2, 1), ld(x2, 0), equal(x3, 1), unlock(l)}
	return &model{name: "token_ring", init: []int{0, 0, 1, 2, 1, 0, 0, 0},
		procs: []proc{step(x3, x1, 1, f1), step(x1, x2, 0, f2), step(x2, x3, 0, f3), check}}
}

// Programs of section 1, with known numbers of equivalence classes.

func readers(n int) *model {
	return &model{name: fmt.Sprintf("readers(%d)", n), init: make([]int, 2),
		procs: append([]proc{{put(1, 1)}}, same(n, func(int) proc { return proc{ld(1, 0)} })...)}
}

func writers(n int) *model {
	return &model{name: fmt.Sprintf("writers(%d)", n), init: make([]int, 2), procs: same(n, func(i int) proc { return proc{put(1, i)} })}
}

func inc(n int) *model {
	return &model{name: fmt.Sprintf("inc(%d)", n), init: make([]int, 2),
		procs: same(n, func(int) proc { return proc{ld(1, 0), st(1, func(p *state) int { return p.reg[0] + 1 })} })}
}

func binc(n int) *model {
	return &model{name: fmt.Sprintf("binc(%d)", n), init: make([]int, 3), procs: same(n, func(int) proc { return proc{add(1, 1), add(2, 1)} })}
}

func lockInc(n int) *model {
	return &model{name: fmt.Sprintf("lockinc(%d)", n), init: make([]int, 3),
		procs: same(n, func(int) proc { return proc{lock(1), ld(2, 0), put(2, 1), unlock(1)} })}
}

func casRot(n int) *model {
	return &model{name: fmt.Sprintf("casrot(%d)", n), init: make([]int, 2), procs: same(n, func(i int) proc { return proc{cas(1, i, i+1)} })}
}

func wcas(n int) *model {
	return &model{name: fmt.Sprintf("wcas(%d)", n), init: make([]int, 2),
		procs: append([]proc{{put(1, 2)}}, same(n, func(int) proc { return proc{cas(1, 2, 3)} })...)}
}

// masked: a compare-and-swap that would fail sooner hides a class, if it is planned as one that succeeds.
func masked() *model {
	return &model{name: "masked", init: make([]int, 2), procs: []proc{{put(1, 1)}, {ld(1, 0)}, {cas(1, 1, 2)}, {ld(1, 0)}}}
}

func coA(n int) *model {
	const x, y, z = 1, 2, 3
	ps := []proc{{put(x, 1), ld(y, 0), ld(x, 0)}, {put(x, 2), ld(z, 0), ld(x, 0)}}
	for i := range n - 1 {
		ps = append(ps, proc{put(y, i), put(z, i)})
	}
	return &model{name: fmt.Sprintf("CoA(%d)", n), init: make([]int, 4), procs: ps}
}

func fib(n int) *model {
	const x, y = 1, 2
	side := func(to int) (p proc) {
		for range n {
			p = append(p, ld(x, 0), ld(y, 1), st(to, func(p *state) int { return p.reg[0] + p.reg[1] }))
		}
		return p
	}
	return &model{name: fmt.Sprintf("fib(%d)", n), init: []int{0, 1, 1}, procs: []proc{side(x), side(y), {ld(x, 0), ld(y, 1)}}}
}

func lastZero(n int) *model {
	var reader proc
	for i := n; i >= 0; i-- { // a[i] is object 1+i
		reader = append(reader, ld(1+i, 0).then(func(_ *machine, p *state) int {
			if p.reg[0] != 0 {
				return p.pc + 1
			}
			return 99
		}))
	}
	return &model{name: fmt.Sprintf("lastzero(%d)", n), init: make([]int, n+2),
		procs: append([]proc{reader}, same(n, func(j int) proc {
			return proc{ld(1+j, 0), st(2+j, func(p *state) int { return p.reg[0] + 1 })}
		})...)}
}

// lowest always takes the first choice.
type lowest struct{ see func(d *Decision) }

func (l lowest) Pick(d *Decision) int {
	if l.see != nil {
		l.see(d)
	}
	return 0
}
func (lowest) End(*Outcome) {}

// scripted takes the choices given, then the first.
type scripted struct {
	picks []int
	at    int
	sizes []int
}

func (s *scripted) Pick(d *Decision) int {
	s.sizes = append(s.sizes, len(d.Choices))
	s.at++
	if s.at <= len(s.picks) {
		return s.picks[s.at-1]
	}
	return 0
}
func (*scripted) End(*Outcome) {}

// every runs every schedule of m, by counting through the choices: the brute force that others are compared with.
func every(m *machine, f func(o *Outcome, picks []int)) {
	var picks []int
	for {
		s := &scripted{picks: picks}
		o := m.run(s)
		for len(picks) < len(s.sizes) {
			picks = append(picks, 0)
		}
		picks = picks[:len(s.sizes)]
		f(o, picks)
		for len(picks) > 0 && picks[len(picks)-1]+1 == s.sizes[len(picks)-1] {
			picks = picks[:len(picks)-1]
		}
		if len(picks) == 0 {
			return
		}
		picks = slices.Clone(picks)
		picks[len(picks)-1]++
	}
}

func TestModelsFail(t *testing.T) {
	for _, m := range []*model{lostUpdate(2), reorder(2, 1), twoStage(), deadlock01(), philosophers(3)} {
		k, failed, all := newMachine(m), 0, 0
		every(k, func(o *Outcome, _ []int) {
			if all++; o.Failed {
				failed++
			}
		})
		if failed == 0 || failed == all {
			t.Errorf("%s: %d of %d schedules fail", m.name, failed, all)
		}
	}
}
