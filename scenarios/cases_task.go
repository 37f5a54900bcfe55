package scenarios

// Cases without a Close until everything is over.

func taskCases() []Case {
	return []Case{
		{
			Name:   "each task that is accepted runs once",
			What:   "Two goroutines post two tasks each. Before anybody closes, each that was accepted has run.",
			script: tasksRun,
		},
		{
			Name:   "Wait returns when the tasks before it have ended",
			What:   "A task runs while two goroutines wait, one of which has posted another before. Each Wait returns after the tasks that were accepted before it was called.",
			lacks:  noWait,
			script: waitForTasks,
		},
		{
			Name:   "Wait ends although the subject is closed meanwhile",
			What:   "A goroutine waits for tasks that run and tasks that are queued, another closes. Both come back.",
			lacks:  noWait,
			script: waitAgainstClose,
		},
	}
}

func tasksRun(x *trial) {
	a, b := x.jobsOf(2, "task"), x.jobsOf(2, "other task")
	x.turn()
	x.posts(a...)
	x.posts(b...)
	x.settle()
	if x.those((*job).accepted) == "" {
		x.t.Errorf("contract: an open subject refuses every task%s", x.account())
	}
	x.shut()
}

func waitForTasks(x *trial) {
	first, second := x.gated("task 1"), x.job("task 2")
	x.turn()
	x.fill([]*job{first})
	wait := func() {
		before := x.acceptedSoFar()
		if x.s.Wait() != nil {
			return // it says that it has not waited
		}
		x.visible()
		for _, j := range before {
			if !j.hasEnded() {
				x.t.Errorf("wait returns early: %s was accepted before Wait was called, and has not ended%s", j, x.account())
			}
		}
	}
	x.start("Post of "+second.name+" and Wait", func() {
		x.post(second)
		wait()
	})
	x.start("Wait", wait)
	x.opener(first)
	x.settle()
	x.shut()
}

// acceptedSoFar lists the jobs whose Post has returned nil.
func (x *trial) acceptedSoFar() []*job {
	var js []*job
	for _, j := range x.jobs {
		if j.accepted() {
			js = append(js, j)
		}
	}
	return js
}

func waitAgainstClose(x *trial) {
	gated, all := x.queued(3)
	x.turn()
	x.fill(all)
	x.start("Wait", func() { _ = x.s.Wait() }) // what it says of being overtaken by a Close is its own affair
	x.opener(gated...)
	x.shut()
}
