package loop

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestQueue compares queues with slices under random pushes, pops and joins, at lengths about those of chunks.
func TestQueue(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var got []int
	l := New()
	for range 300 {
		var q queue
		var want []int
		var empty chunks
		number := 0
		push := func(q *queue, want *[]int) {
			n := number
			number++
			l.pushLocked(q, post(func() { got = append(got, n) }))
			*want = append(*want, n)
		}
		for range rng.IntN(6) {
			switch rng.IntN(3) {
			case 0:
				for range rng.IntN(3 * chunkLen) {
					push(&q, &want)
				}
			case 1:
				for range min(rng.IntN(2*chunkLen), len(want)) {
					got = nil
					q.pop(&empty).call()
					require.Equal(t, want[:1], got)
					want = want[1:]
				}
			case 2:
				var r queue
				var more []int
				for range rng.IntN(2 * chunkLen) {
					push(&r, &more)
				}
				q.join(r)
				want = append(want, more...)
			}
			require.Equal(t, len(want), q.len)
		}
		got = nil
		for q.len > 0 {
			q.pop(&empty).call()
		}
		require.Equal(t, len(want), len(got))
		require.Equal(t, append([]int(nil), want...), got)
		for c := empty.top; c != nil; c = c.next {
			for _, item := range c.items {
				require.Nil(t, item, "nothing is held")
			}
		}
		l.empty = empty
		l.reuseLocked()
	}
}
