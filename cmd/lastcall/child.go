package main

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// runChild runs a command that decides what a signal means. An interrupt from a terminal reaches it by itself, a
// kill of this process alone does not, so that one is passed on.
func runChild(cmd *exec.Cmd) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer func() {
		signal.Stop(signals)
		close(signals)
	}()
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() {
		for s := range signals {
			if s == syscall.SIGTERM {
				cmd.Process.Signal(s) // it may have ended meanwhile
			}
		}
	}()
	return cmd.Wait()
}
