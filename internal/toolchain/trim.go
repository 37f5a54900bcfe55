package toolchain

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	cacheBytesMax  = 1 << 30             // of instrumented binaries
	cacheUnusedMax = 10 * 24 * time.Hour // for anything
	cacheInUse     = 2 * time.Hour       // what was used since may be running, and a fuzzer starts it again
)

// An entry is a directory or file at the top of the cache.
type entry struct {
	path  string
	used  time.Time
	bytes int64
}

// trim keeps the cache bounded: what nobody used for days goes, and of the binaries the ones used longest
// ago until the rest is small enough. It runs where a build has taken place, so it costs nothing otherwise.
// What cannot be removed is left for the next time.
func trim(cache string, now time.Time) {
	var kept []entry
	var total int64
	for _, e := range entries(cache) {
		if now.Sub(e.used) > cacheUnusedMax {
			os.RemoveAll(e.path)
		} else if strings.HasPrefix(filepath.Base(e.path), "bin-") {
			kept = append(kept, e)
			total += e.bytes
		}
	}
	slices.SortFunc(kept, func(a, b entry) int { return a.used.Compare(b.used) })
	for _, e := range kept {
		if total <= cacheBytesMax || now.Sub(e.used) < cacheInUse {
			return
		}
		os.RemoveAll(e.path)
		total -= e.bytes
	}
}

func entries(cache string) []entry {
	dirs, err := os.ReadDir(cache)
	if err != nil {
		return nil
	}
	var all []entry
	for _, d := range dirs {
		info, err := d.Info()
		if err != nil || info.Mode()&fs.ModeSymlink != 0 { // links to installations are small, and of old date
			continue
		}
		e := entry{path: filepath.Join(cache, d.Name()), used: info.ModTime()}
		filepath.WalkDir(e.path, func(_ string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			if info, err := d.Info(); err == nil {
				e.bytes += info.Size()
			}
			return nil
		})
		all = append(all, e)
	}
	return all
}

// markUsed keeps a directory or link from being trimmed.
func markUsed(path string) {
	now := time.Now()
	if info, err := os.Stat(path); err == nil && now.Sub(info.ModTime()) > time.Hour/2 {
		os.Chtimes(path, now, now) // where that fails it may be made anew some day, no more
	}
}
