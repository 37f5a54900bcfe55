package matrix

// The verdicts, written down before the first run, from the sources named in package shapes and from the windows of asyncio:
// W1, the loop is closed between a worker's look and its post; W2, inside the post, between its own look and the append; W4, a cancel
// of queued work is passed on by a callback that the close throws away; W5, a caller waits for the answer of a callback that is thrown away.

func clean(why string) Expectation { return Expectation{Verdict: Clean, Why: why} }
func lossy(n int, why string) Expectation {
	return Expectation{Verdict: Lossy, Preemptions: n, Loses: true, Why: why}
}

// losing says that something is lost besides, quietly, in some schedule.
func (e Expectation) losing() Expectation {
	e.Loses = true
	return e
}

// within says that the search is complete within so many preemptions, and no more is affordable.
func (e Expectation) within(preemptions int) Expectation {
	e.Bound = preemptions
	return e
}

func broken(n int, why string, oracles ...Oracle) Expectation {
	return Expectation{Verdict: Broken, Preemptions: n, Oracles: oracles, Why: why}
}

// Reasons that hold for many cells.
const (
	allJoined        = "every worker is waited for before the close, so nobody is left who could post"
	poolLeft         = "the pool's threads wait for work for ever"
	cancelIsOne      = "cancelling and beginning are one step each on the same word"
	afterCancel      = "the job was cancelled, so nobody waits for its result, and a refusal is told to the worker"
	window           = "W1 and W2: the close comes between the worker's look and its post, or between the post's look and its append"
	windowOutside    = "W2: the close comes between the post's look and its append"
	dropped          = "Close throws away what was accepted and has not run"
	drained          = "what was accepted before the door was shut runs, what comes later is refused"
	turning          = "the loop turns while it waits for the workers"
	refusedRun       = "a loop that runs refuses to be closed"
	slowPoster       = "a poster that is slower than the quiet period is between its look and its append when the loop closes"
	inThePeriod      = "all there is to come comes within the quiet period"
	timerDropped     = "Close throws away the timer that is due"
	unwaited         = "a cancelled future is no longer there to be waited for; "
	revoked          = "W4: cancel says True at once, and what takes the job off the queue is a callback, which the close throws away"
	closedUnderneath = "a worker closes between run_until_complete's look and its call_soon"
	noWay            = "who has no reservation has no way to post, and the loop waits for who has"
)

// expected returns what is stated, by row and column.
func expected() map[string]map[string]Expectation {
	return map[string]map[string]Expectation{
		"R1 cancel, stop, close": {
			"asyncio 2015":    broken(0, "bpo-33469: the worker posts whether or not anybody waits; seen on 3.6.15 and later with that body put back", Uncaught),
			"asyncio 2018":    broken(1, "gh-77650: it looks whether the future was cancelled and the loop closed; "+window, AfterClose, Uncaught),
			"asyncio 2022":    broken(1, "gh-96827 looks at the loop alone; "+window, AfterClose, Uncaught),
			"asyncio 2025":    broken(1, "gh-105836 left the look and the post as they were; "+window, AfterClose, Uncaught),
			"second answer":   broken(1, "the close comes between the look at the flag and the post, or as W2", AfterClose, Uncaught),
			"check then post": broken(1, window, AfterClose, Uncaught),
			"lock":            clean(afterCancel),
			"lock and drain":  clean(drained),
			"recheck":         clean(drained),
			"busy count":      clean(afterCancel),
			"reservation":     clean(noWay),
			"join":            clean(allJoined),
			"quiet period":    broken(0, slowPoster, AfterClose),
			"swallow":         clean("the job was cancelled, so nobody waits for its result"),
			"loop":            clean("contract 3: a late worker's result goes to its future, never to the loop"),
		},
		"R2 wait, then close": {
			"asyncio 2015":    clean(allJoined),
			"asyncio 2018":    clean(allJoined),
			"asyncio 2022":    clean(allJoined),
			"asyncio 2025":    clean(allJoined).within(1),
			"second answer":   clean(allJoined),
			"check then post": clean(allJoined),
			"lock":            clean(allJoined),
			"lock and drain":  clean(allJoined),
			"recheck":         clean(allJoined),
			"busy count":      clean(allJoined),
			"reservation":     clean(allJoined),
			"join":            clean(allJoined),
			"quiet period":    clean(allJoined),
			"swallow":         clean(allJoined),
			"loop":            clean(allJoined),
		},
		"R3 no close": {
			"asyncio 2015":    broken(0, poolLeft, Running),
			"asyncio 2018":    broken(0, poolLeft, Running),
			"asyncio 2022":    broken(0, poolLeft, Running),
			"asyncio 2025":    broken(0, poolLeft, Running),
			"second answer":   broken(0, poolLeft, Running),
			"check then post": broken(0, poolLeft, Running),
			"lock":            broken(0, poolLeft, Running),
			"lock and drain":  broken(0, poolLeft, Running),
			"recheck":         broken(0, poolLeft, Running),
			"busy count":      broken(0, poolLeft, Running),
			"reservation":     broken(0, poolLeft, Running),
			"join":            broken(0, poolLeft, Running),
			"quiet period":    broken(0, poolLeft, Running),
			"swallow":         broken(0, poolLeft, Running),
			"loop":            clean("it starts no goroutine but workers, and those end when nothing is queued"),
		},
		"R4 cancel, then wait": {
			"asyncio 2015":    broken(0, unwaited+"the worker posts all the same", Uncaught),
			"asyncio 2018":    broken(1, unwaited+window, AfterClose, Uncaught),
			"asyncio 2022":    broken(1, unwaited+window, AfterClose, Uncaught),
			"asyncio 2025":    broken(1, unwaited+window, AfterClose, Uncaught),
			"second answer":   broken(1, unwaited+"the close comes between the look at the flag and the post, or as W2", AfterClose, Uncaught),
			"check then post": broken(1, unwaited+window, AfterClose, Uncaught),
			"lock":            clean(afterCancel),
			"lock and drain":  clean(drained),
			"recheck":         clean(drained),
			"busy count":      clean(afterCancel),
			"reservation":     clean(noWay),
			"join":            clean(allJoined),
			"quiet period":    broken(0, slowPoster, AfterClose),
			"swallow":         clean("the job was cancelled, so nobody waits for its result"),
			"loop":            clean("contract 5: a job that was cancelled while it ran can be waited for"),
		},
		"R5 cancel queued": {
			"asyncio 2015":    broken(0, revoked, Once),
			"asyncio 2018":    broken(0, revoked, Once),
			"asyncio 2022":    broken(0, revoked, Once),
			"asyncio 2025":    broken(0, revoked, Once),
			"second answer":   broken(0, revoked, Once),
			"check then post": clean(cancelIsOne),
			"lock":            clean(cancelIsOne),
			"lock and drain":  clean(cancelIsOne),
			"recheck":         clean(cancelIsOne),
			"busy count":      clean(cancelIsOne),
			"reservation":     clean(cancelIsOne),
			"join":            clean(cancelIsOne),
			"quiet period":    clean(cancelIsOne),
			"swallow":         clean(cancelIsOne),
			"loop":            clean("contract 5: a job is taken off the queue and begins in one critical section, and Cancel takes the same lock"),
		},
		"R6 result on its way": {
			"asyncio 2015":    broken(0, "the worker posts to the closed loop", Uncaught).losing(),
			"asyncio 2018":    broken(0, "the future was not cancelled, so the worker posts to the closed loop; two tracebacks on 3.6.15 and 3.9.18", Uncaught).losing(),
			"asyncio 2022":    broken(1, "gh-96827: silent where it was noisy; "+window, AfterClose, Uncaught).losing(),
			"asyncio 2025":    broken(1, "silent where it was noisy; "+window, AfterClose, Uncaught).losing(),
			"second answer":   broken(0, "the flag says nothing of the loop, so the worker posts to it", Uncaught).losing(),
			"check then post": broken(1, "what comes after the close is thrown away; "+window, AfterClose, Uncaught).losing(),
			"lock":            lossy(0, dropped),
			"lock and drain":  clean(drained),
			"recheck":         clean(drained),
			"busy count":      lossy(0, dropped),
			"reservation":     clean(noWay),
			"join":            clean(allJoined),
			"quiet period":    broken(0, slowPoster, AfterClose),
			"swallow":         lossy(0, "a refusal is ignored"),
			"loop":            clean("contract 2: a future ends whether or not the loop is open"),
		},
		"R7 graceful": {
			"asyncio 2015":    lossy(0, "the executor's own shutdown holds up the loop, and close throws away what the workers posted meanwhile"),
			"asyncio 2018":    clean(turning).within(1),
			"asyncio 2022":    broken(1, "in time "+turning+"; after the timeout of 3.12 "+window, AfterClose, Uncaught).losing().within(1),
			"asyncio 2025":    broken(1, "in time "+turning+"; after the timeout "+window, AfterClose, Uncaught).losing().within(1),
			"second answer":   clean(turning).within(1),
			"check then post": broken(1, "in time "+turning+"; after the timeout "+window, AfterClose, Uncaught).losing(),
			"lock":            lossy(0, "after the timeout "+dropped),
			"lock and drain":  clean(drained),
			"recheck":         clean(drained),
			"busy count":      lossy(0, "after the timeout "+dropped),
			"reservation":     clean(noWay),
			"join":            broken(0, "a join has no timeout, and the job waits for it to give up", Waits),
			"quiet period":    broken(0, slowPoster, AfterClose),
			"swallow":         lossy(0, "after the timeout a refusal is ignored"),
			"loop":            clean("contract 4, and what a Shutdown that gives up leaves behind it names"),
		},
		"R8 post from outside": {
			"asyncio 2015":    broken(1, windowOutside, AfterClose).losing(),
			"asyncio 2018":    broken(1, windowOutside, AfterClose).losing(),
			"asyncio 2022":    broken(1, windowOutside, AfterClose).losing(),
			"asyncio 2025":    broken(1, windowOutside, AfterClose).losing(),
			"second answer":   broken(1, windowOutside, AfterClose).losing(),
			"check then post": broken(1, windowOutside, AfterClose).losing(),
			"lock":            lossy(0, dropped),
			"lock and drain":  clean(drained),
			"recheck":         clean(drained),
			"busy count":      lossy(0, dropped),
			"reservation":     clean(noWay),
			"join":            broken(1, "the join knows of workers alone; "+windowOutside+"; what comes between the drain and the door is thrown away", AfterClose).losing(),
			"quiet period":    broken(0, slowPoster, AfterClose),
			"swallow":         lossy(0, "a post says nothing of whether it was accepted"),
			"loop":            clean("contract 1 and 3: the door is looked at and passed in one critical section, and what Close drops it tells"),
		},
		"R9 post in the drain": {
			"asyncio 2015":    lossy(0, dropped),
			"asyncio 2018":    clean("shutdown_default_executor takes some turns of the loop"),
			"asyncio 2022":    clean("shutdown_default_executor takes some turns of the loop"),
			"asyncio 2025":    clean("shutdown_default_executor takes some turns of the loop"),
			"second answer":   clean("shutdown_default_executor takes some turns of the loop"),
			"check then post": lossy(0, dropped),
			"lock":            lossy(0, dropped),
			"lock and drain":  clean("the door is shut before the drain: the callback's post is refused, and it is told"),
			"recheck":         clean("the door is shut before the drain: the callback's post is refused, and it is told"),
			"busy count":      lossy(0, dropped),
			"reservation":     clean("the callback reserves before its own place is given up"),
			"join":            clean("the drain goes on until the queue is empty, and the door is shut after it"),
			"quiet period":    clean(inThePeriod),
			"swallow":         lossy(0, dropped),
			"loop":            clean("contract 4: Shutdown runs what was accepted and refuses what a callback posts meanwhile"),
		},
		"R10 worker asks": {
			"asyncio 2015":    broken(0, "the executor's own shutdown holds up the loop that the worker waits for", Waits),
			"asyncio 2018":    clean(turning),
			"asyncio 2022":    clean(turning),
			"asyncio 2025":    clean(turning),
			"second answer":   clean(turning),
			"check then post": clean(turning),
			"lock":            clean(turning),
			"lock and drain":  clean(turning),
			"recheck":         clean(turning),
			"busy count":      clean(turning),
			"reservation":     clean(turning),
			"join":            broken(0, "the loop does not turn while it waits for a worker that waits for it", Waits),
			"quiet period":    clean(turning),
			"swallow":         clean(turning),
			"loop":            clean("contract 4: the loop turns while Shutdown waits, and refuses what comes too late"),
		},
		"R11 two closers": {
			"asyncio 2015":    broken(1, "close is not for two threads: the second meets a self-pipe that is None", Uncaught).losing(),
			"asyncio 2018":    broken(1, "close is not for two threads: the second meets a self-pipe that is None", Uncaught).losing(),
			"asyncio 2022":    broken(1, "close is not for two threads: the second meets a self-pipe that is None; "+closedUnderneath, AfterClose, Uncaught).losing(),
			"asyncio 2025":    broken(1, "close is not for two threads: the second meets a self-pipe that is None; "+closedUnderneath, AfterClose, Uncaught).losing(),
			"second answer":   broken(1, "close is not for two threads: the second meets a self-pipe that is None", Uncaught).losing(),
			"check then post": lossy(0, dropped),
			"lock":            lossy(0, dropped),
			"lock and drain":  clean(refusedRun),
			"recheck":         clean(refusedRun),
			"busy count":      lossy(0, dropped),
			"reservation":     broken(1, "a worker that closes a loop before its thread runs it waits for its own reservation", Waits),
			"join":            broken(0, "a worker that closes waits for itself", Waits),
			"quiet period":    clean(refusedRun),
			"swallow":         lossy(0, dropped),
			"loop":            clean("contract 6: every call waits for the first, but from inside, where it begins the close and says so"),
		},
		"R12 timer due": {
			"asyncio 2015":    lossy(0, timerDropped),
			"asyncio 2018":    lossy(0, timerDropped),
			"asyncio 2022":    lossy(0, timerDropped),
			"asyncio 2025":    lossy(0, timerDropped),
			"second answer":   lossy(0, timerDropped),
			"check then post": lossy(0, timerDropped),
			"lock":            lossy(0, timerDropped),
			"lock and drain":  clean("the drain runs what is due"),
			"recheck":         clean("the drain runs what is due"),
			"busy count":      lossy(0, timerDropped),
			"reservation":     clean("a timer holds a reservation"),
			"join":            clean("the drain runs what is due"),
			"quiet period":    clean("the quiet period runs what is due"),
			"swallow":         lossy(0, timerDropped),
			"loop":            clean("contract 1: Close tells how many callbacks it drops, timers included"),
		},
		"R13 caller waits": {
			"asyncio 2015":    broken(0, "W5: "+dropped, Waits),
			"asyncio 2018":    broken(0, "W5: "+dropped, Waits),
			"asyncio 2022":    broken(0, "W5: "+dropped, Waits),
			"asyncio 2025":    broken(0, "W5: "+dropped, Waits),
			"second answer":   broken(0, "W5: "+dropped, Waits),
			"check then post": broken(0, "W5: "+dropped, Waits),
			"lock":            broken(0, "W5: "+dropped, Waits),
			"lock and drain":  clean(drained),
			"recheck":         clean(drained),
			"busy count":      broken(0, "W5: "+dropped, Waits),
			"reservation":     clean(noWay),
			"join":            broken(1, "the join knows of workers alone; W5 where "+windowOutside, Waits),
			"quiet period":    broken(0, "W5: "+slowPoster, Waits),
			"swallow":         broken(0, "W5: the caller is not told that it was refused, or "+dropped, Waits),
			"loop":            clean("the post is refused, or runs, or Closed tells that it will not"),
		},
	}
}
