package counts

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/leanovate/gopter"
)

// A program is what each of its goroutines does, an operation a byte. The first is the body's own; the others are
// started by it, one after the other, once it has done what Before says and before it does anything else.
type program struct {
	Before     []byte
	Goroutines [][]byte
}

func (p program) String() string {
	var b strings.Builder
	for i, ops := range append([][]byte{p.Before}, p.Goroutines...) {
		if i == 0 && len(ops) == 0 {
			continue
		}
		fmt.Fprintf(&b, "goroutine %d:", i-1)
		for _, op := range ops {
			fmt.Fprintf(&b, " %s,", operations[int(op)%len(operations)].name)
		}
		b.WriteString("; ")
	}
	return b.String()
}

// selects reports whether there is a select of several cases in it.
func (p program) selects() bool {
	return strings.Contains(p.String(), "select")
}

// shared is what the goroutines of one run share.
type shared struct {
	mu     [2]sync.Mutex
	rw     sync.RWMutex
	once   sync.Once
	m      sync.Map
	x      [2]atomic.Int32
	chans  [3]chan int // capacities 0, 1, 2
	cond   *sync.Cond
	wg     sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
	tree   *tree
	timer  *time.Timer
	after  *time.Timer
}

// local is what a goroutine has to itself: what it holds, and what it has seen.
type local struct {
	id      int
	locked  [2]bool
	readers int
	writer  bool
	stop    func() bool
	saw     []int
}

func (l *local) note(v int) { l.saw = append(l.saw, v) }

func note(l *local, v bool) {
	if v {
		l.note(1)
	} else {
		l.note(0)
	}
}

type operation struct {
	name string
	do   func(s *shared, l *local)
}

// operations are what a goroutine can do. Many can wait for ever, some panic.
var operations = []operation{
	{"lock 0", func(s *shared, l *local) { s.lock(l, 0) }},
	{"lock 1", func(s *shared, l *local) { s.lock(l, 1) }},
	{"unlock 0", func(s *shared, l *local) { s.unlock(l, 0) }},
	{"unlock 1", func(s *shared, l *local) { s.unlock(l, 1) }},
	{"trylock 0", func(s *shared, l *local) {
		ok := s.mu[0].TryLock()
		l.locked[0] = l.locked[0] || ok
		note(l, ok)
	}},
	{"rlock", func(s *shared, l *local) {
		if !l.writer {
			s.rw.RLock()
			l.readers++
		}
	}},
	{"runlock", func(s *shared, l *local) {
		if l.readers > 0 {
			l.readers--
			s.rw.RUnlock()
		}
	}},
	{"wlock", func(s *shared, l *local) {
		if l.readers == 0 && !l.writer {
			s.rw.Lock()
			l.writer = true
		}
	}},
	{"wunlock", func(s *shared, l *local) {
		if l.writer {
			l.writer = false
			s.rw.Unlock()
		}
	}},
	{"tryrlock", func(s *shared, l *local) {
		ok := s.rw.TryRLock()
		if ok {
			l.readers++
		}
		note(l, ok)
	}},
	{"trywlock", func(s *shared, l *local) {
		ok := s.rw.TryLock()
		l.writer = l.writer || ok
		note(l, ok)
	}},
	{"send 0", func(s *shared, l *local) { s.chans[0] <- l.id }},
	{"send 1", func(s *shared, l *local) { s.chans[1] <- l.id }},
	{"send 2", func(s *shared, l *local) { s.chans[2] <- l.id }},
	{"receive 0", func(s *shared, l *local) { l.note(<-s.chans[0]) }},
	{"receive 1", func(s *shared, l *local) { l.note(<-s.chans[1]) }},
	{"receive 2", func(s *shared, l *local) { l.note(<-s.chans[2]) }},
	{"close 0", func(s *shared, l *local) { close(s.chans[0]) }},
	{"close 1", func(s *shared, l *local) { close(s.chans[1]) }},
	{"trysend 0", func(s *shared, l *local) { s.trySend(l, 0) }},
	{"trysend 1", func(s *shared, l *local) { s.trySend(l, 1) }},
	{"tryreceive 0", func(s *shared, l *local) { s.tryReceive(l, 0) }},
	{"tryreceive 1", func(s *shared, l *local) { s.tryReceive(l, 1) }},
	{"len", func(s *shared, l *local) { l.note(len(s.chans[2])) }},
	{"select 0 1", func(s *shared, l *local) {
		select {
		case v := <-s.chans[0]:
			l.note(v)
		case s.chans[1] <- l.id:
			l.note(100)
		}
	}},
	{"select 1 2", func(s *shared, l *local) {
		select {
		case v := <-s.chans[1]:
			l.note(v)
		case v := <-s.chans[2]:
			l.note(100 + v)
		}
	}},
	{"select 0 0", func(s *shared, l *local) {
		select {
		case v := <-s.chans[0]:
			l.note(v)
		case s.chans[0] <- l.id:
			l.note(100)
		}
	}},
	{"select default", func(s *shared, l *local) {
		select {
		case v := <-s.chans[0]:
			l.note(v)
		case s.chans[1] <- l.id:
			l.note(100)
		default:
			l.note(200)
		}
	}},
	{"select timeout", func(s *shared, l *local) {
		select {
		case v := <-s.chans[1]:
			l.note(v)
		case <-time.After(time.Millisecond):
			l.note(100)
		}
	}},
	{"wait", func(s *shared, l *local) {
		if !l.locked[0] {
			s.lock(l, 0)
		}
		s.cond.Wait()
	}},
	{"signal", func(s *shared, l *local) { s.cond.Signal() }},
	{"broadcast", func(s *shared, l *local) { s.cond.Broadcast() }},
	{"wg add", func(s *shared, l *local) { s.wg.Add(1) }},
	{"wg done", func(s *shared, l *local) { s.wg.Done() }},
	{"wg wait", func(s *shared, l *local) { s.wg.Wait() }},
	{"load 0", func(s *shared, l *local) { l.note(int(s.x[0].Load())) }},
	{"store 0", func(s *shared, l *local) { s.x[0].Store(int32(l.id)) }},
	{"add 0", func(s *shared, l *local) { l.note(int(s.x[0].Add(1))) }},
	{"cas 0", func(s *shared, l *local) { note(l, s.x[0].CompareAndSwap(0, int32(1+l.id))) }},
	{"load 1", func(s *shared, l *local) { l.note(int(s.x[1].Load())) }},
	{"store 1", func(s *shared, l *local) { s.x[1].Store(int32(l.id)) }},
	{"if 0 store 1", func(s *shared, l *local) {
		if s.x[0].Load() != 0 {
			s.x[1].Store(int32(10 + l.id))
		}
	}},
	{"once", func(s *shared, l *local) { s.once.Do(func() { l.note(int(s.x[0].Add(10))) }) }},
	{"map store", func(s *shared, l *local) { s.m.Store(1, l.id) }},
	{"map load", func(s *shared, l *local) { _, ok := s.m.Load(1); note(l, ok) }},
	{"sleep 1", func(s *shared, l *local) { time.Sleep(time.Millisecond) }},
	{"sleep 2", func(s *shared, l *local) { time.Sleep(2 * time.Millisecond) }},
	{"now", func(s *shared, l *local) { l.note(int(time.Now().UnixMilli() % 1000)) }},
	{"timer reset", func(s *shared, l *local) { note(l, s.timer.Reset(time.Millisecond)) }},
	{"timer stop", func(s *shared, l *local) { note(l, s.timer.Stop()) }},
	{"timer receive", func(s *shared, l *local) { <-s.timer.C }},
	{"after reset", func(s *shared, l *local) { note(l, s.after.Reset(0)) }},
	{"after stop", func(s *shared, l *local) { note(l, s.after.Stop()) }},
	{"cancel", func(s *shared, l *local) { s.cancel() }},
	{"err", func(s *shared, l *local) { note(l, s.ctx.Err() != nil) }},
	{"done", func(s *shared, l *local) { <-s.ctx.Done() }},
	{"go add", func(s *shared, l *local) { go s.x[1].Add(1) }},
	{"go and join", func(s *shared, l *local) {
		c := make(chan int)
		go func() { c <- int(s.x[0].Add(1)) }()
		l.note(<-c)
	}},
	{"gosched", func(s *shared, l *local) { runtime.Gosched() }},

	// Not in the programs of TestRandomPrograms, whose seeds are told of.
	{"select done 1", func(s *shared, l *local) {
		select {
		case <-s.ctx.Done():
			l.note(200)
		case v := <-s.chans[1]:
			l.note(v)
		}
	}},
	{"select done into 2", func(s *shared, l *local) {
		select {
		case <-s.ctx.Done():
			l.note(200)
		case s.chans[2] <- l.id:
			l.note(100)
		}
	}},

	// With a tree of contexts.
	{"end root", func(s *shared, l *local) { s.tree.end[0](mine) }},
	{"end left", func(s *shared, l *local) { s.tree.end[1](other) }},
	{"end right", func(s *shared, l *local) { s.tree.end[2](nil) }},
	{"end leaf", func(s *shared, l *local) { s.tree.end[3](mine) }},
	{"err of root", func(s *shared, l *local) { note(l, s.tree.ctx[0].Err() != nil) }},
	{"err of left", func(s *shared, l *local) { note(l, s.tree.ctx[1].Err() != nil) }},
	{"err of leaf", func(s *shared, l *local) { note(l, s.tree.ctx[3].Err() != nil) }},
	{"cause of root", func(s *shared, l *local) { l.cause(s.tree.ctx[0]) }},
	{"cause of leaf", func(s *shared, l *local) { l.cause(s.tree.ctx[3]) }},
	{"await left", func(s *shared, l *local) { <-s.tree.ctx[1].Done() }},
	{"try leaf", func(s *shared, l *local) {
		select {
		case <-s.tree.ctx[3].Done():
			l.note(1)
		default:
			l.note(0)
		}
	}},
	{"derive from root", func(s *shared, l *local) { s.derive(l, 0) }},
	{"derive from left", func(s *shared, l *local) { s.derive(l, 1) }},
	{"derive with timeout", func(s *shared, l *local) {
		c, stop := context.WithTimeout(s.tree.ctx[0], time.Hour)
		note(l, c.Err() != nil)
		stop()
	}},
	{"after left", func(s *shared, l *local) { l.stop = context.AfterFunc(s.tree.ctx[1], func() { s.x[0].Add(3) }) }},
	{"stop that", func(s *shared, l *local) {
		if l.stop != nil {
			note(l, l.stop())
		}
	}},
}

var mine, other = errors.New("mine"), errors.New("other")

// tree is of contexts: left and right are the root's children, and leaf is left's.
type tree struct {
	ctx [4]context.Context
	end [4]context.CancelCauseFunc
}

func newTree() *tree {
	t := new(tree)
	t.ctx[0], t.end[0] = context.WithCancelCause(context.Background())
	t.ctx[1], t.end[1] = context.WithCancelCause(t.ctx[0])
	t.ctx[2], t.end[2] = context.WithCancelCause(t.ctx[0])
	t.ctx[3], t.end[3] = context.WithCancelCause(t.ctx[1])
	return t
}

func (s *shared) derive(l *local, i int) {
	c, stop := context.WithCancel(s.tree.ctx[i])
	l.cause(c)
	stop()
	l.cause(c)
}

func (l *local) cause(c context.Context) {
	switch context.Cause(c) {
	case nil:
		l.note(0)
	case mine:
		l.note(1)
	case other:
		l.note(2)
	default:
		l.note(3)
	}
}

// of the operations, the last ones
const (
	ofTrees    = 16
	ofContexts = 2 + ofTrees
)

// trees reports whether there is an operation on the tree in it.
func (p program) trees() bool {
	for _, ops := range append(p.Goroutines, p.Before) {
		for _, op := range ops {
			if int(op)%len(operations) >= len(operations)-ofTrees {
				return true
			}
		}
	}
	return false
}

// firstOperations are so many of them.
func firstOperations(n int) []byte {
	all := make([]byte, n)
	for i := range all {
		all[i] = byte(i)
	}
	return all
}

func (s *shared) lock(l *local, i int) {
	s.mu[i].Lock()
	l.locked[i] = true
}

func (s *shared) unlock(l *local, i int) {
	if l.locked[i] {
		l.locked[i] = false
		s.mu[i].Unlock()
	}
}

func (s *shared) trySend(l *local, i int) {
	select {
	case s.chans[i] <- l.id:
		l.note(1)
	default:
		l.note(0)
	}
}

func (s *shared) tryReceive(l *local, i int) {
	select {
	case v := <-s.chans[i]:
		l.note(v)
	default:
		l.note(200)
	}
}

// state is what the operations that have been carried out have made of things, as far as it can be seen.
func (s *shared) state() string {
	var ended [4]error
	if s.tree != nil {
		for i, c := range s.tree.ctx {
			ended[i] = context.Cause(c)
		}
	}
	return fmt.Sprint(ended, s.x[0].Load(), s.x[1].Load(), len(s.chans[1]), len(s.chans[2]),
		s.mu[0].TryLock(), s.mu[1].TryLock(), s.rw.TryRLock(), s.rw.TryLock(), s.ctx.Err())
}

// body returns a run of the program, which leaves in all what its goroutines see, and in things what they share.
func (p program) body(all *[]local, things **shared) func() {
	return func() {
		s := &shared{timer: time.NewTimer(time.Hour)}
		s.timer.Stop()
		s.after = time.AfterFunc(time.Hour, func() { s.x[0].Add(5) })
		s.after.Stop()
		s.cond = sync.NewCond(&s.mu[0])
		for i := range s.chans {
			s.chans[i] = make(chan int, i)
		}
		s.ctx, s.cancel = context.WithCancel(context.Background())
		if p.trees() {
			s.tree = newTree()
		}
		mine := make([]local, len(p.Goroutines))
		*all, *things = mine, s
		for _, op := range p.Before {
			operations[int(op)%len(operations)].do(s, &mine[0])
		}
		for i := 1; i < len(mine); i++ {
			go p.goroutine(s, &mine[i], i)
		}
		p.goroutine(s, &mine[0], 0)
	}
}

// told returns a run of the program, and what tells of it once it has ended.
func (p program) told() (func(), func(passed bool) string) {
	var all []local
	var things *shared
	return p.body(&all, &things), func(passed bool) string {
		var b strings.Builder
		for i := range all {
			fmt.Fprint(&b, all[i].saw)
		}
		if passed {
			b.WriteString(things.state())
		}
		return b.String()
	}
}

func (p program) goroutine(s *shared, l *local, i int) {
	l.id = i + 1
	for _, op := range p.Goroutines[i] {
		operations[int(op)%len(operations)].do(s, l)
	}
}

// programs generates programs of 2 to 4 goroutines with so many operations altogether, of those that pool has.
func programs(most int, pool []byte) gopter.Gen {
	return func(g *gopter.GenParameters) *gopter.GenResult {
		// A program is made of a few kinds of operation only, or they would seldom have to do with each other.
		kinds := make([]byte, 2+g.Rng.Intn(4))
		for i := range kinds {
			kinds[i] = pool[g.Rng.Intn(len(pool))]
		}
		p := program{Goroutines: make([][]byte, 2+g.Rng.Intn(3))}
		for range 2 + g.Rng.Intn(most-1) {
			i := g.Rng.Intn(len(p.Goroutines))
			if len(p.Goroutines[i]) < 9 {
				p.Goroutines[i] = append(p.Goroutines[i], kinds[g.Rng.Intn(len(kinds))])
			}
		}
		return gopter.NewGenResult(p, shrinkProgram)
	}
}

// shrinkProgram drops a goroutine, or an operation of one. It is one shrinker for the whole program, since gopter's combinators
// lose what they were made of when a value is mapped.
func shrinkProgram(v any) gopter.Shrink {
	p := v.(program)
	var smaller []program
	for i := range p.Goroutines {
		smaller = append(smaller, program{Goroutines: append(append([][]byte{}, p.Goroutines[:i]...), p.Goroutines[i+1:]...)})
	}
	for i, ops := range p.Goroutines {
		for j := range ops {
			q := program{Goroutines: append([][]byte{}, p.Goroutines...)}
			q.Goroutines[i] = append(append([]byte{}, ops[:j]...), ops[j+1:]...)
			smaller = append(smaller, q)
		}
	}
	return func() (any, bool) {
		if len(smaller) == 0 {
			return nil, false
		}
		q := smaller[0]
		smaller = smaller[1:]
		return q, true
	}
}
