package report

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func shard(i, n int) *Report {
	return &Report{
		Version: Version, Program: "p", Name: "TestX", Strategy: "random", Seed: 1, Shard: i, Shards: n, Schedules: 10, Steps: 100, Distinct: 2,
		Exact: true, Complete: true, Classes: Classes{All: true, Hashes: []uint64{7, uint64(10 + i)}}, Sometimes: []Sometimes{{"a", i == 1}},
		Path: string(rune('a' + i)),
	}
}

func merged(t *testing.T, parts ...*Report) *Sum {
	t.Helper()
	sums, err := Merge(parts)
	if err != nil || len(sums) != 1 {
		t.Fatalf("%d sums, error %v", len(sums), err)
	}
	return sums[0]
}

func TestMerge(t *testing.T) {
	s := merged(t, shard(2, 3), shard(0, 3), shard(1, 3))
	if want := "TestX: 3 of 3 shards, 30 schedules (4 distinct, complete), 300 steps, strategy random, seed 1"; s.String() != want || !s.OK() {
		t.Errorf("%s\nwant %s", s, want)
	}
	s = merged(t, shard(0, 4), shard(1, 4))
	if want := "TestX: 2 of 4 shards, 20 schedules (3 distinct), 200 steps, strategy random, seed 1; missing: shards 2 3"; s.String() != want || s.OK() || s.Complete {
		t.Errorf("%s\nwant %s", s, want)
	}
	part := shard(1, 2)
	part.Complete, part.Stopped = false, "interrupted"
	if s := merged(t, shard(0, 2), part); s.Complete || !strings.Contains(s.String(), "(3 distinct, stopped: interrupted)") {
		t.Errorf("a sum with a part that is not complete: %s", s)
	}
	part.Stopped, part.Gaps = "", "it polls"
	if s := merged(t, shard(0, 2), part); s.Complete || !strings.Contains(s.String(), "(3 distinct, not complete: it polls)") {
		t.Errorf("a sum with a part that has a gap: %s", s)
	}
	// Nothing held in shard 0, the only one.
	if s := merged(t, shard(0, 1)); s.OK() || s.Failures[0].Message != `Sometimes("a") held in none of 10 schedules` {
		t.Errorf("what never held: %+v", s.Failures)
	}
	a, b := shard(0, 2), shard(1, 2)
	a.Disjoint, b.Disjoint, a.Bounded = true, true, true
	if s := merged(t, a, b); s.Distinct != 4 || !strings.Contains(s.String(), "complete within the bounds") {
		t.Errorf("disjoint: %s", s)
	}
}

// TestMergeFailures: failures of one kind and place count as one, and the easiest to understand is shown.
func TestMergeFailures(t *testing.T) {
	a, b, c := shard(0, 3), shard(1, 3), shard(2, 3)
	a.Failures = []Failure{{Kind: "Panic", Place: "x.go:1", Preemptions: 2, Token: "long"}, {Kind: "Leak", Place: "x.go:1", Token: "other"}}
	b.Failures = []Failure{{Kind: "Panic", Place: "x.go:1", Preemptions: 1, Token: "longest"}}
	c.Failures = []Failure{{Kind: "Panic", Place: "x.go:1", Preemptions: 1, Token: "short"}}
	for _, parts := range [][]*Report{{a, b, c}, {c, b, a}} {
		s := merged(t, parts...)
		want := []Failure{
			{Kind: "Panic", Place: "x.go:1", Preemptions: 1, Token: "short", Shards: []int{0, 1, 2}},
			{Kind: "Leak", Place: "x.go:1", Token: "other", Shards: []int{0}},
		}
		if !reflect.DeepEqual(s.Failures, want) || s.OK() {
			t.Errorf("got %+v", s.Failures)
		}
	}
}

func TestMergeRefuses(t *testing.T) {
	for want, change := range map[string]func(r *Report){
		"a and b cannot be added up: the program (a hash of the executable file) is p in one and q in the other": func(r *Report) { r.Program = "q" },
		"a and b cannot be added up: the seed is 1 in one and 2 in the other":                                    func(r *Report) { r.Seed = 2 },
		"a and b cannot be added up: the strategy is random in one and pos in the other":                         func(r *Report) { r.Strategy = "pos" },
		"a and b cannot be added up: the number of shards is 2 in one and 3 in the other":                        func(r *Report) { r.Shards = 3 },
		"a and b are both of shard 0 of 2 of TestX":                                                              func(r *Report) { r.Shard = 0 },
	} {
		b := shard(1, 2)
		change(b)
		if _, err := Merge([]*Report{shard(0, 2), b}); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestReadReport(t *testing.T) {
	dir := t.TempDir()
	r := shard(0, 2)
	r.Failures = []Failure{{Kind: "Panic", Message: "a < b", Trace: "1\n2"}}
	text, err := r.Text()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "sub", r.FileName())
	write(t, path, text)
	got, err := Read([]string{dir})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if r.Path = path; !reflect.DeepEqual(got[0], r) {
		t.Errorf("read %+v\nwrote %+v", got[0], r)
	}
	empty := t.TempDir()
	for want, text := range map[string]string{
		": this is no report: ":                                     "x",
		": this is no report: it does not say lastcall_report":      "{}",
		": report of version 2: this lastcall reads version 1; use": `{"lastcall_report":2}`,
		`: json: unknown field "x"`:                                 `{"lastcall_report":1,"x":1}`,
		": shard 0 of 0: there is no such shard":                    `{"lastcall_report":1}`,
		": hashes of classes: number 2 is not above":                strings.Replace(string(text), string(hashesOf(text)), `"AAAAAAAAAAcAAAAAAAAABw=="`, 1),
	} {
		write(t, path, []byte(text))
		if _, err := Read([]string{path}); err == nil || !strings.HasPrefix(err.Error(), path+want) {
			t.Errorf("%v, want %s", err, path+want)
		}
	}
	if _, err := Read([]string{empty}); err == nil || err.Error() != empty+": the directory has no file whose name ends in .report.json" {
		t.Error(err)
	}
	if _, err := Read([]string{filepath.Join(empty, "none")}); !os.IsNotExist(err) {
		t.Error(err)
	}
}

func hashesOf(text []byte) []byte {
	_, rest, _ := bytes.Cut(text, []byte(`"hashes": `))
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	return line
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestUnion compares with sets that are known. From k hashes the size is estimated with a standard deviation of 1/sqrt(k-2), 3.2 % for 1,000; five of
// them are exceeded once in two million times.
func TestUnion(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	set := func(n int) map[uint64]struct{} {
		m := map[uint64]struct{}{}
		for range n {
			m[r.Uint64()] = struct{}{}
		}
		return m
	}
	for range 50 {
		a, b, all := set(5000), set(800), map[uint64]struct{}{}
		for h := range a {
			all[h] = struct{}{}
			if h%3 == 0 {
				b[h] = struct{}{}
			}
		}
		for h := range b {
			all[h] = struct{}{}
		}
		exact := Union(ClassesOf(a, 1<<20), ClassesOf(b, 1<<20))
		if n, ok := exact.Size(); n != len(all) || !ok {
			t.Errorf("%d of %d, exact %t", n, len(all), ok)
		}
		n, ok := Union(ClassesOf(a, 1000), ClassesOf(b, 1000)).Size()
		if off := math.Abs(float64(n)/float64(len(all)) - 1); off > 0.16 || ok {
			t.Errorf("about %d of %d, exact %t", n, len(all), ok)
		}
	}
}

func TestFileName(t *testing.T) {
	for name, want := range map[string]string{"TestX/a b": "TestX%2Fa%20b.1-of-2.report.json", "..": "%2E..1-of-2.report.json", "ü%": "%C3%BC%25.1-of-2.report.json"} {
		if got := (&Report{Name: name, Shard: 1, Shards: 2}).FileName(); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}
