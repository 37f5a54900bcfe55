package mutant

// All are the mutants, by the point of the contract that they break.
var All = []Mutant{
	// 1. A callback that was accepted runs exactly once, or is reported as dropped.
	{Name: "dropped callbacks are not counted", Property: "Stats add up at every moment", Contract: 1, Edits: []Edit{
		{"shutdown.go", "	l.dropped += n\n", ""}}},
	{Name: "dropped callbacks are not reported", Property: "every accepted callback is accounted for", Contract: 1, Edits: []Edit{
		{"hook.go", "	if l.onDrop == nil {\n", "	if true {\n"}}},
	{Name: "Close forgets the rest of the batch", Property: "Stats add up at every moment", Contract: 1, Edits: []Edit{
		{"shutdown.go", "n := l.pendingLocked(ran)", "n := l.pendingLocked(ran) - int(l.batchEnd-ran)"}}},
	{Name: "Goexit loses the rest of the batch", Property: "Shutdown runs what was accepted", Contract: 1, Edits: []Edit{
		{"run.go", "		l.putBackLocked(rest)\n", ""}}},
	{Name: "Shutdown drops timers that are due", Property: "Shutdown runs what was accepted", Contract: 1, Edits: []Edit{
		{"shutdown.go", "l.dropTimersLocked(true)", "l.dropTimersLocked(false)"}}},
	{Name: "a stopped timer runs in its batch", Property: "a stopped timer does not run", Contract: 1, Edits: []Edit{
		{"timer.go", "t.index == timerDue && l.claim()", "l.claim()"}}},
	{Name: "a post does not wake the loop", Property: "what is due runs as soon as the loop is free", Contract: 1, Edits: []Edit{
		{"callback.go", "	l.wakeLocked()\n", ""}}},
	{Name: "OnDone during a Shutdown is lost", Property: "every accepted callback is accounted for", Contract: 1, Edits: []Edit{
		{"task.go", "if t.reserved > 0 && l.phase < closing {", "if t.reserved > 0 && l.phase < draining {"}}},

	// 2. A future ends exactly once.
	{Name: "queued work is not ended", Property: "an end ends the context of running work", Contract: 2, Edits: []Edit{
		{"shutdown.go", "for t := l.jobs.first; t != nil; t = l.jobs.first {", "for t := l.jobs.first; false; t = l.jobs.first {"}}},
	{Name: "Goexit in work ends no future", Property: "no call hangs", Contract: 2, Edits: []Edit{
		{"worker.go", "if t != nil { // runtime.Goexit", "if false { // runtime.Goexit"}}},
	{Name: "the context of queued work is not looked at", Property: "work whose context has ended does not begin", Contract: 2, Edits: []Edit{
		{"future.go", "if err := f.ctx.Err(); err != nil {", "if err := f.ctx.Err(); false {"}}},

	// 3. Nothing after Shutdown or Close has returned.
	{Name: "check, then post", Property: "every accepted callback is accounted for", Contract: 3, Narrow: true, Edits: []Edit{
		{"callback.go", "	l.accepted++\n", "	l.mu.Unlock()\n	l.mu.Lock()\n	l.accepted++\n"}}},
	{Name: "posts are accepted during a Shutdown", Property: "nothing is accepted once an end has begun", Contract: 3, Edits: []Edit{
		{"callback.go", "if l.phase != open {", "if l.phase >= closing {"}}},
	{Name: "check, then submit", Property: "a future ends, and once", Contract: 3, Narrow: true, Edits: []Edit{
		{"submit.go", "	if l.fullLocked() {\n		return l.submitFull(ctx, t)\n", "	l.mu.Unlock()\n	l.mu.Lock()\n	if l.fullLocked() {\n		return l.submitFull(ctx, t)\n"}}},
	{Name: "timers are accepted during a Shutdown", Property: "nothing is accepted once an end has begun", Contract: 3, Edits: []Edit{
		{"timer.go", "if l.phase != open { // contract 3", "if l.phase >= closing { // contract 3"}}},
	{Name: "work is accepted during a Shutdown", Property: "nothing is accepted once an end has begun", Contract: 3, Edits: []Edit{
		{"submit.go", "if l.phase != open { // contract 3", "if l.phase >= closing { // contract 3"}}},
	{Name: "OnDone is accepted during a Shutdown", Property: "nothing is accepted once an end has begun", Contract: 3, Edits: []Edit{
		{"future.go", "if l.phase != open { // contract 3", "if l.phase >= closing { // contract 3"}}},
	{Name: "Close does not wait for the callback", Property: "no callback runs after the end", Contract: 3, Edits: []Edit{
		{"shutdown.go", "for l.running || l.reporting > 0 {", "for l.reporting > 0 {"}}},
	{Name: "a callback begins after Close", Property: "Stats add up at every moment", Contract: 3, Edits: []Edit{
		{"run.go", "if !l.ran.CompareAndSwap(l.begun, l.begun+1) {", "if l.ran.Add(1) == 0 {"}}},
	{Name: "a late result goes to the loop", Property: "no call hangs", Contract: 3, Edits: []Edit{
		{"task.go", "if t.reserved > 0 && l.phase < closing {", "if t.reserved > 0 {"}}},
	{Name: "a Shutdown that expires closes nothing", Property: "no callback runs after the end", Contract: 3, Edits: []Edit{
		{"shutdown.go", "	tasks, dropped := l.beginCloseLocked()\n	done := ", "	tasks, dropped := []*task(nil), 0\n	done := "}}},

	// 4. Shutdown returns nil only when all is done.
	{Name: "workers are not joined", Property: "Shutdown joins the workers", Contract: 4, Edits: []Edit{
		{"loop.go", "if l.workers > 0 || l.inBatch ||", "if l.inBatch ||"}}},
	{Name: "the queue is not drained", Property: "Shutdown runs what was accepted", Contract: 4, Edits: []Edit{
		{"loop.go", "l.reporting > 0 || l.queue.len > 0 ||", "l.reporting > 0 ||"}}},
	{Name: "the last callback is not waited for", Property: "no callback runs after the end", Contract: 4, Edits: []Edit{
		{"loop.go", "if l.workers > 0 || l.inBatch ||", "if l.workers > 0 ||"}}},
	{Name: "nil although a Close came in between", Property: "Shutdown runs what was accepted", Contract: 4, Edits: []Edit{
		{"shutdown.go", "if l.cut > 0 {", "if false {"}}},
	{Name: "Stop ends a Run that drains", Property: "Run carries out a Shutdown from inside", Contract: 4, Edits: []Edit{
		{"run.go", "if l.phase == open && (l.stop || last) {", "if l.stop || last {"}}},
	{Name: "a worker leaves before it hands over its result", Property: "a late result goes to its future alone", Contract: 4, Edits: []Edit{
		{"worker.go", "		l.mu.Lock()\n		l.finishLocked(t)\n	}\n	l.endWorkerLocked()\n",
			"		l.mu.Lock()\n		l.active.remove(t)\n		l.endWorkerLocked()\n		l.mu.Unlock()\n		l.mu.Lock()\n		l.workers++\n		l.active.push(t)\n		l.finishLocked(t)\n	}\n	l.endWorkerLocked()\n"}}},

	// 5. Cancel.
	{Name: "Cancel leaves queued work where it is", Property: "Cancel keeps queued work from running", Contract: 5, Edits: []Edit{
		{"future.go", "		l.withdrawLocked(&f.task, context.Canceled)\n", ""}}},
	{Name: "Cancel of running work cancels nothing", Property: "Cancel ends the context of running work", Contract: 5, Edits: []Edit{
		{"future.go", "if before != ended {", "if before == queued {"}}},
	{Name: "Shutdown leaves running work alone", Property: "an end ends the context of running work", Contract: 5, Edits: []Edit{
		{"shutdown.go", "for t := l.active.first; t != nil; t = t.next {\n		cancel", "for t := l.active.first; false; t = t.next {\n		cancel"}}},
	{Name: "look, then take", Property: "Cancel keeps queued work from running", Contract: 5, Narrow: true, Edits: []Edit{
		{"worker.go", "	l.jobs.remove(t)\n", "	l.mu.Unlock()\n	l.mu.Lock()\n	if t.state == working {\n		return l.nextJobLocked()\n	}\n	if t.state == queued {\n		l.jobs.remove(t)\n	}\n"}}},

	// 6. No call deadlocks the loop.
	{Name: "callbacks are not recognised", Property: "what would wait for itself is refused", Contract: 6, Edits: []Edit{
		{"inside.go", "case markCallbacks, markHook:", "case markHook:"}}},
	{Name: "work is not recognised", Property: "what would wait for itself is refused", Contract: 6, Edits: []Edit{
		{"inside.go", "case markWork:", "case 1:"}, {"inside.go", "	markWork      = entry(runWork)\n", ""}}},
	{Name: "hooks are not recognised", Contract: 6, Edits: []Edit{
		{"inside.go", "case markCallbacks, markHook:", "case markCallbacks:"}}},
	{Name: "nobody takes a drain over", Property: "no call hangs", Contract: 6, Edits: []Edit{
		{"shutdown.go", "			case <-changed: // the runner may have left: by Goexit, or by giving up\n", ""},
		{"shutdown.go", "			changed := l.changedLocked()\n			l.mu.Unlock()\n			select", "			l.mu.Unlock()\n			select"}}},
	{Name: "submitters that wait are not refused", Property: "no call hangs", Contract: 6, Edits: []Edit{
		{"shutdown.go", "	for _, s := range l.blocked {\n", "	for _, s := range l.blocked[:0] {\n"}}},
	{Name: "no worker is lent", Property: "no call hangs", Contract: 6, Edits: []Edit{
		{"worker.go", "	l.lent++\n", ""}, {"worker.go", "		l.lent-- //", "		//"}}},
	{Name: "a panic in a callback ends the loop", Property: "no panic escapes", Contract: 6, Edits: []Edit{
		{"run.go", "if fault == nil {", "if fault == nil || true {"}}},

	// Order.
	{Name: "timers of one instant run in any order", Property: "timers run in order and not early", Edits: []Edit{
		{"timerheap.go", " || t.when == u.when && t.seq < u.seq", ""}}},
	{Name: "Stop leaves its flag for the next Run", Edits: []Edit{
		{"run.go", "l.running, l.until, l.stop = false, nil, false", "l.running, l.until = false, nil"}}},
	{Name: "a post is queued twice", Property: "a callback runs once", Contract: 1, Edits: []Edit{
		{"callback.go", "	l.pushLocked(&l.queue, post(f))\n", "	l.pushLocked(&l.queue, post(f))\n	l.pushLocked(&l.queue, post(f))\n"}}},
	{Name: "a post is refused and queued", Property: "what is refused does not run", Contract: 1, Edits: []Edit{
		{"callback.go", "	if l.phase != open {\n		l.mu.Unlock()\n", "	if l.phase != open {\n		l.pushLocked(&l.queue, post(f))\n		l.mu.Unlock()\n"}}},
	{Name: "posts run in reverse", Property: "posts run in order", Edits: []Edit{
		{"callback.go", "	l.pushLocked(&l.queue, post(f))\n", "	queued := l.queue\n	l.queue = queue{}\n	l.pushLocked(&l.queue, post(f))\n	l.queue.join(queued)\n"}}},
	{Name: "a Run that comes during another runs too", Property: "callbacks run one at a time", Edits: []Edit{
		{"run.go", "	case l.running:\n		return ErrRunning\n", ""}}},
	{Name: "Goexit has no error", Property: "a future says what became of its work", Contract: 2, Edits: []Edit{
		{"future.go", "f.err, f.failed = ErrGoexit, true //", "//"}}},
	{Name: "cancelled work says that the loop is closed", Property: "a future says what became of its work", Contract: 2, Edits: []Edit{
		{"future.go", "l.withdrawLocked(&f.task, context.Canceled)", "l.withdrawLocked(&f.task, ErrClosed)"}}},
	{Name: "the result changes after the end", Property: "a future ends, and once", Contract: 2, Edits: []Edit{
		{"task.go", "	t.job.forget()\n", "	t.job.forget()\n	if l.phase == open {\n		defer t.job.fail(t.job.failure())\n		t.job.fail(ErrPending)\n		l.mu.Unlock()\n		l.mu.Lock()\n	}\n"}}},
	{Name: "a Shutdown that gives up names nothing", Property: "a Shutdown that gives up names what runs", Contract: 4, Edits: []Edit{
		{"shutdown.go", "Running: l.runningLocked(), ", ""}}},
	{Name: "the shutdown gives no cause", Property: "work is told why its context ended", Contract: 5, Edits: []Edit{
		{"shutdown.go", "		t.ctx.end(stateClosed)\n", "		t.ctx.end(stateReturned)\n"}}},
	{Name: "the last worker stays", Property: "nothing is left running", Contract: 4, Edits: []Edit{
		{"worker.go", "	l.endWorkerLocked()\n	l.mu.Unlock()\n}\n\n// runWork", "	l.endWorkerLocked()\n	l.mu.Unlock()\n	select {}\n}\n\n// runWork"}}},
	{Name: "one callback too many is pending", Property: "Stats add up at every moment", Contract: 1, Edits: []Edit{
		{"run.go", "	l.batchEnd = l.begun + uint64(l.batch.len)\n", "	l.batchEnd = l.begun + uint64(l.batch.len) + 1\n"}}},
	{Name: "a timer runs early", Property: "timers run in order and not early", Edits: []Edit{
		{"timer.go", "l.timers[0].when <= now {\n		t := l.timers[0]", "l.timers[0].when <= now+1e6 {\n		t := l.timers[0]"}}},
	{Name: "an earlier timer does not wake the loop", Property: "what is due runs as soon as the loop is free", Contract: 1, Edits: []Edit{
		{"timer.go", "		l.wakeLocked() // to a shorter sleep\n", ""}}},
	{Name: "panics are told to nobody", Property: "no panic escapes", Contract: 6, Edits: []Edit{
		{"run.go", "		l.reportPanic(fault)\n", ""}}},
}
