package toolchain

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// writeTree makes dir hold exactly the given files, by their slash-separated names, however far another
// process, or one that was killed, had come. Readers see the whole tree or none.
func writeTree(dir string, files map[string][]byte) error {
	if treeHolds(dir, files) {
		markUsed(dir)
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "tmp-"+filepath.Base(dir)+"-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	for name, content := range files {
		to := filepath.Join(tmp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(to, content, 0o666); err != nil {
			return err
		}
	}
	err = os.Rename(tmp, dir)
	if err == nil || treeHolds(dir, files) { // another process was first
		return nil
	}
	if _, statErr := os.Stat(dir); errors.Is(statErr, fs.ErrNotExist) {
		return err
	}
	return mendTree(dir, files) // somebody changed a file of it
}

func treeHolds(dir string, files map[string][]byte) bool {
	for name, content := range files {
		if !fileHolds(filepath.Join(dir, filepath.FromSlash(name)), content) {
			return false
		}
	}
	return true
}

func fileHolds(name string, content []byte) bool {
	have, err := os.ReadFile(name)
	return err == nil && bytes.Equal(have, content)
}

// mendTree replaces, file by file, what differs in dir.
func mendTree(dir string, files map[string][]byte) error {
	for name, content := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if fileHolds(to, content) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
		if err := writeFile(to, content); err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes the file whole or not at all.
func writeFile(name string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), "tmp-")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // fails where the rename succeeded
	_, err = tmp.Write(content)
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
