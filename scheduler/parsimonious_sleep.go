package scheduler

// sequence is a schedule that has been run, or what is left of it after some steps: a run that goes on to do all of it, or what is equivalent, repeats others.
type sequence []act

// after returns what is left of the sequence after a. ok is false if a run that has come here cannot begin like it any more; the run repeats
// others if nothing is left.
func (q sequence) after(a *act) (left sequence, ok bool) {
	for i := range q {
		b := &q[i]
		switch {
		case b.proc == a.proc:
			if b.alt != a.alt && b.alt != anyAlt && a.alt != anyAlt {
				return nil, false
			}
			if i == 0 {
				return q[1:], true
			}
			left = append(append(left, q[:i]...), q[i+1:]...)
			return left, true
		case b.conflicts(a):
			return nil, false
		}
	}
	return q, true
}

// advance takes the sequences over a step, in place. It reports whether one of them is at its end.
func advance(carry []sequence, a *act) (left []sequence, blocked bool) {
	left = carry[:0]
	for _, q := range carry {
		if q, ok := q.after(a); ok && len(q) == 0 {
			blocked = true
		} else if ok {
			left = append(left, q)
		}
	}
	return left, blocked
}

// covered takes the sequences over a plan and reports whether one of them is at its end, so that the plan need not be run. It uses the sequences up.
func covered(carry []sequence, plan []act) (blocked bool) {
	for i := range plan {
		a := &plan[i]
		if a.alt == anyAlt { // the head: it is asleep if it is whatever alternative it takes, and -1 is a step that has none
			for _, q := range carry {
				if len(q) == 1 && q[0].proc == a.proc && q[0].alt < 0 {
					return true
				}
			}
			return false
		}
		if carry, blocked = advance(carry, a); blocked {
			return true
		}
	}
	return false
}

// asleep reports whether one of the sequences is at its end with m.
func asleep(carry []sequence, m move) bool {
	for _, q := range carry {
		if len(q) == 1 && q[0].proc == m.proc && (q[0].alt == m.alt || q[0].alt == anyAlt) {
			return true
		}
	}
	return false
}

// cloned returns a copy of a sequence that lasts.
func (s *parsimonious) cloned(v []act) []act {
	c := s.lasting.take(len(v))
	for i := range v {
		c[i] = s.clone(v[i])
	}
	return c
}

// clone returns an act that lasts.
func (s *parsimonious) clone(a act) act {
	uses := s.lastingUses.take(len(a.uses))
	copy(uses, a.uses)
	a.uses = uses
	return a
}
