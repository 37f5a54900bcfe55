package scenarios

// The oracles. Each message begins with the oracle's name. Panics, leaks, data races and schedules that go on for ever are package
// sim's verdicts.

// judgeBegin judges a job that begins.
func (x *trial) judgeBegin(j *job) {
	switch {
	case x.twice(j):
		x.t.Errorf("run twice: %s%s", j, x.account())
	case j.refused():
		x.t.Errorf("refused and run: %s begins although Post returned an error%s", j, x.account())
	case j.isCleared():
		x.t.Errorf("cleared and run: %s begins although it was cleared%s", j, x.account())
	case x.tooLate(j):
		x.t.Errorf("run after close: %s begins although Close has returned nil%s", j, x.account())
	}
}

//go:norace
func (x *trial) twice(j *job) bool { return j.begun > 1 }

// tooLate reports whether a job that begins now should not.
//
//go:norace
func (x *trial) tooLate(j *job) bool {
	if x.closeReturned == 0 {
		return false
	}
	late := j.called > x.closeReturned && x.c.PostAfterClose != Unspecified
	return x.c.joins() || late
}

// judgeCleared judges a timer of which the subject says that it was kept from running.
func (x *trial) judgeCleared(j *job) {
	x.clear(j)
	if j.hasBegun() {
		x.t.Errorf("cleared and run: %s has begun, and the subject says that clearing kept it from that%s", j, x.account())
	}
}

// judgePosted judges a Post that has returned.
func (x *trial) judgePosted(j *job) {
	switch {
	case j.refused() && j.hasBegun():
		x.t.Errorf("refused and run: Post of %s returns an error although it has begun%s", j, x.account())
	case x.late(j) && j.accepted() && x.c.refuses():
		x.t.Errorf("accepted after close: Post of %s returns nil although Close has returned nil%s", j, x.account())
	}
}

// late reports whether a job was posted when Close had returned.
//
//go:norace
func (x *trial) late(j *job) bool { return x.closeReturned != 0 && j.called > x.closeReturned }

// judgeClosed judges a Close that has returned nil.
func (x *trial) judgeClosed() {
	if x.c.joins() {
		if running := x.those((*job).running); running != "" {
			x.t.Errorf("run after close: Close returns nil while %s runs%s", running, x.account())
		}
	}
	if x.c.CloseWaits == Queued && !x.closedOtherwise() {
		if lost := x.those(func(j *job) bool { return x.owed(j, x.c.refuses()) && !j.hasEnded() }); lost != "" {
			x.t.Errorf("accepted and lost: Close returns nil and has not waited for %s%s", lost, x.account())
		}
	}
}

// closedOtherwise reports whether a Close gave up or was called by a task: nothing is promised then of what is queued.
//
//go:norace
func (x *trial) closedOtherwise() bool { return x.closeGaveUp || x.closeInside }

// mustRun reports whether a job has to run, now that nobody does anything more.
//
//go:norace
func (x *trial) mustRun(j *job) bool {
	switch {
	case !j.accepted() || j.excused:
		return false
	case x.closeCalled == 0:
		return true
	case x.c.CloseWaits != Queued || x.closedOtherwise():
		return false
	}
	return x.owed(j, x.c.refuses())
}

// forgive lets go, as the subject is opened again, of what it need not remember.
//
//go:norace
func (x *trial) forgive() {
	for _, j := range x.jobs {
		kept := x.c.PostAfterClose == Queued && x.closeReturned != 0 && j.called > x.closeReturned
		if j.returned != 0 && !kept && !x.mustRun(j) {
			j.excused = true
		}
	}
}

// judgeSettled judges the end, or what was waited for in vain.
func (x *trial) judgeSettled() {
	if what := x.waiting(); what != "" {
		x.t.Fatalf("hang: everybody stands still, %v of time have changed nothing, and there has not returned: %s%s", x.patience, what, x.account())
	}
	if running := x.those((*job).running); running != "" {
		x.t.Fatalf("hang: everybody stands still, %v of time have changed nothing, and there has not ended: %s%s", x.patience, running, x.account())
	}
	if lost := x.those(func(j *job) bool { return x.mustRun(j) && !j.hasEnded() }); lost != "" {
		x.t.Fatalf("accepted and lost: %s will never run%s", lost, x.account())
	}
}

// expect holds a call to an outcome of the contract.
func (x *trial) expect(what string, promised Outcome, err error, panicked bool) {
	got := OK
	switch {
	case panicked:
		got = Panic
	case err != nil:
		got = Error
	}
	want := promised
	if want == Drop || want == Queued {
		want = OK
	}
	if got != string(want) {
		x.t.Errorf("contract: %s comes to %s (%v), and %s is promised%s", what, got, err, promised, x.account())
	}
}
