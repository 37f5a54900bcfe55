package toolchain

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

const modulePath = "github.com/lastcall-go/lastcall"

// sameVersion fails where the module uses another version of ours than this command is of, as one that was installed may be: the runtime
// would be instrumented for this one, and package sim would speak to it as the other does.
func (g *golang) sameVersion(args []string) error {
	list := []string{"list", "-f", "{{.Dir}}"}
	for _, name := range []string{"mod", "modfile"} {
		switch v := last(flagValues(args, name)); {
		case name == "mod" && v == "mod":
			list = append(list, "-mod=readonly") // this is to look only
		case v != "":
			list = append(list, "-"+name+"="+v)
		}
	}
	out, err := g.command(append(list, modulePath+"/internal/toolchain")...).Output()
	if err != nil {
		return nil // the module does not use it; and if something else is wrong, go test says it better
	}
	dir := strings.TrimSpace(string(out))
	if name := differs(added, os.DirFS(dir)); name != "" {
		return fmt.Errorf("lastcall: this command and the %s that the module uses, in %s, are of two versions (%s differs); "+
			"use the module's: go run %s/cmd/lastcall test", modulePath, dir, name, modulePath)
	}
	return nil
}

// differs names the first file of ours that is another or none in theirs, or nothing.
func differs(ours, theirs fs.FS) (first string) {
	fs.WalkDir(ours, "overlay", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		want, err := fs.ReadFile(ours, name)
		if err != nil {
			return err
		}
		if have, err := fs.ReadFile(theirs, name); err != nil || !bytes.Equal(have, want) {
			first = name
			return fs.SkipAll
		}
		return nil
	})
	return first
}
