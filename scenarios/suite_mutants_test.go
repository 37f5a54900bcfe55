package scenarios

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/lastcall-go/lastcall/sim"
)

// The cases that mutants fail.
const (
	runsOnce      = "each task that is accepted runs once"
	waitReturns   = "Wait returns when the tasks before it have ended"
	waitEnds      = "Wait ends although the subject is closed meanwhile"
	taskRuns      = "a task runs while the subject is closed"
	tasksQueued   = "the subject is closed with tasks queued"
	twoClose      = "two goroutines close at once"
	closedAgain   = "a closed subject is closed again"
	taskCloses    = "a task closes the subject it runs on"
	contextEnds   = "the context of Close ends before the task does"
	closerQuits   = "one of three closers gives up"
	postedInClose = "tasks are posted while the subject is closed"
	postWaits     = "a Post that waits for room meets a Close"
	resultHome    = "a worker brings its result home while the subject is closed"
	taskPosts     = "a task posts another while the queue drains"
	workCancelled = "work that is queued is cancelled"
	inClose       = "work that is queued is cancelled while the subject is closed"
	waiterQuits   = "one of three that wait for room gives up"
	lastPanics    = "the last worker panics"
	panicsInClose = "a task panics while the subject is closed"
	lastExits     = "the last worker calls Goexit"
	exitsInClose  = "a task calls Goexit while the subject is closed"
	timerCleared  = "a timer is cleared as it fires"
	timerInClose  = "a timer fires as the subject is closed"
	timedPost     = "a timer posts at the instant of the Close"
	usedAgain     = "a closed subject is used again"
	stopsStarts   = "a subject is stopped, started and stopped"
	startsInClose = "a subject starts while it is closed"
)

// mutants are wrong implementations, each with one mistake, and the cases that must fail: first the one that is meant for the mistake, then
// those that do the same thing and something else besides. No other case may fail.
var mutants = []struct {
	name     string
	subject  func(sim.TB) Subject
	contract Contract
	message  string // how that of the first case begins, or another way where there is "or"
	cases    []string
}{
	// A Post that comes between. While a worker is in a task it will look at the queue again, so its own Post is safe.
	{string(checksThenPosts), poolWith(checksThenPosts), poolContract, "accepted and lost", []string{postedInClose, taskPosts, timedPost}},
	{string(shutsTooLate), poolWith(shutsTooLate), poolContract, "accepted and lost", []string{postedInClose, taskPosts, timedPost}},
	{string(refusesAndRuns), poolWith(refusesAndRuns), poolContract, "refused and run", []string{postedInClose, resultHome, taskPosts, timedPost}},
	{string(holdsTheLock), poolWith(holdsTheLock), poolContract, "hang", []string{resultHome, taskPosts}},
	// With room for one task some of those in the queue are in a Post that waits.
	{"sends on the channel that Close closes", newChanPool, Contract{CloseWaits: Queued, BlocksWhenFull: true}, "send on closed channel or WARNING: DATA RACE", []string{postWaits, tasksQueued}},
	{string(leavesPosters), fullPoolWith(leavesPosters), Contract{CloseWaits: Queued, BlocksWhenFull: true}, "hang", []string{postWaits, tasksQueued}},

	// More than one Close.
	{string(closesTwice), poolWith(closesTwice), poolContract, "close of closed channel or WARNING: DATA RACE", []string{twoClose, closerQuits}},
	{string(onlyOneIsTold), poolWith(onlyOneIsTold), poolContract, "hang", []string{twoClose, closedAgain, closerQuits}},
	{string(secondComesBack), poolWith(secondComesBack), poolContract, "run after close", []string{twoClose, closerQuits}},
	{string(givesUpSilently), poolWith(givesUpSilently), poolContract, "run after close", []string{contextEnds, closerQuits}},
	{"waits for the task that closes it", poolWith(""), Contract{CloseFromTask: true}, "hang", []string{taskCloses}},

	// What runs and what is queued.
	{string(dropsTheQueue), poolWith(dropsTheQueue), Contract{CloseWaits: Queued}, "accepted and lost", []string{tasksQueued}},
	{string(doesNotJoin), poolWith(doesNotJoin), Contract{CloseWaits: Running}, "run after close", []string{taskRuns, tasksQueued, contextEnds}},
	{string(losesWakeUps), poolWith(losesWakeUps), Contract{}, "accepted and lost", []string{runsOnce}},
	{string(runsTwice), poolWith(runsTwice), Contract{}, "run twice", []string{runsOnce, taskRuns, tasksQueued, contextEnds}},
	{string(countsTooLate), waitingPoolWith(countsTooLate), poolContract, "wait returns early", []string{waitReturns}},
	{string(forgetsTheWaiters), waitingPoolWith(forgetsTheWaiters), Contract{CloseWaits: Running}, "hang", []string{waitEnds}},

	// Deaths.
	{string(diesOfPanics), poolWith(diesOfPanics), poolContract, "accepted and lost", []string{lastPanics, panicsInClose}},
	{string(diesOfGoexit), poolWith(diesOfGoexit), poolContract, "accepted and lost", []string{lastExits, exitsInClose}},

	// Lives.
	{string(keepsTheFlag), newTurner(keepsTheFlag, false), Contract{CloseWaits: Running, Restartable: true}, "accepted and lost", []string{usedAgain, stopsStarts}},
	{string(keepsTheToken), newTurner(keepsTheToken, false), Contract{CloseWaits: Running, Restartable: true}, "accepted and lost", []string{stopsStarts}},
	{string(looksTooEarly), newTurner(looksTooEarly, true), Contract{PostAfterClose: Error, CloseWaits: Running, CloseDuringStart: true}, "run after close or hang", []string{startsInClose}},

	// A turn that is lost is missed by all who want one later; where the subject is closed they are sent away.
	{string(keepsTheTurn), newGate(keepsTheTurn), Contract{PostAfterClose: Error, BlocksWhenFull: true}, "hang", []string{waiterQuits, workCancelled}},
	{string(leavesTheHelper), newGate(leavesTheHelper), Contract{PostAfterClose: Error, BlocksWhenFull: true}, "1 goroutine was left", []string{inClose, workCancelled, waiterQuits}},

	// Timers.
	{string(clearsBlindly), newClock(clearsBlindly), poolContract, "cleared and run", []string{timerCleared}},
	{string(firesOnItsOwn), newClock(firesOnItsOwn), poolContract, "run after close", []string{timerInClose}},
}

// failures are the cases that failed.
func failures(t *testing.T, err error) []*CaseError {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatal(err)
	}
	var failed []*CaseError
	for _, err := range joined.Unwrap() {
		var c *CaseError
		if !errors.As(err, &c) {
			t.Fatal(err)
		}
		failed = append(failed, c)
	}
	return failed
}

// TestMutants: each mistake is found by the case that is meant for it, for the reason for which it is meant, and by no case that has nothing to do
// with it: within a third of the schedules that users run, and with -long within all of them for each of 10 seeds.
func TestMutants(t *testing.T) {
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			schedules := 300
			if *long {
				schedules = 1000
			}
			for seed := range uint64(seedsEach()) {
				var got []string
				for _, f := range failures(t, Check(m.subject, m.contract, Named(t.Name()), Seed(seed+1), Schedules(schedules))) {
					got = append(got, f.Case)
					if f.Case == m.cases[0] && !beginsWith(f.Failure.Message, m.message) {
						t.Errorf("%s: %s: %s, want %s", f.Case, f.Failure.Kind, f.Failure.Message, m.message)
					}
				}
				want := slices.Sorted(slices.Values(m.cases))
				if slices.Sort(got); !slices.Equal(got, want) {
					t.Errorf("seed %d: failed %q, want %q", seed+1, got, want)
				}
			}
		})
	}
}

func beginsWith(message, with string) bool {
	for one := range strings.SplitSeq(with, " or ") {
		if strings.HasPrefix(message, one) {
			return true
		}
	}
	return false
}

// TestMutantsReplay: the token of a failure leads to it again.
func TestMutantsReplay(t *testing.T) {
	for _, m := range mutants {
		for _, f := range failures(t, Check(m.subject, m.contract, Named(t.Name()), Only("^"+m.cases[0]+"$"))) {
			again := failures(t, Check(m.subject, m.contract, Named(t.Name()), Only("^"+m.cases[0]+"$"), Replay(f.Failure.Token)))
			if len(again) != 1 {
				t.Errorf("%s: the token passes", m.name)
			} else if g := again[0].Failure; g.Message != f.Failure.Message || g.Trace.String() != f.Failure.Trace.String() {
				t.Errorf("%s: the token leads elsewhere: %s", m.name, g.Message)
			}
		}
	}
}
