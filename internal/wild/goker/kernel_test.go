package goker

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A kernel is one of Go's files.
type kernel struct {
	name   string // that it registers
	file   string
	rate   string // "3/100" in the header, or ""
	timed  bool   // it uses the clock
	source []byte // what is compiled
}

var rateLine = regexp.MustCompile(`\* Flaky: ?(\d+/\d+)`)

func readKernels(dir string) ([]*kernel, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []*kernel
	for _, file := range files {
		if filepath.Base(file) == "main.go" {
			continue // the harness
		}
		src, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		k, err := readKernel(filepath.Base(file), src)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, k)
	}
	return all, nil
}

// readKernel takes the harness out of a kernel. It replaces stretches of the text, each by one of as many lines:
// what is left is the kernel's own to the byte, and on the lines where it was.
func readKernel(file string, src []byte) (*kernel, error) {
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, file, src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	k := &kernel{file: file}
	if m := rateLine.FindSubmatch(src); m != nil {
		k.rate = string(m[1])
	}
	e := &edits{set: set, src: src}
	entry := k.entry(f)
	if entry == nil {
		return nil, fmt.Errorf("no function is registered")
	}
	if err := e.stripHarness(entry); err != nil {
		return nil, err
	}
	k.timed = e.uses(f, "time")
	for _, spec := range f.Imports {
		if p, _ := strconv.Unquote(spec.Path.Value); !e.uses(f, path.Base(p)) {
			e.replace(spec.Pos(), spec.Pos(), "_ ")
		}
	}
	k.source = e.apply()
	return k, nil
}

// entry finds the function that the file registers.
func (k *kernel) entry(f *ast.File) (entry *ast.FuncDecl) {
	var registered string
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 2 && isIdent(call.Fun, "register") {
			if lit, ok := call.Args[0].(*ast.BasicLit); ok {
				k.name, _ = strconv.Unquote(lit.Value)
			}
			if id, ok := call.Args[1].(*ast.Ident); ok {
				registered = id.Name
			}
		}
		return true
	})
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == registered {
			entry = fn
		}
	}
	return entry
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// edits are stretches of a source and what comes in their place.
type edits struct {
	set  *token.FileSet
	src  []byte
	list []edit
}

type edit struct {
	from, to int
	text     string
}

func (e *edits) offset(p token.Pos) int { return e.set.Position(p).Offset }

func (e *edits) replace(from, to token.Pos, text string) {
	a, b := e.offset(from), e.offset(to)
	e.list = append(e.list, edit{a, b, text + strings.Repeat("\n", bytes.Count(e.src[a:b], []byte("\n")))})
}

func (e *edits) apply() []byte {
	slices.SortFunc(e.list, func(a, b edit) int { return a.from - b.from })
	var out []byte
	last := 0
	for _, d := range e.list {
		out = append(append(out, e.src[last:d.from]...), d.text...)
		last = d.to
	}
	return append(out, e.src[last:]...)
}

func (e *edits) gone(p token.Pos) bool {
	o := e.offset(p)
	return slices.ContainsFunc(e.list, func(d edit) bool { return d.from <= o && o < d.to })
}

// uses tells whether what is left of f uses the package imported under that name.
func (e *edits) uses(f *ast.File, pkg string) (used bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && isIdent(s.X, pkg) && !e.gone(s.Pos()) {
			used = true
		}
		return !used
	})
	return used
}

// stripHarness takes from the registered function
//
//	prof := pprof.Lookup("goroutineleak")
//	defer func() { wait; prof.WriteTo(os.Stdout, 2) }()
//
// and makes of a loop over copies a single one. An empty deferred function stays, since Go numbers the functions
// in a function, and its test tells goroutines by those numbers.
func (e *edits) stripHarness(entry *ast.FuncDecl) error {
	dumps := 0
	for _, s := range entry.Body.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if id, ok := s.Lhs[0].(*ast.Ident); ok && id.Name == "prof" {
				e.replace(s.Pos(), s.End(), "")
				dumps++
			}
		case *ast.DeferStmt:
			if lit, ok := s.Call.Fun.(*ast.FuncLit); ok && strings.Contains(e.text(lit), "prof.WriteTo") {
				e.replace(lit.Body.Pos(), lit.Body.End(), "{}")
				// What follows must stay on the line of the closing brace.
				d := &e.list[len(e.list)-1]
				d.text = "{" + strings.TrimPrefix(d.text, "{}") + "}"
				dumps++
			}
		case *ast.ForStmt:
			if err := e.oneCopy(s); err != nil {
				return err
			}
		}
	}
	if dumps != 2 {
		return fmt.Errorf("the dump of the profile is not where it was")
	}
	return nil
}

func (e *edits) text(n ast.Node) string { return string(e.src[e.offset(n.Pos()):e.offset(n.End())]) }

// oneCopy makes for i := 0; i < n; i++ run once, with the i that copyOf draws.
func (e *edits) oneCopy(s *ast.ForStmt) error {
	cond, ok := s.Cond.(*ast.BinaryExpr)
	if !ok || s.Init == nil || e.text(s.Init) != "i := 0" || e.text(s.Post) != "i++" || !isIdent(cond.X, "i") {
		return fmt.Errorf("a loop that is not one over copies")
	}
	n := e.text(cond.Y)
	if cond.Op == token.LEQ {
		n += "+1"
	}
	e.replace(s.Init.Pos(), s.Post.End(), fmt.Sprintf("i := copyOf(%s); i >= 0; i = -1", n))
	return nil
}

// graces are what goroutines of kernels that use the clock may use of it after the body's end, where that is not [graceDefault].
var graces = map[string]time.Duration{
	"Cockroach2448": 10 * time.Millisecond, // one of its goroutines sleeps 100 us, again and again
	"Etcd7492":      10 * time.Microsecond, // it ticks every nanosecond, and nobody stops the ticker
}

// graceDefault is longer than any wait of a kernel, the longest of which are 10 intervals of 80 ms.
const graceDefault = time.Second

func (k *kernel) grace() time.Duration {
	if d, ok := graces[k.name]; ok || !k.timed {
		return d
	}
	return graceDefault
}
