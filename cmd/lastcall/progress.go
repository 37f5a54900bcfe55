package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// redrawEvery is how often the progress line changes at most.
const redrawEvery = 100 * time.Millisecond

// progress is a line on a terminal that says which cell is explored and how far it is. Elsewhere it says nothing.
type progress struct {
	out   io.Writer
	shown bool // out is a terminal

	mu        sync.Mutex
	cell      string
	number    int
	of        int
	schedules int
	start     time.Time
	drawn     time.Time
}

func newProgress(out io.Writer, shown bool) *progress { return &progress{out: out, shown: shown} }

// begin says that a cell is explored from now on.
func (p *progress) begin(cell string, number, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cell, p.number, p.of, p.schedules = cell, number, of, 0
	p.start = time.Now()
	p.drawLocked()
}

// schedule says that the cell's n-th schedule begins.
func (p *progress) schedule(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.schedules = n
	if p.shown && time.Since(p.drawn) >= redrawEvery {
		p.drawLocked()
	}
}

func (p *progress) drawLocked() {
	if !p.shown {
		return
	}
	p.drawn = time.Now()
	fmt.Fprintf(p.out, "\r\033[K[%d/%d] %s: %d schedules, %.0f s", p.number, p.of, p.cell, p.schedules, time.Since(p.start).Seconds())
}

// end takes the line away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.eraseLocked()
}

func (p *progress) eraseLocked() {
	if p.shown {
		fmt.Fprint(p.out, "\r\033[K")
	}
}

// interrupted says what was done until an interrupt.
func (p *progress) interrupted(done, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.eraseLocked()
	fmt.Fprintf(p.out, "lastcall run: interrupted: %d of %d cells were explored", done, of)
	if done < of {
		fmt.Fprintf(p.out, "; %s was in its schedule %d and has no verdict", p.cell, p.schedules)
	}
	fmt.Fprintln(p.out)
}

// isTerminal reports whether f is one that can erase a line.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// coloured reports whether colours are wanted on f.
func coloured(f *os.File) bool { return wantsColours(isTerminal(f)) }

// wantsColours: on a terminal, unless NO_COLOR says otherwise (no-color.org).
func wantsColours(terminal bool) bool { return terminal && os.Getenv("NO_COLOR") == "" }
