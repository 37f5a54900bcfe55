package toolchain

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// An overlayIndex is the content of an overlay.json.
type overlayIndex struct{ Replace map[string]string }

func readIndex(name string) (*overlayIndex, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	index := new(overlayIndex)
	if err := json.Unmarshal(b, index); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return index, nil
}

// withUserOverlay returns an overlay that has the files of ours and of the user's own, since
// the go command takes one only. dir is where the user's go command runs.
func (g *golang) withUserOverlay(ours, users string) (string, error) {
	if users == "" {
		return ours, nil
	}
	all, err := readIndex(ours)
	if err != nil {
		return "", fmt.Errorf("lastcall: %w", err)
	}
	theirs, err := readIndex(absIn(g.dir, users))
	if err != nil {
		return "", fmt.Errorf("lastcall: -overlay: %w", err)
	}
	for from, to := range theirs.Replace {
		from = absIn(g.dir, from)
		if all.Replace[from] != "" {
			return "", fmt.Errorf("lastcall: your -overlay %s replaces %s, which an instrumented build replaces too; leave that file out of yours", users, from)
		}
		if to != "" { // an empty one deletes the file
			to = absIn(g.dir, to)
		}
		all.Replace[from] = to
	}
	content, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	home := filepath.Join(g.cache, "overlay-"+hex.EncodeToString(sum[:12]))
	if err := writeTree(home, map[string][]byte{"overlay.json": content}); err != nil {
		return "", fmt.Errorf("lastcall: cannot write the overlay: %w; %s", err, cacheAdvice)
	}
	return filepath.Join(home, "overlay.json"), nil
}

func absIn(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}
