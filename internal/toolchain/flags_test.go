package toolchain

import (
	"reflect"
	"runtime/debug"
	"strings"
	"testing"
)

func TestPlanFor(t *testing.T) {
	settings := func(kv ...string) []debug.BuildSetting {
		var s []debug.BuildSetting
		for i := 0; i < len(kv); i += 2 {
			s = append(s, debug.BuildSetting{Key: kv[i], Value: kv[i+1]})
		}
		return s
	}
	ran := func(args ...string) *invocation { return &invocation{args: args} }
	for _, tt := range []struct {
		name     string
		path     string
		settings []debug.BuildSetting
		inv      *invocation
		cover    string
		args     []string
		want     plan
		err      string
	}{
		{name: "plain", path: "example.com/m/p.test",
			settings: settings("-buildmode", "exe", "-compiler", "gc", "DefaultGODEBUG", "x=1", "CGO_ENABLED", "1", "CGO_CFLAGS", "", "GOARCH", "amd64", "GOAMD64", "v1"),
			want:     plan{target: []string{"example.com/m/p"}, env: []string{"CGO_ENABLED=1", "GOARCH=amd64", "GOAMD64=v1"}}},
		{name: "recorded flags", path: "p.test",
			settings: settings("-buildmode", "pie", "-gcflags", "all=-N", "-ldflags", "-X a.b=c d", "-race", "true", "-tags", "a,b", "CGO_ENABLED", "0"),
			want: plan{target: []string{"p"}, tags: []string{"a", "b"}, gc: []string{"all=-N"},
				flags: []string{"-buildmode=pie", "-ldflags=-X a.b=c d", "-race=true"}, env: []string{"CGO_ENABLED=0"}}},
		{name: "flags of the command line", path: "p.test", settings: settings("-ldflags", "-s", "-gcflags", "-l"),
			inv: ran("-mod", "mod", "--modfile=x.mod", "-gcflags=-N", "-gcflags", "a/...=-l", "-ldflags=-w", "-ldflags=-s", "-coverpkg=./...", "-overlay", "o.json", ".", "-args", "-mod=no"),
			want: plan{target: []string{"p"}, gc: []string{"-N", "a/...=-l"}, over: "o.json",
				flags: []string{"-ldflags=-w", "-ldflags=-s", "-mod=mod", "-modfile=x.mod", "-coverpkg=./..."}}},
		{name: "coverage", path: "p.test", settings: settings("-cover", "true"), cover: "atomic",
			want: plan{target: []string{"p"}, flags: []string{"-cover=true", "-covermode=atomic"}}},
		{name: "fuzzing", path: "p.test", args: []string{"-test.v", "-test.fuzz=FuzzX"}, want: plan{target: []string{"p"}, flags: []string{"-fuzz=."}}},
		{name: "not fuzzing", path: "p.test", args: []string{"-test.fuzz=", "-test.fuzzcachedir=x"}, want: plan{target: []string{"p"}}},
		{name: "files", path: "command-line-arguments.test", inv: ran("-v", "a_test.go", "b.go", "-run=x.go"), want: plan{target: []string{"a_test.go", "b.go"}}},
		{name: "files that cannot be known", path: "command-line-arguments.test", err: "name the package instead"},
		{name: "package main", path: "example.com/m", want: plan{target: []string{"example.com/m"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := planFor(&debug.BuildInfo{Path: tt.path, Settings: tt.settings}, tt.inv, tt.cover, tt.args)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", *got, tt.want)
			}
		})
	}
}

func TestGcflags(t *testing.T) {
	goroot := tinyGoroot(t)
	const off = " -d=ssa/intrinsics/off"
	loud := func(more string) (out []string) {
		for _, p := range []string{"sync/atomic", "io", "net", "net/http", "net/rpc", "database/sql"} {
			out = append(out, p+"="+off[1:]+more)
		}
		return out
	}
	for _, tt := range []struct{ user, want []string }{
		{nil, nil},
		{[]string{"-N -l"}, []string{"-N -l" + off}},
		{[]string{""}, []string{off[1:]}},
		{[]string{"all=-N"}, append([]string{"all=-N" + off, "std=-N"}, loud(" -N")...)},
		{[]string{"...=-N"}, append([]string{"...=-N" + off, "std=-N"}, loud(" -N")...)},
		{[]string{"runtime=-N", "net/...=-l"}, []string{"runtime=-N", "net/...=-l", "net=" + off[1:] + " -l", "net/http=" + off[1:] + " -l", "net/rpc=" + off[1:] + " -l"}},
		{[]string{"std=-l"}, append([]string{"std=-l"}, loud(" -l")...)},
		{[]string{"./...=-N", "example.com/x=-d=checkptr"}, []string{"./...=-N" + off, "example.com/x=-d=checkptr" + off}},
	} {
		all := append([]string{"all=-d=ssa/intrinsics/off", "std="}, loud("")...)
		all = append(all, "github.com/lastcall-go/lastcall/internal/kernel=", "github.com/lastcall-go/lastcall/scheduler=")
		var want []string
		for _, w := range append(all, tt.want...) {
			want = append(want, "-gcflags="+w)
		}
		if got := gcflagsFor(goroot, tt.user); !reflect.DeepEqual(got, want) {
			t.Errorf("%q:\ngot  %q\nwant %q", tt.user, got, want)
		}
	}
}

func TestFindInvocation(t *testing.T) {
	const built = "/tmp/go-build123/b001/p.test"
	processes := map[int]process{
		10: {parent: 9, args: []string{"/usr/local/go/bin/go", "test", "-v", "."}, dir: "/here"},
		11: {parent: 10, args: []string{"sh", "-c", "p.test"}, dir: "/there"},
		12: {parent: 9, args: []string{"go1.26", "-C", "x", "test", "-mod=mod"}, dir: "/x"},
		13: {parent: 9, args: []string{"go", "-C=x", "test"}, dir: "/x"},
		9:  {parent: 1, args: []string{"go", "run", "test"}},
		8:  {parent: 8, args: []string{"sh"}},
	}
	look := func(pid int) (process, bool) { p, ok := processes[pid]; return p, ok }
	for _, tt := range []struct {
		path string
		pid  int
		want *invocation
	}{
		{built, 10, &invocation{dir: "/here", args: []string{"-v", "."}}},
		{built, 11, &invocation{dir: "/here", args: []string{"-v", "."}}},
		{built, 12, &invocation{dir: "/x", args: []string{"-mod=mod"}}},
		{built, 13, &invocation{dir: "/x", args: []string{}}},
		{built, 9, nil},
		{built, 8, nil},
		{"/home/u/p.test", 10, nil}, // built beforehand
	} {
		if got := findInvocation(tt.path, tt.pid, look); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s under %d: got %+v, want %+v", tt.path, tt.pid, got, tt.want)
		}
	}
}

func TestWithoutFlags(t *testing.T) {
	got := withoutFlags(strings.Fields("-v -tags a,b --tags=c ./... -gcflags=all=-N -run tags -args -tags x"), "tags", "gcflags")
	if want := strings.Fields("-v ./... -run tags -args -tags x"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTakeDir(t *testing.T) {
	for _, tt := range []struct{ args, dir, rest string }{
		{"-v .", "/a", "-v ."}, {"-C b -v", "/a/b", "-v"}, {"-C=/c", "/c", ""}, {"--C=../c x", "/c", "x"}, {"", "/a", ""},
	} {
		dir, rest := takeDir("/a", strings.Fields(tt.args))
		if dir != tt.dir || strings.Join(rest, " ") != tt.rest {
			t.Errorf("%q: got %s, %q", tt.args, dir, rest)
		}
	}
}

func TestSplitQuoted(t *testing.T) {
	got, err := splitQuoted(`  -a=b '-tags=x y' "-c" `)
	if want := []string{"-a=b", "-tags=x y", "-c"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := splitQuoted("'a"); err == nil {
		t.Error("an open quote was taken")
	}
}
