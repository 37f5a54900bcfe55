package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/scheduler"
)

const schedSuffix = ".sched"

// keptDir is where an exploration's failing schedules are kept.
func keptDir(name string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_', r == '-', r == '/':
			return r
		}
		return '_'
	}, name)
	return filepath.Join("testdata", "sim", filepath.FromSlash(clean))
}

// keptFiles lists the schedules kept, in order of their names.
func keptFiles(name string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(keptDir(name), "*"+schedSuffix))
	slices.Sort(files)
	return files, err
}

// keep writes a failing schedule's file, or tells t why it cannot. A token that is too long to paste becomes the file's path.
func (c Config) keep(t *testing.T, f *Failure) {
	t.Helper()
	if f.schedule == nil || c.Replay != "" || f.Kind == Divergence {
		return
	}
	text, err := f.schedule.MarshalText()
	if err != nil {
		t.Errorf("lastcall: %v", err)
		return
	}
	sum := sha256.Sum256([]byte(f.Token))
	path := filepath.Join(keptDir(c.Name), hex.EncodeToString(sum[:6])+schedSuffix)
	if err := writeFile(path, text); err != nil {
		t.Logf("lastcall: the failing schedule cannot be kept: %v", err)
		return
	}
	if len(f.Token) > scheduler.TokenMax {
		f.Token = path
	}
}

// writeFile writes a file whole or not at all.
func writeFile(path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".tmp*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(text)
	if err := errorOr(err, tmp.Close()); err != nil {
		os.Remove(tmp.Name())
		return err
	}
	if err := os.Chmod(tmp.Name(), 0o666&^0o022); err != nil {
		os.Remove(tmp.Name())
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("keeping a schedule: %w", err)
	}
	return nil
}

func errorOr(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
