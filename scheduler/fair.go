package scheduler

const (
	idleLoose  = 256  // steps on end that change nothing, after which a random strategy lets go
	checkEvery = 1024 // decisions between two looks for goroutines that starve
	checksMax  = 4    // looks that find a goroutine waiting, and never taken in between
	looseFor   = 256  // decisions that are uniform after that
)

// fairness bounds how long a strategy may starve a goroutine or the clock, and nobody is starved for ever:
// where nothing changes any more, or a goroutine that could go on has not been let for some 4,000 decisions,
// decisions are uniform for a while. A step limit that is reached under it is the program's own.
//
// The published guarantees hold up to that many steps; programs beyond lose a little of them,
// and would be lost altogether to a loop that polls.
type fairness struct {
	decisions int
	until     int     // decisions before this one are uniform
	waits     []uint8 // by goroutine: looks that found it waiting since it was taken last
}

func (f *fairness) reset() {
	clear(f.waits)
	*f = fairness{waits: f.waits[:0]}
}

// loose reports whether the next decision is uniform.
func (f *fairness) loose(p *policy) bool { return f.decisions < f.until || p.idle >= idleLoose }

// took notes which choice was taken.
func (f *fairness) took(choices []Choice, i int) {
	f.decisions++
	if g := int(choices[i].G); g >= 0 && g < len(f.waits) {
		f.waits[g] = 0
	}
	if f.decisions%checkEvery == 0 {
		f.check(choices, choices[i].G)
	}
}

// check looks for goroutines that starve.
func (f *fairness) check(choices []Choice, taken G) {
	for i := range choices {
		g := choices[i].G
		if g < 0 || g == taken || i > 0 && g == choices[i-1].G {
			continue
		}
		for int(g) >= len(f.waits) {
			f.waits = append(f.waits, 0)
		}
		if f.waits[g]++; f.waits[g] >= checksMax {
			f.until = f.decisions + looseFor
			clear(f.waits)
			return
		}
	}
}
