package toolchain

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A twin is the instrumented twin of a test binary in the cache.
//
// Finding it again must cost next to nothing, since every go test does. The binary that was built plainly is a
// function of everything that goes into the build, so its content stands for the Go release, the flags, the environment
// and the versions of other modules. Two things it does not show: source that only an instrumented build compiles, and
// code that the compiler dropped because kernel.Enabled is false. So the source files of all packages that can change
// (not those of the standard library and of the module cache) have to be as they were, too.
type twin struct {
	dir  string // in the cache
	file string // the binary
}

// A manifest lies beside the binary. It was taken before the build, so a file that changed meanwhile shows.
type manifest struct {
	Bytes int64    // of the binary
	Dirs  []string // of the packages that can change
	State string   // of the files in Dirs
	Files []string // in Dirs
}

// twinOf names the twin of the binary at path when it is run for dir.
func twinOf(cache, path, dir string) (*twin, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("lastcall: cannot read the running test binary: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", dir)
	if _, err := io.Copy(h, f); err != nil {
		return nil, fmt.Errorf("lastcall: cannot read the running test binary: %w", err)
	}
	home := filepath.Join(cache, "bin-"+hex.EncodeToString(h.Sum(nil))[:24])
	// The name stays: it is what ps and the fuzzer's workers show.
	return &twin{dir: home, file: filepath.Join(home, filepath.Base(path))}, nil
}

// valid tells whether the twin is there and as a build would make it now.
func (t *twin) valid() bool {
	m, ok := readManifest(t.dir)
	if !ok {
		return false
	}
	info, err := os.Stat(t.file)
	if err != nil || info.Size() != m.Bytes {
		return false
	}
	if state, _ := stateOf(m.Dirs); state != m.State {
		return false
	}
	markUsed(t.dir)
	return true
}

func readManifest(dir string) (m manifest, ok bool) {
	b, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	return m, err == nil && json.Unmarshal(b, &m) == nil
}

func (m *manifest) write(dir string) error {
	content, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "manifest.json"), content)
}

// NoteSources makes go test see what the instrumented binary was made from. It caches the result of a test by the binary that
// it built itself, which for the reasons given at twin may be the same where ours is another; what
// a test looks at while it runs counts too. So this is to be called from a test, once, and only looks.
func NoteSources() {
	self, err := os.Executable()
	if err != nil {
		return
	}
	m, _ := readManifest(filepath.Dir(self)) // none where go test built it instrumented
	for _, name := range slices.Concat(m.Dirs, m.Files) {
		os.Stat(name)
	}
}

// make builds the twin.
func (t *twin) make(g *golang, p *plan, notes io.Writer) error {
	flags, err := g.buildFlags(p)
	if err != nil {
		return err
	}
	dirs, err := g.sourceDirs(p, flags)
	if err != nil {
		return err
	}
	m := manifest{Dirs: dirs}
	m.State, m.Files = stateOf(dirs)
	tmp, err := os.MkdirTemp(g.cache, "tmp-")
	if err != nil {
		return fmt.Errorf("lastcall: %w; %s", err, cacheAdvice)
	}
	defer os.RemoveAll(tmp)
	file := filepath.Join(tmp, filepath.Base(t.file))
	if err := g.build(p, flags, file, notes); err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("lastcall: the go command built no binary: %w (a package without tests?)", err)
	}
	m.Bytes = info.Size()
	if err = m.write(tmp); err == nil {
		err = t.replace(tmp)
	}
	if err != nil {
		return fmt.Errorf("lastcall: cannot keep the instrumented binary: %w; %s", err, cacheAdvice)
	}
	trim(g.cache, time.Now())
	return nil
}

// replace puts tmp in the twin's place. What another process put there meanwhile is as good as ours.
func (t *twin) replace(tmp string) error {
	err := os.Rename(tmp, t.dir)
	if err == nil || t.valid() {
		return nil
	}
	old := tmp + "-old"
	if os.Rename(t.dir, old) == nil {
		defer os.RemoveAll(old)
	}
	if err = os.Rename(tmp, t.dir); err != nil && t.valid() {
		return nil
	}
	return err
}

// sourceDirs lists the directories of the packages in the binary whose source can change.
func (g *golang) sourceDirs(p *plan, flags []string) ([]string, error) {
	args := []string{"list", "-deps", "-test", "-e", "-f", "{{if not .Standard}}{{.Dir}}{{end}}"}
	for _, f := range flags { // those that choose packages and files
		if name, _, _ := strings.Cut(f, "="); slices.Contains([]string{"-overlay", "-tags", "-mod", "-modfile", "-race", "-msan", "-asan"}, name) {
			args = append(args, f)
		}
	}
	cmd := g.command(append(args, p.target...)...)
	cmd.Env = withEnv(cmd.Env, p.env...)
	out, err := cmd.Output()
	if err != nil {
		return nil, nil // whatever is wrong, the build says it better
	}
	var dirs []string
	for _, dir := range strings.Split(string(out), "\n") {
		if dir = strings.TrimSpace(dir); dir != "" && !within(dir, g.modcache) {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs), nil
}

// stateOf sums up names, sizes and times of the source files in the directories.
func stateOf(dirs []string) (state string, files []string) {
	h := sha256.New()
	for _, dir := range dirs {
		list, err := os.ReadDir(dir)
		fmt.Fprintf(h, "%q %v\n", dir, err)
		for _, d := range list {
			if ext := filepath.Ext(d.Name()); ext != ".go" && ext != ".s" {
				continue
			}
			name := filepath.Join(dir, d.Name())
			if info, err := os.Stat(name); err == nil {
				fmt.Fprintf(h, "%q %d %d\n", d.Name(), info.Size(), info.ModTime().UnixNano())
				files = append(files, name)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)), files
}

func (t *twin) path() string {
	if t == nil {
		return ""
	}
	return t.file
}
