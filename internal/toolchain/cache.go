package toolchain

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// CacheEnv names the environment variable that says where overlays and instrumented binaries are kept.
const CacheEnv = "LASTCALL_CACHE"

const cacheAdvice = "free some space there, or set " + CacheEnv + " to a directory that can be written"

// CacheDir returns the directory in which lastcall keeps overlays, links and instrumented binaries.
// Everything in it can be made again, so it may be deleted at any time.
func CacheDir() (string, error) {
	if dir := os.Getenv(CacheEnv); dir != "" {
		abs, err := filepath.Abs(dir)
		if err != nil {
			return "", fmt.Errorf("lastcall: %s=%q: %w", CacheEnv, dir, err)
		}
		return abs, nil
	}
	// Who says where the go command may write says it for us as well: the home may not exist there, or be thrown away.
	// Of the names in that directory the go command touches its own only.
	if dir := os.Getenv("GOCACHE"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "lastcall"), nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("lastcall: there is no place for instrumented binaries: %w; set %s to a directory that can be written", err, CacheEnv)
	}
	return filepath.Join(dir, "lastcall"), nil
}

// checkWritable makes dir and a file in it, and removes the file.
func checkWritable(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "tmp-")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 4096))
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}
