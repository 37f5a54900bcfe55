package asyncio_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

// parking is where a thread stands in Python when the loop is closed.
type parking struct {
	Method string // of the loop, before which it stands
	Call   int    // the how-manyeth of the calls that threads other than the main one make
	Why    string
}

// methods are the functions here whose one step is a method's first there, so that a thread can be made to wait right before it.
var methods = map[string]string{
	"Loop.checkClosed": "_check_closed",
	"Loop.IsClosed":    "is_closed",
	"Loop.writeToSelf": "_write_to_self",
	"deque.append":     "_ready.append",
}

// parkingPlace reads off a schedule where a thread stands between two steps while main closes the loop.
func parkingPlace(t *testing.T, trace *sim.Trace) parking {
	t.Helper()
	where := functions(t)
	closed := 0 // the step by which the loop is closed
	for i, s := range trace.Steps {
		if s.G == 0 && where(s.At) == "Loop.closeBase" && strings.HasPrefix(s.Op, "store") {
			closed = i
			break
		}
	}
	if closed == 0 {
		t.Fatalf("the loop is not closed in\n%s", trace)
	}
	calls := make(map[string]int)
	for i, s := range trace.Steps {
		method := methods[where(s.At)]
		if s.G <= 0 || s.Op == "" || method == "" {
			continue
		}
		calls[method]++
		if i > closed {
			return parking{method, calls[method], fmt.Sprintf("A thread waits here while the loop is closed, as before step %d of the schedule.", i+1)}
		}
	}
	return parking{}
}

// functions returns what tells the function that a line of this package is in.
func functions(t *testing.T) func(at string) string {
	t.Helper()
	names := make(map[string]string)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	for _, name := range files {
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			for line := set.Position(f.Pos()).Line; line <= set.Position(f.End()).Line; line++ {
				names[fmt.Sprint(name, ":", line)] = qualified(f)
			}
		}
	}
	return func(at string) string { return names[at[strings.LastIndex(at, "/")+1:]] }
}

// qualified is a function's name after its receiver's type.
func qualified(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	return t.(*ast.Ident).Name + "." + f.Name.Name
}
