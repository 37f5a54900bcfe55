package toolchain

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestCacheDir(t *testing.T) {
	home := t.TempDir()
	for _, tt := range []struct{ own, gocache, want string }{
		{home + "/own", home + "/go", home + "/own"},
		{"", home + "/go", home + "/go/lastcall"},
		{"", "off", ""}, // the user's own
	} {
		t.Setenv(CacheEnv, tt.own)
		t.Setenv("GOCACHE", tt.gocache)
		if tt.want == "" {
			dir, err := os.UserCacheDir()
			if err != nil {
				t.Skip(err)
			}
			tt.want = filepath.Join(dir, "lastcall")
		}
		if got, err := CacheDir(); err != nil || got != tt.want {
			t.Errorf("%+v: got %s, %v", tt, got, err)
		}
	}
}

func TestTrim(t *testing.T) {
	cache := t.TempDir()
	now := time.Now()
	add := func(name string, bytes int64, age time.Duration) {
		dir := filepath.Join(cache, name)
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(dir, "x.test"))
		if err != nil {
			t.Fatal(err)
		}
		f.Truncate(bytes) // takes no room
		f.Close()
		if err := os.Chtimes(dir, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	add("bin-old", 10, cacheUnusedMax+time.Hour)
	add("overlay-old", 10, cacheUnusedMax+time.Hour)
	add("tmp-killed", 10, cacheUnusedMax+time.Hour)
	add("overlay-new", 10, time.Hour)
	add("bin-day", cacheBytesMax/2, 24*time.Hour)
	add("bin-hours", cacheBytesMax/2, 3*time.Hour)
	add("bin-running", cacheBytesMax/2, time.Minute)
	add("bin-running2", cacheBytesMax, time.Minute)
	trim(cache, now)
	var left []string
	dirs, _ := os.ReadDir(cache)
	for _, d := range dirs {
		left = append(left, d.Name())
	}
	if want := []string{"bin-running", "bin-running2", "overlay-new"}; !reflect.DeepEqual(left, want) {
		t.Errorf("left: %v, want %v", left, want)
	}
}

func TestLinkGoroot(t *testing.T) {
	base := t.TempDir()
	modcache, cache := filepath.Join(base, "mod"), filepath.Join(base, "cache dir")
	goroot := filepath.Join(modcache, "golang.org", "toolchain")
	if err := os.MkdirAll(goroot, 0o777); err != nil {
		t.Fatal(err)
	}
	link, err := LinkGoroot(goroot, modcache, cache)
	if err != nil {
		t.Fatal(err)
	}
	if to, err := filepath.EvalSymlinks(link); err != nil || !sameFile(to, goroot) || within(link, modcache) {
		t.Errorf("%s leads to %s, %v", link, to, err)
	}
	os.Remove(link)
	os.Symlink("/nowhere", link) // somebody meddled
	if again, err := LinkGoroot(goroot, modcache, cache); err != nil || again != link || !sameFile(again, goroot) {
		t.Errorf("got %s, %v, want %s", again, err, link)
	}
	if outside, err := LinkGoroot(base, modcache, cache); err != nil || outside != base {
		t.Errorf("an installation outside was linked: %s, %v", outside, err)
	}
	if beside, _ := LinkGoroot(modcache+"2", modcache, cache); beside != modcache+"2" {
		t.Errorf("a directory with a name that starts alike was linked: %s", beside)
	}
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

func TestTwinIsValid(t *testing.T) {
	cache, src := t.TempDir(), tree(t, map[string]string{"p/a.go": "a", "p/a_lastcall.go": "b", "p/notes.txt": "c"})
	binary := filepath.Join(src, "p.test")
	if err := os.WriteFile(binary, []byte("plain"), 0o777); err != nil {
		t.Fatal(err)
	}
	dirs := []string{filepath.Join(src, "p")}
	tw, err := twinOf(cache, binary, src)
	if err != nil {
		t.Fatal(err)
	}
	keep := func() {
		t.Helper()
		state, files := stateOf(dirs)
		tmp := filepath.Join(cache, "tmp-1")
		os.Mkdir(tmp, 0o777)
		os.WriteFile(filepath.Join(tmp, "p.test"), []byte("instrumented"), 0o777)
		if err := (&manifest{Bytes: 12, Dirs: dirs, State: state, Files: files}).write(tmp); err != nil {
			t.Fatal(err)
		}
		if err := tw.replace(tmp); err != nil {
			t.Fatal(err)
		}
		if !tw.valid() {
			t.Fatal("not valid when just built")
		}
	}
	if tw.valid() {
		t.Fatal("valid before it was built")
	}
	keep()
	other := filepath.Join(src, "p", "a.go")
	for _, tt := range []struct {
		name    string
		change  func()
		rebuild bool
	}{
		{"another file that go does not read", func() { os.WriteFile(filepath.Join(src, "p/notes.txt"), []byte("changed"), 0o666) }, false},
		{"source changed", func() { os.WriteFile(other, []byte("longer"), 0o666) }, true},
		{"source touched", func() { os.Chtimes(other, time.Now(), time.Now().Add(time.Hour)) }, true},
		{"source added", func() { os.WriteFile(filepath.Join(src, "p/b.s"), nil, 0o666) }, true},
		{"source removed", func() { os.Remove(filepath.Join(src, "p/a_lastcall.go")) }, true},
		{"binary cut off", func() { os.Truncate(tw.file, 3) }, true},
		{"manifest cut off", func() { os.Truncate(filepath.Join(tw.dir, "manifest.json"), 3) }, true},
		{"binary removed", func() { os.Remove(tw.file) }, true},
	} {
		tt.change()
		if tw.valid() == tt.rebuild {
			t.Errorf("%s: valid is %v", tt.name, !tt.rebuild)
		}
		keep()
	}
	os.WriteFile(binary, []byte("plaim"), 0o777)
	if other, _ := twinOf(cache, binary, src); other.dir == tw.dir {
		t.Error("another binary has the same twin")
	}
	if list, _ := os.ReadDir(cache); !slices.ContainsFunc(list, func(d os.DirEntry) bool { return d.Name() == filepath.Base(tw.dir) }) || len(list) != 1 {
		t.Errorf("something was left behind: %v", list)
	}
}
