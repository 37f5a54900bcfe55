package asyncio

// timerHeap is base_events.BaseEventLoop._scheduled, in heapq's order: the algorithm decides which of several with one deadline is
// the first, so it is rendered line by line (heapq.py; the C version does the same up to 2,500 entries).
type timerHeap struct {
	items []*Handle
}

func less(a, b *Handle) bool { return a.when < b.when } // events.TimerHandle.__lt__

// push is heapq.heappush.
func (h *timerHeap) push(x *Handle) {
	h.items = append(h.items, x)
	h.siftdown(0, len(h.items)-1)
}

// pop is heapq.heappop.
func (h *timerHeap) pop() *Handle {
	n := len(h.items) - 1
	last := h.items[n]
	h.items[n] = nil
	h.items = h.items[:n]
	if n == 0 {
		return last
	}
	first := h.items[0]
	h.items[0] = last
	h.siftup(0)
	return first
}

// heapify is heapq.heapify.
func (h *timerHeap) heapify() {
	for i := len(h.items)/2 - 1; i >= 0; i-- {
		h.siftup(i)
	}
}

// siftdown is heapq._siftdown.
func (h *timerHeap) siftdown(start, pos int) {
	x := h.items[pos]
	for pos > start {
		parent := (pos - 1) >> 1
		if !less(x, h.items[parent]) {
			break
		}
		h.items[pos] = h.items[parent]
		pos = parent
	}
	h.items[pos] = x
}

// siftup is heapq._siftup: down to a leaf, then up again.
func (h *timerHeap) siftup(pos int) {
	start, end := pos, len(h.items)
	x := h.items[pos]
	for child := 2*pos + 1; child < end; child = 2*pos + 1 {
		if right := child + 1; right < end && !less(h.items[child], h.items[right]) {
			child = right
		}
		h.items[pos] = h.items[child]
		pos = child
	}
	h.items[pos] = x
	h.siftdown(start, pos)
}

const (
	minScheduledTimerHandles         = 100 // base_events._MIN_SCHEDULED_TIMER_HANDLES
	minCancelledTimerHandlesFraction = 0.5 // base_events._MIN_CANCELLED_TIMER_HANDLES_FRACTION
)

// dropCancelled is the first part of base_events.BaseEventLoop._run_once: cancelled timers leave from the top of the heap, or all of
// them where they are many.
func (h *timerHeap) dropCancelled(l *Loop) {
	n := len(h.items)
	if n > minScheduledTimerHandles && float64(l.timersCancelled)/float64(n) > minCancelledTimerHandlesFraction {
		var kept []*Handle
		for _, t := range h.items {
			if t.cancelled {
				t.scheduled = false
			} else {
				kept = append(kept, t)
			}
		}
		h.items = kept
		h.heapify()
		l.timersCancelled = 0
		return
	}
	for len(h.items) > 0 && h.items[0].cancelled {
		l.timersCancelled--
		h.pop().scheduled = false
	}
}

// due takes the first timer out if it is due.
func (h *timerHeap) due(end float64) (*Handle, bool) {
	if len(h.items) == 0 || h.items[0].when >= end {
		return nil, false
	}
	t := h.pop()
	t.scheduled = false
	return t, true
}
