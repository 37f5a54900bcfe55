package loop

// A queue is callbacks, in order, in chunks. A slice would do, but for the time in which it grows: it copies everything with the mutex
// held, so one Post in a while would take milliseconds, and leaves behind several times what it holds as garbage.
type queue struct {
	last  *chunk // to which callbacks are added
	tail  int    // how many it has
	len   int
	first *chunk
	head  int // index in first of the first callback
}

// chunkLen makes a chunk fill a size class of the allocator, 1 KiB.
const chunkLen = 62

type chunk struct {
	next  *chunk
	n     int // how many it has, if it is not the last
	items [chunkLen]callback
}

// freeMin is how many chunks a loop keeps for later. It keeps more only as long as its batches need more, so that a single burst does not hold
// its memory for ever.
const freeMin = 64

// chunks is a stack of empty chunks.
type chunks struct {
	top *chunk
	len int
}

func (s *chunks) push(c *chunk) {
	c.next = s.top
	s.top = c
	s.len++
}

func (s *chunks) pop() *chunk {
	c := s.top
	if c == nil {
		return new(chunk)
	}
	s.top, c.next = c.next, nil
	s.len--
	return c
}

// pushLocked adds c to q.
func (l *Loop) pushLocked(q *queue, c callback) {
	if q.last == nil || q.tail == chunkLen {
		q.grow(l.free.pop())
	}
	q.last.items[q.tail] = c
	q.tail++
	q.len++
}

// grow adds an empty chunk.
func (q *queue) grow(c *chunk) {
	if q.last == nil {
		q.first, q.head = c, 0
	} else {
		q.last.n = q.tail
		q.last.next = c
	}
	q.last, q.tail = c, 0
}

// pop takes out the first callback of q, which has one, and keeps a chunk that it leaves empty.
func (q *queue) pop(empty *chunks) callback {
	b := q.first
	c := b.items[q.head]
	b.items[q.head] = nil
	q.head++
	q.len--
	switch {
	case b == q.last:
		if q.head == q.tail {
			*q = queue{}
			empty.push(b)
		}
	case q.head == b.n:
		q.first, q.head = b.next, 0
		empty.push(b)
	}
	return c
}

// join adds all of r to q. Nothing has been popped from r.
func (q *queue) join(r queue) {
	if q.last == nil || r.last == nil {
		if q.last == nil {
			*q = r
		}
		return
	}
	q.last.n = q.tail
	q.last.next = r.first
	q.last, q.tail = r.last, r.tail
	q.len += r.len
}

// reuseLocked keeps the chunks that the batch has left empty, as many as are worth keeping.
func (l *Loop) reuseLocked() {
	most := max(freeMin, l.empty.len)
	for l.empty.len > 0 && l.free.len < most {
		l.free.push(l.empty.pop())
	}
	for l.free.len > most {
		l.free.pop()
	}
	l.empty = chunks{}
}
