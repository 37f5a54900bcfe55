package mutant

// All are the mutants, by the point of the contract that they break.
var All = []Mutant{
	// 1. A callback that was accepted runs exactly once, or is reported as dropped.
	{Name: "dropped callbacks are not counted", Contract: 1, Edits: []Edit{
		{"shutdown.go", "	l.dropped += n\n", ""}}},
	{Name: "dropped callbacks are not reported", Contract: 1, Edits: []Edit{
		{"hook.go", "	if l.onDrop == nil {\n", "	if true {\n"}}},
	{Name: "Close forgets the rest of the batch", Contract: 1, Edits: []Edit{
		{"shutdown.go", "n := l.pendingLocked(ran)", "n := l.pendingLocked(ran) - int(l.batchEnd-ran)"}}},
	{Name: "Goexit loses the rest of the batch", Contract: 1, Edits: []Edit{
		{"run.go", "		l.putBackLocked(rest)\n", ""}}},
	{Name: "Shutdown drops timers that are due", Contract: 1, Edits: []Edit{
		{"shutdown.go", "l.dropTimersLocked(true)", "l.dropTimersLocked(false)"}}},
	{Name: "a stopped timer runs in its batch", Contract: 1, Edits: []Edit{
		{"timer.go", "t.index == timerDue && l.claim()", "l.claim()"}}},
	{Name: "a post does not wake the loop", Contract: 1, Edits: []Edit{
		{"callback.go", "	l.wakeLocked()\n", ""}}},
	{Name: "OnDone during a Shutdown is lost", Contract: 1, Edits: []Edit{
		{"task.go", "if t.reserved > 0 && l.phase < closing {", "if t.reserved > 0 && l.phase < draining {"}}},

	// 2. A future ends exactly once.
	{Name: "queued work is not ended", Contract: 2, Edits: []Edit{
		{"shutdown.go", "for t := l.jobs.first; t != nil; t = l.jobs.first {", "for t := l.jobs.first; false; t = l.jobs.first {"}}},
	{Name: "Goexit in work ends no future", Contract: 2, Edits: []Edit{
		{"worker.go", "if t != nil { // runtime.Goexit", "if false { // runtime.Goexit"}}},
	{Name: "the context of queued work is not looked at", Contract: 2, Edits: []Edit{
		{"future.go", "if err := f.ctx.Err(); err != nil {", "if err := f.ctx.Err(); false {"}}},

	// 3. Nothing after Shutdown or Close has returned.
	{Name: "check, then post", Contract: 3, Narrow: true, Edits: []Edit{
		{"callback.go", "	l.accepted++\n", "	l.mu.Unlock()\n	l.mu.Lock()\n	l.accepted++\n"}}},
	{Name: "posts are accepted during a Shutdown", Contract: 3, Edits: []Edit{
		{"callback.go", "if l.phase != open {", "if l.phase >= closing {"}}},
	{Name: "check, then submit", Contract: 3, Narrow: true, Edits: []Edit{
		{"submit.go", "	if l.fullLocked() {\n		return l.submitFull(ctx, t)\n", "	l.mu.Unlock()\n	l.mu.Lock()\n	if l.fullLocked() {\n		return l.submitFull(ctx, t)\n"}}},
	{Name: "timers are accepted during a Shutdown", Contract: 3, Edits: []Edit{
		{"timer.go", "if l.phase != open { // contract 3", "if l.phase >= closing { // contract 3"}}},
	{Name: "work is accepted during a Shutdown", Contract: 3, Edits: []Edit{
		{"submit.go", "if l.phase != open { // contract 3", "if l.phase >= closing { // contract 3"}}},
	{Name: "OnDone is accepted during a Shutdown", Contract: 3, Edits: []Edit{
		{"future.go", "if l.phase != open { // contract 3", "if l.phase >= closing { // contract 3"}}},
	{Name: "Close does not wait for the callback", Contract: 3, Edits: []Edit{
		{"shutdown.go", "for l.running || l.reporting > 0 {", "for l.reporting > 0 {"}}},
	{Name: "a callback begins after Close", Contract: 3, Edits: []Edit{
		{"run.go", "if !l.ran.CompareAndSwap(l.begun, l.begun+1) {", "if l.ran.Add(1) == 0 {"}}},
	{Name: "a late result goes to the loop", Contract: 3, Edits: []Edit{
		{"task.go", "if t.reserved > 0 && l.phase < closing {", "if t.reserved > 0 {"}}},
	{Name: "a Shutdown that expires closes nothing", Contract: 3, Edits: []Edit{
		{"shutdown.go", "	tasks, dropped := l.beginCloseLocked()\n	done := ", "	tasks, dropped := []*task(nil), 0\n	done := "}}},

	// 4. Shutdown returns nil only when all is done.
	{Name: "workers are not joined", Contract: 4, Edits: []Edit{
		{"loop.go", "if l.workers > 0 || l.inBatch ||", "if l.inBatch ||"}}},
	{Name: "the queue is not drained", Contract: 4, Edits: []Edit{
		{"loop.go", "l.reporting > 0 || len(l.queue) > 0 ||", "l.reporting > 0 ||"}}},
	{Name: "the last callback is not waited for", Contract: 4, Edits: []Edit{
		{"loop.go", "if l.workers > 0 || l.inBatch ||", "if l.workers > 0 ||"}}},
	{Name: "nil although a Close came in between", Contract: 4, Edits: []Edit{
		{"shutdown.go", "if l.cut > 0 {", "if false {"}}},
	{Name: "Stop ends a Run that drains", Contract: 4, Edits: []Edit{
		{"run.go", "if l.phase == open && (l.stop || last) {", "if l.stop || last {"}}},
	{Name: "a worker leaves before it hands over its result", Contract: 4, Edits: []Edit{
		{"worker.go", "		l.mu.Lock()\n		l.finishLocked(t)\n	}\n	l.endWorkerLocked()\n",
			"		l.mu.Lock()\n		l.active.remove(t)\n		l.endWorkerLocked()\n		l.mu.Unlock()\n		l.mu.Lock()\n		l.workers++\n		l.active.push(t)\n		l.finishLocked(t)\n	}\n	l.endWorkerLocked()\n"}}},

	// 5. Cancel.
	{Name: "Cancel leaves queued work where it is", Contract: 5, Edits: []Edit{
		{"future.go", "		l.withdrawLocked(&f.task, context.Canceled)\n", ""}}},
	{Name: "Cancel of running work cancels nothing", Contract: 5, Edits: []Edit{
		{"future.go", "if before != ended {", "if before == queued {"}}},
	{Name: "Shutdown leaves running work alone", Contract: 5, Edits: []Edit{
		{"shutdown.go", "for t := l.active.first; t != nil; t = t.next {\n		cancel", "for t := l.active.first; false; t = t.next {\n		cancel"}}},
	{Name: "look, then take", Contract: 5, Narrow: true, Edits: []Edit{
		{"worker.go", "	l.jobs.remove(t)\n", "	l.mu.Unlock()\n	l.mu.Lock()\n	if t.state == queued {\n		l.jobs.remove(t)\n	}\n"}}},

	// 6. No call deadlocks the loop.
	{Name: "callbacks are not recognised", Contract: 6, Edits: []Edit{
		{"inside.go", "case markCallbacks, markHook:", "case markHook:"}}},
	{Name: "work is not recognised", Contract: 6, Edits: []Edit{
		{"inside.go", "case markWork:", "case 1:"}, {"inside.go", "	markWork      = entry(runWork)\n", ""}}},
	{Name: "hooks are not recognised", Contract: 6, Edits: []Edit{
		{"inside.go", "case markCallbacks, markHook:", "case markCallbacks:"}}},
	{Name: "nobody takes a drain over", Contract: 6, Edits: []Edit{
		{"shutdown.go", "			case <-changed: // the runner may have left: by Goexit, or by giving up\n", ""},
		{"shutdown.go", "			changed := l.changedLocked()\n			l.mu.Unlock()\n			select", "			l.mu.Unlock()\n			select"}}},
	{Name: "submitters that wait are not refused", Contract: 6, Edits: []Edit{
		{"shutdown.go", "	for _, s := range l.blocked {\n", "	for _, s := range l.blocked[:0] {\n"}}},
	{Name: "no worker is lent", Contract: 6, Edits: []Edit{
		{"worker.go", "	l.lent++\n", ""}, {"worker.go", "		l.lent-- //", "		//"}}},
	{Name: "a panic in a callback ends the loop", Contract: 6, Edits: []Edit{
		{"run.go", "if fault == nil {", "if fault == nil || true {"}}},

	// Order.
	{Name: "timers of one instant run in any order", Edits: []Edit{
		{"timerheap.go", " || t.when == u.when && t.seq < u.seq", ""}}},
	{Name: "Stop leaves its flag for the next Run", Edits: []Edit{
		{"run.go", "l.running, l.until, l.stop = false, nil, false", "l.running, l.until = false, nil"}}},
}
