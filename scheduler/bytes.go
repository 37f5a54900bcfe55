package scheduler

// Bytes lets data choose, for a fuzzer: each decision takes one byte, two where there are more than 256 choices,
// and where data has ended the default goes on: the same goroutine while it can, else the first choice.
// A byte of 0 is the default as well, so that a fuzzer that makes bytes smaller makes the schedule simpler,
// and a prefix is a schedule too.
func Bytes(data []byte) Maker {
	return func(uint64) Strategy { return &once{run: &bytesRun{data: data}} }
}

type bytesRun struct {
	data   []byte
	policy policy
}

func (r *bytesRun) begin() { r.policy.reset() }

func (r *bytesRun) Pick(d *Decision) int {
	r.policy.see(d.Since)
	n := len(d.Choices)
	return unrank(r.next(n)%n, r.policy.choose(d.Choices))
}

// next takes what a decision among n choices needs.
func (r *bytesRun) next(n int) int {
	if len(r.data) == 0 {
		return 0
	}
	v := int(r.data[0])
	r.data = r.data[1:]
	if n > 256 && len(r.data) > 0 {
		v |= int(r.data[0]) << 8
		r.data = r.data[1:]
	}
	return v
}

func (r *bytesRun) End(*Outcome) {}

// Bytes returns the schedule as an input of [Bytes], false where there is none: where the clock overtakes, since then decisions list more than
// such an input knows of, and where a decision took a choice beyond the 256th.
func (s *Schedule) Bytes() ([]byte, bool) {
	data := make([]byte, len(s.Picks))
	for i, p := range s.Picks {
		if p.Rank > 255 {
			return nil, false
		}
		data[i] = byte(p.Rank)
	}
	return data, s.Draws&Overtake == 0
}
