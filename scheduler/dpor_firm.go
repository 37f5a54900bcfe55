package scheduler

// firm says how much of a plan will be the same in every later run that begins as this one does up to step j, the one that is looked at, whatever those go on to do.
//
// A run has most of its steps from the one before, and what can be made of a step i and a later step j among those has been planned already, but for what a plan has
// of the steps after j: it is P, the steps up to j that do not depend on i, then S, those after j, and last a, j's operation. If it was found to be covered,
// by something that sleeps at step i's decision or by a branch that is planned there to its end, and P and a alone decided on that, then it is covered with any other S,
// and step j is settled: it need not be looked at for as long as the next runs have it. For:
//   - What sleeps at a decision stays the same until another branch is taken there, and then step i is replaced. What is planned there only gets more until then,
//     behind what there is; and a branch that is complete stays so.
//   - Whether a plan can begin with b is decided step by step. Where one in P decides nothing else is looked at. So it must be with all
//     that is tried in vain before the branch that covers the plan, or with another S the first that fits would be another.
//   - If it is not decided in P, then a decides, where b is independent of every S: where b's process has a step up to j that depends on i, for then so do all that come after, and
//     none is in S; and where i, and something up to j that conflicts with it there, use the only object that b uses. S does not use that object: what does so after the two
//     conflicts with i, or does what i does and conflicts with the other, which depends on i. Nor is anything in S on which all depends.
//   - a itself must not hang on what comes after j. Who is woken out of a select does (leaves, allLeave), and whether a timer fires (unfired); there loose is set.
//
// What has been planned just now, or strayed, is not settled. (Where P is empty it is seen with one S only whether the plan strays. It would be a fault of the table, which other
// steps show as well.)
type firm struct {
	x     *execution
	i, j  int32
	steps int // how many are in P
}

// firm says so of a plan to run something before step i that has no steps yet.
func (s *optimal) firm(i int32) firm {
	if i >= s.at || int(s.at) >= len(s.run.steps) {
		return firm{x: &s.run, i: i, j: i} // it is all S, or what waited when the run ended
	}
	return firm{x: &s.run, i: i, j: s.at}
}

// decides reports whether step k of the plan, which decided whether it can begin with b or is past its end, did so for good.
func (f *firm) decides(b *act, k int) bool { return k < f.steps || f.i < f.j && f.quiet(b) }

// quiet reports whether b is independent of every S.
func (f *firm) quiet(b *act) bool {
	if b.all || len(b.uses) > 1 {
		return false
	}
	proc, obj, m := false, true, Unused
	if len(b.uses) > 0 {
		if m = f.x.mode(f.i, b.uses[0].obj); m == Unused {
			return false
		}
		obj = m == Writes // whatever uses it after i depends on i
	}
	for j := f.j; j > f.i && !(proc && obj); j-- {
		proc = proc || f.x.steps[j].proc == b.proc && f.x.after(f.i, j)
		obj = obj || f.x.steps[j].marks.has(b.uses[0].obj) && m.Conflict(f.x.mode(j, b.uses[0].obj))
	}
	return proc && obj
}

// mode is how step i uses an object.
func (x *execution) mode(i, o int32) Mode {
	for _, u := range x.uses[x.steps[i].first:x.steps[i].end] {
		if u.obj == o {
			return u.mode
		}
	}
	return Unused
}
