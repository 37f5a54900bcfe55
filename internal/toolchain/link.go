package toolchain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// LinkGoroot returns a path of the Go installation at goroot that is not below modcache.
//
// The go command refuses an overlay of files below GOMODCACHE, and that is where GOTOOLCHAIN puts what it fetches.
// It asks for the path as it is spelt, so a link from elsewhere will do. The link's name is always the same for the same
// installation, since overlay.json names files through it.
func LinkGoroot(goroot, modcache, cache string) (string, error) {
	if !within(goroot, modcache) {
		return goroot, nil
	}
	if err := os.MkdirAll(cache, 0o777); err != nil {
		return "", fmt.Errorf("lastcall: %w; %s", err, cacheAdvice)
	}
	sum := sha256.Sum256([]byte(goroot))
	link := filepath.Join(cache, "goroot-"+hex.EncodeToString(sum[:6]))
	if to, err := os.Readlink(link); err == nil && to == goroot {
		return link, nil
	}
	tmp := fmt.Sprintf("%s-tmp-%d", link, os.Getpid())
	os.Remove(tmp)
	if err := linkDir(goroot, tmp); err != nil {
		return "", fmt.Errorf("lastcall: cannot link to %s from outside the module cache: %w; %s", goroot, err, cacheAdvice)
	}
	if err := os.Rename(tmp, link); err != nil {
		os.Remove(tmp)
		if to, readErr := os.Readlink(link); readErr != nil || to != goroot {
			return "", fmt.Errorf("lastcall: cannot link to %s from outside the module cache: %w", goroot, err)
		}
	}
	return link, nil
}

// within tells whether path is dir or below it.
func within(path, dir string) bool {
	if dir == "" {
		return false
	}
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
