package main

import (
	"os"
	"os/signal"
	"sync"
	"time"
)

// exitInterrupted is what shells report for a process that SIGINT ended.
const exitInterrupted = 130

// output is held by whoever prints results, so that an interrupt does not cut them in two.
var output sync.Mutex

// unlessInterrupted runs f. From the interrupt on it does not return.
func unlessInterrupted(f func()) {
	output.Lock()
	defer output.Unlock()
	f()
}

// stopWait is how long an exploration may take to stop at an interrupt, which it does after the schedule at hand.
const stopWait = 2 * time.Second

// onInterrupt arranges that at the first interrupt the process says what was done and exits, unless that is all over soon. The function
// that it returns takes that back.
//
// A schedule cannot be asked to stop: it may be in code that does not end.
func onInterrupt(say func()) (stop func()) {
	signals := make(chan os.Signal, 1)
	over := make(chan struct{})
	signal.Notify(signals, os.Interrupt)
	go func() {
		select {
		case <-signals:
			signal.Stop(signals) // a second one ends the process even if the first cannot print
			select {
			case <-over:
				return
			case <-time.After(stopWait):
			}
			output.Lock()
			say()
			os.Exit(exitInterrupted)
		case <-over:
		}
	}()
	return func() {
		signal.Stop(signals)
		close(over)
	}
}
