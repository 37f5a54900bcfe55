package toolchain

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
)

// linkDir makes a symbolic link, or a junction where the user may not make links.
func linkDir(from, link string) error {
	err := os.Symlink(from, link)
	if err != nil {
		err = errors.Join(err, exec.Command("cmd", "/c", "mklink", "/J", link, from).Run())
	}
	if _, statErr := os.Stat(link); statErr == nil {
		return nil
	}
	return err
}

// execute runs another program in this one's place: Windows has no exec, so this process stays until the other ends,
// and ends as that did. An interrupt from the console reaches both, so the child decides what it means.
func execute(path string, args, env []string) error {
	signal.Ignore(os.Interrupt)
	cmd := exec.Command(path, args[1:]...)
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	os.Exit(cmd.ProcessState.ExitCode())
	return nil
}

// lock does nothing: on Windows two processes may build the same thing side by side, which costs time only.
func lock(string) (unlock func(), err error) { return func() {}, nil }
