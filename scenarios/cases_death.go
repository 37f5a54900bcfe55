package scenarios

import "runtime"

// Cases of tasks that take their goroutine with them, if it lets them.

func deathCases() []Case {
	const deaths = 4 // workers of a small subject at most
	panics := func() { panic(taskPanic{}) }
	contains := func(c *Contract) bool { return c.PanicContained }
	survives := func(c *Contract) bool { return c.GoexitContained }
	return []Case{
		{
			Name: "the last worker panics",
			What: "Tasks that panic, more than a small subject has workers, and tasks that do not. Those run, and the subject closes.",
			Need: "that a panic in a task is contained", promised: contains,
			script: func(x *trial) { dies(x, deaths, panics) },
		},
		{
			Name: "a task panics while the subject is closed",
			What: "Close is called while tasks run that will panic, with others queued.",
			Need: "that a panic in a task is contained", promised: contains,
			script: func(x *trial) { diesInClose(x, panics) },
		},
		{
			Name: "the last worker calls Goexit",
			What: "Tasks that call runtime.Goexit, more than a small subject has workers, and tasks that do not. Those run, and the subject closes.",
			Need: "that Goexit in a task is contained", promised: survives,
			script: func(x *trial) { dies(x, deaths, runtime.Goexit) },
		},
		{
			Name: "a task calls Goexit while the subject is closed",
			What: "Close is called while tasks run that will call runtime.Goexit, with others queued.",
			Need: "that Goexit in a task is contained", promised: survives,
			script: func(x *trial) { diesInClose(x, runtime.Goexit) },
		},
	}
}

func dies(x *trial, n int, how func()) {
	dying, rest := x.jobsOf(n, "dying task"), x.jobsOf(2, "task")
	for _, j := range dying {
		j.finale = how
	}
	x.turn()
	x.posts(dying...)
	x.posts(rest...)
	x.settle()
	x.shut()
}

func diesInClose(x *trial, how func()) {
	gated, all := x.queued(3)
	for _, j := range gated {
		j.finale = how
	}
	x.turn()
	x.fill(all)
	x.opener(gated...)
	x.shut()
}
