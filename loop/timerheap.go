package loop

// timerHeap is a heap of timers by deadline and, at one deadline, by the order in which they were set. It keeps their indices. It is
// container/heap without the interface, which costs half of the time here.
type timerHeap []*Timer

func (t *Timer) before(u *Timer) bool {
	return t.when < u.when || t.when == u.when && t.seq < u.seq
}

func (h *timerHeap) push(t *Timer) {
	*h = append(*h, t)
	h.up(t, len(*h)-1)
}

// remove takes t out, wherever it is. Its index is no longer meaningful.
func (h *timerHeap) remove(t *Timer) {
	i, last := t.index, len(*h)-1
	moved := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	if i == last {
		return
	}
	if i > 0 && moved.before((*h)[(i-1)/2]) {
		h.up(moved, i)
	} else {
		h.down(moved, i)
	}
}

// up puts t at i, or above as far as it belongs.
func (h timerHeap) up(t *Timer, i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !t.before(h[parent]) {
			break
		}
		h.set(i, h[parent])
		i = parent
	}
	h.set(i, t)
}

// down puts t at i, or below as far as it belongs.
func (h timerHeap) down(t *Timer, i int) {
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(t) {
			break
		}
		h.set(i, h[child])
		i = child
	}
	h.set(i, t)
}

func (h timerHeap) set(i int, t *Timer) {
	h[i] = t
	t.index = i
}
